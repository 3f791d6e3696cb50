// Correct the content of a failed message: what it was and what it becomes, and whether that fits, before anything is kept.

import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { proposeEdit } from "@/api/content";
import type { EditPart, Pane } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Loading } from "@/components/Loading";
import { Tabs } from "@/components/Tabs";
import { useFilters } from "@/components/useFilters";
import { MaskBar } from "@/pages/failure/content/MaskBar";
import { useContent } from "@/pages/failure/content/useContent";
import { requestOf } from "./changes";
import { EditForm } from "./EditForm";
import { useEditTexts } from "./texts";
import "./edit.css";

export function Component() {
  const t = useEditTexts();
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const [filters, setFilters] = useFilters(["part"]);
  const { content, error, again, until, show } = useContent(id);
  // When the time to look is over in the middle of the work, what was typed is hidden, not lost.
  const [seen, setSeen] = useState(content);
  if (content && content !== seen && (!content.masked || !seen)) setSeen(content);
  const shapes: readonly [EditPart, Pane | undefined][] = [
    ["bericht", seen?.raw],
    ["gebeurtenis", seen?.event],
    ["verzoek", seen?.request],
  ];
  const there = shapes.flatMap(([part, pane]) => (pane && pane.text !== null ? [{ part, pane, text: pane.text }] : []));
  // The event is what most corrections are of; a message that failed before it was one has none.
  const chosen =
    there.find(({ part }) => part === filters.part) ?? there.find(({ part }) => part === "gebeurtenis") ?? there[0];
  return (
    <>
      <PageHead title={t.title} above={<Link to={`/failures/${encodeURIComponent(id)}`}>{t.back}</Link>}>
        <p className="zh-soft zh-small">{t.what}</p>
      </PageHead>
      {error && <ErrorPanel error={error} onAgain={() => void again()} />}
      {!content && !error && <Loading />}
      {content && (
        <div className="zh-stack">
          <MaskBar masked={content.masked} until={until} onShow={show} />
          {content.masked && <EmptyState title={t.hidden} sign="lock" />}
          {!content.masked && !chosen && <EmptyState title={t.nothing} sign="info" />}
          {seen && !seen.masked && chosen && (
            <div hidden={content.masked}>
              <Tabs
                label={t.part}
                tabs={there.map(({ part }) => ({ id: part, name: t.parts[part] }))}
                chosen={chosen.part}
                onChoose={(part) => setFilters({ part })}
              >
                <p className="zh-soft zh-small">{t.partWhat[chosen.part]}</p>
                {chosen.pane.cut ? (
                  <EmptyState title={t.cutOff} sign="info" />
                ) : (
                  <EditForm
                    key={chosen.part}
                    name={t.parts[chosen.part]}
                    original={chosen.text}
                    media={chosen.pane.media}
                    onPropose={async (text, changes, reason) => {
                      const edit = await proposeEdit(
                        requestOf({ failure: id, part: chosen.part, text, changes, reason }),
                      );
                      return () => void navigate(`/edits/${encodeURIComponent(edit.id)}`);
                    }}
                  />
                )}
              </Tabs>
            </div>
          )}
        </div>
      )}
    </>
  );
}
