// A message in its three shapes, side by side or field by field. A line shows which rule read or wrote it, and where the
// other end of that rule is.

import { useMemo, useState } from "react";
import type { Content } from "@/api/types";
import { Foreign } from "@/components/Foreign";
import { Tabs } from "@/components/Tabs";
import { useFilters } from "@/components/useFilters";
import { useFailureTexts } from "../texts";
import { Explanation } from "./Explanation";
import { FieldTable } from "./FieldTable";
import { failedLink, linksAt, linksOf, marksIn, namedLink, neighboursOf, SHAPES, type Line } from "./links";
import { ShapePane } from "./ShapePane";
import "./content.css";

interface Props {
  readonly content: Content;
  /** Why it failed, if it did. */
  readonly reason: string;
}

export function ContentView({ content, reason }: Props) {
  const t = useFailureTexts();
  const [{ view }, setFilters] = useFilters(["view"]);
  const links = useMemo(() => linksOf(content), [content]);
  const failure = [content.toEvent?.failure, content.toRequest?.failure].find(Boolean) ?? "";
  const [chosen, setChosen] = useState<Line | null>(null);
  const [pointed, setPointed] = useState<Line | null>(null);
  const active = pointed ?? chosen;
  const failed = useMemo(() => failedLink(links, failure) ?? namedLink(links, reason), [links, failure, reason]);
  const shown = useMemo(() => {
    if (active) return linksAt(links, active);
    return failed && [failed, ...neighboursOf(links, failed)];
  }, [active, links, failed]);
  const unread = content.toEvent?.unread ?? [];
  return (
    <div className="zh-stack">
      {failure && !failed && (
        <p className="zh-stopped">
          <strong>{t.content.stopped}:</strong> <Foreign text={failure} />
        </p>
      )}
      <Tabs
        label={t.content.view}
        tabs={[
          { id: "beside", name: t.content.beside },
          { id: "fields", name: t.content.byField },
        ]}
        chosen={view === "fields" ? "fields" : "beside"}
        onChoose={(id) => setFilters({ view: id === "fields" ? id : "" })}
      >
        {view === "fields" ? (
          <FieldTable links={links} />
        ) : (
          <>
            <Explanation links={shown} />
            <div className="zh-shapes">
              {SHAPES.map((shape) => (
                <ShapePane
                  key={shape}
                  shape={shape}
                  pane={content[shape]}
                  marked={marksIn(shown ?? [], shape)}
                  chosen={chosen?.shape === shape ? chosen.line : null}
                  onChoose={(line) => setChosen({ shape, line })}
                  onPoint={(line) => setPointed(line === null ? null : { shape, line })}
                />
              ))}
            </div>
          </>
        )}
      </Tabs>
      {unread.length > 0 && (
        <details className="zh-card">
          <summary>
            {t.content.unread} ({unread.length})
          </summary>
          <p className="zh-soft zh-small">{t.content.unreadWhat}</p>
          <ul className="zh-unread">
            {unread.map((path) => (
              <li key={path}>
                <code>
                  <Foreign text={path} />
                </code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
