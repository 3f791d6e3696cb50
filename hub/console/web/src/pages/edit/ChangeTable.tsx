// Fields that differ, with what they were and what they become.

import { MaskedText } from "@/components/MaskedText";
import { textOf } from "@/components/trace/trace";
import type { FieldChange } from "./changes";
import { useEditTexts } from "./texts";

interface Props {
  readonly changes: readonly (Omit<FieldChange, "before" | "after"> & {
    readonly before?: unknown;
    readonly after?: unknown;
  })[];
}

export function ChangeTable({ changes }: Props) {
  const t = useEditTexts();
  return (
    <ul className="zh-changes">
      {changes.map(({ path, kind, before, after }) => (
        <li key={path}>
          <p>
            <code>{path}</code> <span className="zh-small zh-soft">{t.kind[kind]}</span>
          </p>
          <dl>
            {kind !== "nieuw" && (
              <div className="zh-change-before">
                <dt>{t.before}</dt>
                <dd>
                  <del>
                    <MaskedText text={textOf(before)} />
                  </del>
                </dd>
              </div>
            )}
            {kind !== "weg" && (
              <div className="zh-change-after">
                <dt>{t.after}</dt>
                <dd>
                  <ins>
                    <MaskedText text={textOf(after)} />
                  </ins>
                </dd>
              </div>
            )}
          </dl>
        </li>
      ))}
    </ul>
  );
}
