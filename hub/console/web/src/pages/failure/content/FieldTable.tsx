// Every field with its rule, as a table: for who looks for one field, and for who does not see three panes.

import { Checkbox, Textbox } from "@utrecht/component-library-react";
import { useId, useState } from "react";
import { Foreign } from "@/components/Foreign";
import { useFailureTexts } from "../texts";
import { FieldSteps } from "./Explanation";
import type { Link } from "./links";

const SHOWN_MAX = 300;

export function FieldTable({ links }: { readonly links: readonly Link[] }) {
  const t = useFailureTexts();
  const id = useId();
  const [text, setText] = useState("");
  const [onlyEmpty, setOnlyEmpty] = useState(false);
  const wanted = text.trim().toLowerCase();
  const shown = links.filter(
    ({ field }) =>
      (!onlyEmpty || !field.hasValue) &&
      `${field.target} ${field.source} ${field.rule} ${field.reason}`.toLowerCase().includes(wanted),
  );
  return (
    <div className="zh-stack">
      <div className="zh-row">
        <label htmlFor={`${id}-text`}>{t.content.filter}</label>
        <Textbox
          id={`${id}-text`}
          type="search"
          className="zh-field-filter"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Checkbox id={`${id}-empty`} checked={onlyEmpty} onChange={(event) => setOnlyEmpty(event.target.checked)} />
        <label htmlFor={`${id}-empty`}>{t.content.onlyEmpty}</label>
      </div>
      {shown.length === 0 ? (
        <p className="zh-soft">{t.content.noFields}</p>
      ) : (
        <ul className="zh-fields" aria-label={t.content.fields}>
          {shown.slice(0, SHOWN_MAX).map(({ id: key, field, from, to }) => (
            <li key={key}>
              <p>
                <strong className="zh-mono">
                  <Foreign text={field.target} />
                </strong>{" "}
                <span className="zh-small zh-soft">
                  {t.content[from]} → {t.content[to]}
                </span>
              </p>
              <FieldSteps field={field} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
