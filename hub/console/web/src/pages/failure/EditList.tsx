// The corrections of a message, newest first.

import { Link } from "react-router";
import type { EditLine } from "@/api/types";
import { RelativeTime } from "@/components/RelativeTime";
import { EditStateBadge } from "./EditStateBadge";
import { useFailureTexts } from "./texts";

export function EditList({ edits }: { readonly edits: readonly EditLine[] }) {
  const t = useFailureTexts();
  if (edits.length === 0) return null;
  return (
    <section className="zh-card" aria-labelledby="edits">
      <h2 id="edits">{t.edits}</h2>
      <ul className="zh-stack">
        {edits.map((edit) => (
          <li key={edit.id} className="zh-row">
            <EditStateBadge state={edit.state} />
            <Link to={`/edits/${encodeURIComponent(edit.id)}`}>{t.editPart[edit.part]}</Link>
            <span className="zh-small zh-soft">
              {t.editOf(edit.madeBy)}, <RelativeTime at={edit.madeAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
