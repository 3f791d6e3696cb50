// What is known of a failure, without its content.

import type { ReactNode } from "react";
import { Link } from "react-router";
import type { FailureView } from "@/api/types";
import { CopyButton } from "@/components/CopyButton";
import { Foreign } from "@/components/Foreign";
import { RelativeTime } from "@/components/RelativeTime";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useFailureTexts } from "./texts";

interface Props {
  readonly failure: FailureView;
  readonly target: string;
}

export function FailureFacts({ failure, target }: Props) {
  const t = useFailureTexts();
  const { language } = useLanguage();
  return (
    <dl className="zh-facts">
      <Fact name={t.fact.zaak}>
        {failure.zaak ? (
          <>
            <Link to={`/timelines/${encodeURIComponent(failure.zaak)}`}>
              <Foreign text={failure.zaak} />
            </Link>{" "}
            <CopyButton text={failure.zaak} />
          </>
        ) : (
          "–"
        )}
      </Fact>
      <Fact name={t.fact.stage}>
        <Link to={`/connections/${encodeURIComponent(failure.stage)}`}>{failure.stage}</Link>
      </Fact>
      <Fact name={t.fact.target}>{target || "–"}</Fact>
      <Fact name={t.fact.kind}>
        <Foreign text={failure.kind} />
      </Fact>
      <Fact name={t.fact.where}>
        <span className="zh-mono">
          <Foreign text={failure.where || "–"} />
        </span>
      </Fact>
      <Fact name={t.fact.code}>
        <span className="zh-mono">
          <Foreign text={failure.code} />
        </span>
      </Fact>
      <Fact name={t.fact.attempts}>{number(failure.attempts, language)}</Fact>
      <Fact name={t.fact.first}>
        <RelativeTime at={failure.firstAt} />
      </Fact>
      <Fact name={t.fact.last}>
        <RelativeTime at={failure.lastAt} />
      </Fact>
      {failure.editedAt && (
        <Fact name={t.fact.edited}>
          <RelativeTime at={failure.editedAt} />
        </Fact>
      )}
      <Fact name={t.fact.revision}>
        <span className="zh-mono">{failure.revision || "–"}</span>
      </Fact>
      <Fact name={t.fact.message}>
        <span className="zh-mono">{failure.message}</span> <CopyButton text={failure.message} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
