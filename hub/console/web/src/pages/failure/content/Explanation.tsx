// What the rules did that belong to a line: from where, by which rule and steps, to what.

import type { FieldTrace } from "@/api/types";
import { Foreign } from "@/components/Foreign";
import { Icon } from "@/components/Icon";
import { MaskedText } from "@/components/MaskedText";
import { textOf } from "@/components/trace/trace";
import { useFailureTexts } from "../texts";
import type { Link } from "./links";

export function Explanation({ links }: { readonly links: readonly Link[] | null }) {
  const t = useFailureTexts();
  return (
    <section className="zh-explanation zh-card" aria-label={t.content.explain} tabIndex={0}>
      {links === null && <p className="zh-soft">{t.content.explainHow}</p>}
      {links?.length === 0 && <p className="zh-soft">{t.content.noRule}</p>}
      {links && links.length > 0 && (
        <ul>
          {links.map((link) => (
            <li key={link.id}>
              <p className="zh-soft zh-small">
                {t.content[link.from]} → {t.content[link.to]}
              </p>
              <FieldSteps field={link.field} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function FieldSteps({ field }: { readonly field: FieldTrace }) {
  const t = useFailureTexts();
  return (
    <>
      <p className="zh-steps">
        <code>
          <Foreign text={field.source || "–"} />
        </code>
        {field.raw !== undefined && field.raw !== null && <Value of={field.raw} />}
        {field.steps.map((step, at) => (
          <span key={at} className="zh-step">
            <Icon sign="arrow" />
            <span className="zh-only-read">{t.content.step}</span>
            <code className={step.refused ? "zh-step-refused" : "zh-step-name"}>{step.function}</code>
            {step.refused ? (
              <span className="zh-bad-word">
                {t.content.refused}: <Foreign text={step.refused} />
              </span>
            ) : (
              <Value of={step.gives} />
            )}
          </span>
        ))}
        <span className="zh-step">
          <Icon sign="arrow" />
          <span className="zh-only-read">{t.content.to}</span>
          <code className="zh-step-target">
            <Foreign text={field.target} />
          </code>
          {field.hasValue ? <Value of={field.value} /> : <span className="zh-warn-word">{t.content.empty}</span>}
        </span>
      </p>
      <p className="zh-small zh-soft">
        <code>
          <Foreign text={field.rule} />
        </code>
        {field.reason && (
          <>
            {" · "}
            <Foreign text={field.reason} />
          </>
        )}
      </p>
    </>
  );
}

function Value({ of }: { readonly of: unknown }) {
  return (
    <span className="zh-value">
      <MaskedText text={textOf(of)} />
    </span>
  );
}
