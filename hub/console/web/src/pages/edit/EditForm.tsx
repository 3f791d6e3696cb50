// The text that is corrected, with what changes and what is wrong beside it.

import { Button, ButtonGroup } from "@utrecht/component-library-react";
import { useMemo, useState } from "react";
import type { Pane } from "@/api/types";
import { CodeEditor, type CodeLanguage, type CodeProblem } from "@/components/code/CodeEditor";
import { ErrorPanel } from "@/components/ErrorPanel";
import { TextareaField } from "@/components/Field";
import { useComponentTexts } from "@/components/texts";
import { changesOf, fieldsOf, Unreadable, type FieldChange } from "./changes";
import { ChangeTable } from "./ChangeTable";
import { LeaveGuard } from "./LeaveGuard";
import { useEditTexts } from "./texts";

const REASON_LENGTH_MIN = 4;
const REASON_LENGTH_MAX = 500;
const LANGUAGE: Record<Pane["media"], CodeLanguage> = {
  "application/json": "json",
  "application/xml": "xml",
  "text/plain": "text",
};

interface Props {
  readonly name: string;
  readonly original: string;
  readonly media: Pane["media"];
  /** Keeps the proposal; gives what goes on to it. */
  readonly onPropose: (text: string, changes: readonly FieldChange[] | null, reason: string) => Promise<() => void>;
}

interface Read {
  readonly changes: readonly FieldChange[] | null;
  /** Line of the mistake; 0 when there is none. */
  readonly wrongAt: number;
}

export function EditForm({ name, original, media, onPropose }: Props) {
  const t = useEditTexts();
  const { reason: reasonLabel, reasonHint, reasonShort, busy: busyText } = useComponentTexts();
  const [text, setText] = useState(original);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = text !== original;
  const { changes, wrongAt } = useMemo(() => readChanges(original, text, media), [original, text, media]);
  const why = media === "application/json" ? t.notJson : t.notXml;
  const problems = useMemo<readonly CodeProblem[]>(
    () => (wrongAt > 0 ? [{ line: wrongAt, column: 1, message: why, severity: "error" }] : []),
    [wrongAt, why],
  );
  const short = reason.trim().length < REASON_LENGTH_MIN;

  async function propose() {
    setTried(true);
    if (!changed || short || wrongAt > 0 || busy) return;
    setBusy(true);
    setError(null);
    try {
      const goOn = await onPropose(text, changes, reason.trim());
      goOn();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  }

  return (
    <form
      className="zh-edit"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void propose();
      }}
    >
      <div className="zh-edit-text">
        <CodeEditor
          label={t.editor(name)}
          value={text}
          original={original}
          language={LANGUAGE[media]}
          problems={problems}
          onChange={setText}
        />
        <p className="zh-soft zh-small">{t.editorHow}</p>
      </div>
      <div className="zh-stack">
        <section className="zh-card" aria-labelledby="changes" aria-live="polite">
          <h2 id="changes">{t.changes}</h2>
          {wrongAt > 0 && <p className="zh-bad-word">{t.problemAt(wrongAt, why)}</p>}
          {wrongAt === 0 && !changed && <p className="zh-soft">{t.noChanges}</p>}
          {wrongAt === 0 && changed && changes === null && <p>{t.whole}</p>}
          {wrongAt === 0 && changed && changes?.length === 0 && <p>{t.layout}</p>}
          {wrongAt === 0 && changes && changes.length > 0 && <ChangeTable changes={changes} />}
          {changed && (
            <p>
              <Button appearance="subtle-button" className="zh-small-button" onClick={() => setText(original)}>
                {t.reset}
              </Button>
            </p>
          )}
        </section>
        <section className="zh-card zh-stack" aria-label={t.propose}>
          <TextareaField
            label={reasonLabel}
            hint={reasonHint}
            error={tried && short ? reasonShort : undefined}
            value={reason}
            maxLength={REASON_LENGTH_MAX}
            required
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
          <p className="zh-soft zh-small">{t.proposeWhat}</p>
          {error !== null && <ErrorPanel error={error} />}
          <ButtonGroup>
            <Button type="submit" appearance="primary-action-button" disabled={!changed || wrongAt > 0}>
              {busy ? busyText : t.propose}
            </Button>
          </ButtonGroup>
        </section>
      </div>
      <LeaveGuard on={changed && !busy} />
    </form>
  );
}

function readChanges(original: string, text: string, media: Pane["media"]): Read {
  if (text === original) return { changes: [], wrongAt: 0 };
  try {
    const after = fieldsOf(text, media);
    const before = fieldsOfOriginal(original, media);
    return { changes: after && before && changesOf(before, after), wrongAt: 0 };
  } catch (error) {
    if (error instanceof Unreadable) return { changes: null, wrongAt: error.line };
    throw error;
  }
}

/** What came in may be unreadable itself: that may be why it failed. */
function fieldsOfOriginal(original: string, media: Pane["media"]) {
  try {
    return fieldsOf(original, media);
  } catch {
    return null;
  }
}
