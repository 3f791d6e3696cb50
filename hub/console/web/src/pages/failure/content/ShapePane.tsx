// One shape of a message, line by line. Only the lines in sight are in the page, so that ten megabytes are as quick as ten
// lines. Arrows go from line to line; the line that is chosen or pointed at shows where it came from.

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef, type KeyboardEvent } from "react";
import type { Pane } from "@/api/types";
import { Foreign } from "@/components/Foreign";
import { Icon } from "@/components/Icon";
import { cut } from "@/components/visible";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useFailureTexts } from "../texts";
import type { Marked, ShapeName } from "./links";
import { tokens } from "./tokens";

const LINE_HEIGHT = 21;
const LINES_BEYOND = 20;
/** The API cuts lines too; this is for what gets past it. */
const LINE_LENGTH_MAX = 5_000;
const PAGE_LINES = 10;

interface Props {
  readonly shape: ShapeName;
  readonly pane: Pane;
  readonly marked: Marked;
  /** The line that was chosen with the keyboard or a click, if it is in this shape. */
  readonly chosen: number | null;
  readonly onChoose: (line: number) => void;
  readonly onPoint: (line: number | null) => void;
}

export function ShapePane({ shape, pane, marked, chosen, onChoose, onPoint }: Props) {
  const t = useFailureTexts();
  const { language } = useLanguage();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => (pane.text === null ? [] : pane.text.split("\n")), [pane.text]);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: LINES_BEYOND,
  });
  const first = Math.min(...marked.sources, ...marked.targets);
  useEffect(() => {
    if (Number.isFinite(first)) list.scrollToIndex(first - 1, { align: "auto" });
  }, [first, list]);

  const hear = (event: KeyboardEvent) => {
    const at = chosen ?? 0;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      j: at + 1,
      k: at - 1,
      PageDown: at + PAGE_LINES,
      PageUp: at - PAGE_LINES,
      Home: 1,
      End: lines.length,
    };
    const to = moves[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const line = Math.max(1, Math.min(to, lines.length));
    onChoose(line);
    list.scrollToIndex(line - 1, { align: "auto" });
  };

  const items = list.getVirtualItems();
  const chosenShown = chosen !== null && items.some(({ index }) => index === chosen - 1);
  return (
    <section className="zh-shape" aria-labelledby={`${id}-name`}>
      <header>
        <h3 id={`${id}-name`}>{t.content[shape]}</h3>
        <p className="zh-small zh-soft">
          {t.content[`${shape}What`]}
          {pane.note && !(pane.lacks && pane.text === null) && (
            <>
              {" · "}
              <Foreign text={pane.note} />
            </>
          )}
        </p>
        {pane.lacks && (
          <p className="zh-small zh-warn-word">
            <Icon sign="lock" /> {t.content.lacks(pane.lacks)}
          </p>
        )}
        {pane.cut && <p className="zh-small zh-warn-word">{t.content.cut}</p>}
      </header>
      {pane.text === null && !pane.lacks && <p className="zh-shape-none">{t.content.nothing}</p>}
      {pane.text !== null && (
        <div
          ref={scroller}
          className="zh-lines"
          role="listbox"
          tabIndex={0}
          aria-label={`${t.content[shape]}, ${t.content.lines(number(lines.length, language))}`}
          aria-activedescendant={chosenShown ? `${id}-${chosen}` : undefined}
          translate="no"
          onKeyDown={hear}
          onFocus={() => {
            if (chosen === null) onChoose(1);
          }}
          onMouseLeave={() => onPoint(null)}
        >
          <div role="presentation" className="zh-lines-body" style={{ height: list.getTotalSize() }}>
            {items.map(({ index, key, start }) => {
              const line = index + 1;
              return (
                <div
                  key={key}
                  ref={list.measureElement}
                  id={`${id}-${line}`}
                  data-index={index}
                  role="option"
                  aria-selected={line === chosen}
                  aria-setsize={lines.length}
                  aria-posinset={line}
                  className={classOf(line, marked)}
                  style={{ transform: `translateY(${start}px)` }}
                  onMouseEnter={() => onPoint(line)}
                  onClick={() => onChoose(line)}
                >
                  <span className="zh-line-number" aria-hidden="true">
                    {line}
                  </span>
                  <code>
                    {tokens(cut(lines[index] ?? "", LINE_LENGTH_MAX), pane.media).map((token, at) => (
                      <span key={at} className={`zh-token-${token.kind}`}>
                        <Foreign text={token.text} />
                      </span>
                    ))}
                  </code>
                </div>
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}

function classOf(line: number, { sources, targets }: Marked): string {
  return ["zh-line", sources.has(line) && "zh-line-source", targets.has(line) && "zh-line-target"]
    .filter(Boolean)
    .join(" ");
}
