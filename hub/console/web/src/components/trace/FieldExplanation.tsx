// How one field came to its value: source, raw value, each step, rule.

import type { ReactNode } from "react";
import type { FieldTrace } from "@/api/types";
import { MaskedText } from "@/components/MaskedText";
import { useTraceTexts } from "./texts";
import { textOf } from "./trace";
import "./trace.css";

interface Props {
  readonly field: FieldTrace;
  /** Beside the rule: a way to it. */
  readonly ruleAction?: ReactNode;
}

export function FieldExplanation({ field, ruleAction }: Props) {
  const t = useTraceTexts();
  return (
    <dl className="zh-trace">
      <Part name={t.value}>{field.hasValue ? <Value value={field.value} /> : t.noValue}</Part>
      {field.reason !== "" && <Part name={t.reason}>{field.reason}</Part>}
      {field.source !== "" && (
        <Part name={t.source}>
          <code>{field.source}</code>
          {field.line > 0 && <span className="zh-soft"> {t.sourceLine(field.line)}</span>}
        </Part>
      )}
      {field.raw !== null && field.raw !== undefined && (
        <Part name={t.raw}>
          <Value value={field.raw} />
        </Part>
      )}
      {field.steps.length > 0 && (
        <Part name={t.steps}>
          <ol className="zh-trace-steps">
            {field.steps.map((step, at) => (
              <li key={at}>
                <code>{step.function}</code>{" "}
                {step.refused === "" ? (
                  <>
                    <span aria-hidden="true">→ </span>
                    <Value value={step.gives} />
                  </>
                ) : (
                  <strong>
                    {t.refused}: {step.refused}
                  </strong>
                )}
              </li>
            ))}
          </ol>
        </Part>
      )}
      <Part name={t.rule}>
        <code>{field.rule}</code> {ruleAction}
      </Part>
      {field.layer !== "" && <Part name={t.layer}>{field.layer}</Part>}
    </dl>
  );
}

function Part({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Value({ value }: { readonly value: unknown }) {
  return (
    <span className="zh-mono">
      <MaskedText text={textOf(value)} />
    </span>
  );
}
