// A list of any length: only the rows in sight are in the page. It has one place in the tab order; arrows or j and k move
// in it, Enter opens a row, space chooses it. In a narrow window every row becomes a card.

import { useVirtualizer, defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import { Checkbox } from "@utrecht/component-library-react";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { useShortcut } from "@/app/shortcuts";
import { useComponentTexts } from "./texts";

export interface Column<T> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: T) => ReactNode;
  /** A width of CSS grid: `8rem`, `minmax(10rem, 2fr)`. */
  readonly width: string;
  readonly numeric?: boolean;
}

export interface Chosen {
  readonly keys: ReadonlySet<string>;
  readonly change: (keys: ReadonlySet<string>) => void;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Where Enter or a click goes. */
  readonly hrefOf?: (row: T) => string;
  /** What a row is called, for who hears it; without it the choice of a row has no name of its own. */
  readonly nameOf?: (row: T) => string;
  readonly chosen?: Chosen;
  /** Asked when the last row comes in sight. */
  readonly onEnd?: (() => void) | undefined;
  readonly rowHeight?: number;
  /** How many there are in all, where that is known. */
  readonly total?: number | undefined;
}

const HEIGHT = 44;
const ROWS_BEYOND = 12;
const PAGE_ROWS = 10;
const INTERACTIVE = "a, button, input, select, textarea, label";

export function DataGrid<T>({
  label,
  columns,
  rows,
  keyOf,
  hrefOf,
  nameOf,
  chosen,
  onEnd,
  rowHeight = HEIGHT,
  total,
}: Props<T>) {
  const t = useComponentTexts();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [wanted, setWanted] = useState<number | null>(null);
  const at = Math.min(active, Math.max(rows.length - 1, 0));
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: ROWS_BEYOND,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
    // The row with the focus stays in the page, or the focus would be lost by scrolling.
    rangeExtractor: useCallback(
      (range: Range) =>
        [...new Set([...defaultRangeExtractor(range), at])].filter((i) => i < range.count).sort((a, b) => a - b),
      [at],
    ),
  });
  const items = list.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && rows.length > 0 && lastSeen >= rows.length - ROWS_BEYOND) onEnd();
  }, [lastSeen, rows.length, onEnd]);
  useEffect(() => {
    if (wanted === null) return;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted}"]`)?.focus({ preventScroll: true });
    setWanted(null);
  }, [wanted, items]);

  const move = (to: number) => {
    if (rows.length === 0) return;
    const next = Math.max(0, Math.min(to, rows.length - 1));
    setActive(next);
    list.scrollToIndex(next, { align: "auto" });
    setWanted(next);
  };
  const step = (by: number) => move(scroller.current?.contains(document.activeElement) ? at + by : at);
  useShortcut("j", t.rowNext, () => step(1));
  useShortcut("k", t.rowPrevious, () => step(-1));

  const open = (row: T) => {
    if (hrefOf) void navigate(hrefOf(row));
  };
  const toggle = (row: T) => {
    if (!chosen) return;
    const keys = new Set(chosen.keys);
    const key = keyOf(row);
    if (!keys.delete(key)) keys.add(key);
    chosen.change(keys);
  };
  const hear = (event: KeyboardEvent) => {
    const row = rows[at];
    if (row === undefined || (event.target instanceof HTMLElement && !event.target.matches("[role=row]"))) return;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_ROWS,
      PageUp: at - PAGE_ROWS,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if (event.key === "Enter") open(row);
    else if (event.key === " " && chosen) toggle(row);
    else return;
    event.preventDefault();
  };

  const template = [...(chosen ? ["2.5rem"] : []), ...columns.map(({ width }) => width)].join(" ");
  const allChosen = chosen !== undefined && rows.length > 0 && rows.every((row) => chosen.keys.has(keyOf(row)));
  return (
    <div
      ref={scroller}
      className="zh-grid"
      role="grid"
      aria-label={label}
      aria-rowcount={total === undefined ? -1 : total + 1}
      aria-colcount={columns.length + (chosen ? 1 : 0)}
      aria-multiselectable={chosen ? true : undefined}
      onKeyDown={hear}
    >
      <div className="zh-grid-head" role="rowgroup">
        <div className="zh-grid-row" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {chosen && (
            <div role="columnheader" className="zh-grid-choice">
              <Checkbox
                aria-label={t.chooseAll}
                checked={allChosen}
                onChange={() => chosen.change(allChosen ? new Set() : new Set(rows.map(keyOf)))}
              />
            </div>
          )}
          {columns.map((column) => (
            <div key={column.id} role="columnheader" className={column.numeric ? "zh-numeric" : undefined}>
              {column.head}
            </div>
          ))}
        </div>
      </div>
      <div className="zh-grid-body" role="rowgroup" style={{ height: list.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const isChosen = chosen?.keys.has(keyOf(row));
          return (
            <div
              key={key}
              ref={list.measureElement}
              data-index={index}
              role="row"
              className={hrefOf ? "zh-grid-row zh-grid-opens" : "zh-grid-row"}
              aria-rowindex={index + 2}
              aria-selected={isChosen}
              tabIndex={index === at ? 0 : -1}
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
              onFocus={() => setActive(index)}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest(INTERACTIVE)) return;
                if (window.getSelection()?.isCollapsed === false) return;
                open(row);
              }}
            >
              {chosen && (
                <div role="gridcell" className="zh-grid-choice">
                  <Checkbox
                    aria-label={nameOf ? `${t.choose}: ${nameOf(row)}` : t.choose}
                    tabIndex={-1}
                    checked={isChosen ?? false}
                    onChange={() => toggle(row)}
                  />
                </div>
              )}
              {columns.map((column) => (
                <div
                  key={column.id}
                  role="gridcell"
                  className={column.numeric ? "zh-numeric" : undefined}
                  data-head={column.head}
                >
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
