// What would make the correction unnecessary: a rule of the mapping, or a test case.

import { Button, ButtonGroup } from "@utrecht/component-library-react";
import { useState } from "react";
import { get } from "@/api/client";
import { editAddress } from "@/api/content";
import type { Suggestion } from "@/api/types";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Foreign } from "@/components/Foreign";
import { useEditTexts } from "./texts";

export function Suggestions({ edit }: { readonly edit: string }) {
  const t = useEditTexts();
  const [shown, setShown] = useState<Suggestion | null>(null);
  const [error, setError] = useState<unknown>(null);
  async function ask(what: "rule" | "case") {
    setError(null);
    try {
      setShown(await get<Suggestion>(editAddress(edit, what)));
    } catch (thrown) {
      setError(thrown);
    }
  }
  return (
    <section className="zh-card zh-stack" aria-labelledby="never">
      <h2 id="never">{t.never}</h2>
      <p className="zh-soft">{t.neverWhat}</p>
      {error !== null && <ErrorPanel error={error} />}
      <ButtonGroup>
        <Button appearance="secondary-action-button" onClick={() => ask("rule")}>
          {t.rule}
        </Button>
        <Button appearance="secondary-action-button" onClick={() => ask("case")}>
          {t.case}
        </Button>
      </ButtonGroup>
      {shown && (
        <Dialog title={t.suggestion} wide onClose={() => setShown(null)}>
          <div className="zh-dialog-body">
            <p>
              <Foreign text={shown.explanation} />
            </p>
            {Object.entries(shown.files).map(([name, text]) => (
              <section key={name} aria-label={name}>
                <p className="zh-row">
                  <code>{name}</code>
                  <CopyButton text={text} label={t.file(name)} />
                </p>
                <pre className="zh-file" tabIndex={0}>
                  <Foreign text={text} />
                </pre>
              </section>
            ))}
          </div>
        </Dialog>
      )}
    </section>
  );
}
