// What came of a message: its fields, each of which explains itself, or the whole.

import { Button, Checkbox, Heading3, Paragraph } from "@utrecht/component-library-react";
import { useId, useState } from "react";
import type { FieldTrace, PlaygroundResult } from "@/api/types";
import { CodeEditor } from "@/components/code/CodeEditor";
import { EmptyState } from "@/components/EmptyState";
import { Foreign } from "@/components/Foreign";
import { MaskedText } from "@/components/MaskedText";
import { Tabs } from "@/components/Tabs";
import { FieldExplanation } from "@/components/trace/FieldExplanation";
import { useTraceTexts } from "@/components/trace/texts";
import { placeOf, textOf, type RulePlace } from "@/components/trace/trace";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { usePlaygroundTexts } from "./texts";

interface Props {
  readonly result: PlaygroundResult;
  readonly chosen: FieldTrace | null;
  /** The pointer or the focus is on a field. */
  readonly onPoint: (field: FieldTrace) => void;
  readonly onShowRule: (place: RulePlace) => void;
}

/** Fields in the list: a browser lays out no more at once without a wait. */
const SHOWN_MAX = 1_000;

type View = "fields" | "whole";

export function Result({ result, chosen, onPoint, onShowRule }: Props) {
  const t = usePlaygroundTexts();
  const [view, setView] = useState<View>("fields");
  const whole = result.text ?? JSON.stringify(result.result, null, 2);
  return (
    <>
      {result.gives !== "" && <Paragraph className="zh-soft">{t.gives(result.kind, result.gives)}</Paragraph>}
      <Tabs
        label={t.views}
        tabs={[
          { id: "fields", name: t.fields },
          { id: "whole", name: t.whole },
        ]}
        chosen={view}
        onChoose={setView}
      >
        {view === "whole" ? (
          <CodeEditor
            label={t.whole}
            value={whole}
            language={result.text === null || result.text === undefined ? "json" : "xml"}
            readOnly
          />
        ) : (
          <Fields result={result} chosen={chosen} onPoint={onPoint} onShowRule={onShowRule} />
        )}
      </Tabs>
    </>
  );
}

function Fields({ result, chosen, onPoint, onShowRule }: Props) {
  const t = usePlaygroundTexts();
  const words = useTraceTexts();
  const { language } = useLanguage();
  const id = useId();
  const [empty, setEmpty] = useState(false);
  const all = result.trace?.fields ?? [];
  // A mapping has rules for hundreds of fields that a message does not speak of.
  const fields = empty ? all : all.filter((field) => field.hasValue || field.steps.some((step) => step.refused !== ""));
  if (all.length === 0) return <EmptyState title={t.noFields} sign="dash" />;
  const rule = chosen === null ? null : placeOf(chosen.rule);
  return (
    <>
      <p className="zh-row">
        <Checkbox id={id} checked={empty} onChange={(event) => setEmpty(event.target.checked)} />
        <label htmlFor={id}>{t.showEmpty(number(all.filter(({ hasValue }) => !hasValue).length, language))}</label>
      </p>
      <ul className="zh-play-fields">
        {fields.slice(0, SHOWN_MAX).map((field, at) => (
          <li key={`${field.target} ${at}`}>
            <button
              type="button"
              className="zh-play-field"
              aria-pressed={field === chosen}
              onMouseEnter={() => onPoint(field)}
              onFocus={() => onPoint(field)}
              onClick={() => {
                const place = placeOf(field.rule);
                if (place !== null) onShowRule(place);
              }}
            >
              <span className="zh-play-name">{field.target}</span>
              <span className="zh-mono">
                {field.hasValue ? <MaskedText text={textOf(field.value)} /> : <em className="zh-soft">{t.empty}</em>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="zh-play-explanation" aria-live="polite">
        <Heading3>{chosen === null ? t.explanation : chosen.target}</Heading3>
        {chosen === null ? (
          <Paragraph className="zh-soft">{t.pointAt}</Paragraph>
        ) : (
          <FieldExplanation
            field={chosen}
            ruleAction={
              rule !== null && (
                <Button
                  appearance="subtle-button"
                  className="zh-small-button"
                  onClick={() => onShowRule({ ...rule, focus: true })}
                >
                  {words.toRule}
                </Button>
              )
            }
          />
        )}
      </div>
      {(result.trace?.unread.length ?? 0) > 0 && (
        <details className="zh-play-unread">
          <summary>
            {t.unread} ({result.trace?.unread.length})
          </summary>
          <ul>
            {result.trace?.unread.map((each) => (
              <li key={each}>
                <code>
                  <Foreign text={each} />
                </code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
