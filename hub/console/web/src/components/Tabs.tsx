// Some views of the same thing, one at a time. Arrows go between them, as everywhere.

import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";

interface Tab<Id extends string> {
  readonly id: Id;
  readonly name: string;
}

interface Props<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
  /** What is in the chosen one. */
  readonly children: ReactNode;
}

export function Tabs<Id extends string>({ label, tabs, chosen, onChoose, children }: Props<Id>) {
  const own = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex(({ id }) => id === chosen),
  );
  const hear = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    const to = moves[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (tab === undefined) return;
    event.preventDefault();
    onChoose(tab.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[tabs.indexOf(tab)]?.focus();
  };
  return (
    <div>
      <div ref={list} className="zh-tabs" role="tablist" aria-label={label} onKeyDown={hear}>
        {tabs.map(({ id, name: shown }, index) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${own}-${index}`}
            aria-selected={index === at}
            aria-controls={`${own}-panel`}
            tabIndex={index === at ? 0 : -1}
            onClick={() => onChoose(id)}
          >
            {shown}
          </button>
        ))}
      </div>
      <div id={`${own}-panel`} className="zh-tab-panel" role="tabpanel" aria-labelledby={`${own}-${at}`}>
        {children}
      </div>
    </div>
  );
}
