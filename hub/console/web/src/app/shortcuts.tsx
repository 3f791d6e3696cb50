// Keys that do something wherever you are. A key alone can be turned off (WCAG 2.1.4): who speaks to the computer would
// press them by talking.

import { createContext, use, useEffect, useEffectEvent, useMemo, useState, type ReactNode } from "react";

export interface Shortcut {
  /** One key, or two after each other: `g f`. */
  readonly keys: string;
  readonly label: string;
}

interface Registered extends Shortcut {
  readonly run: () => void;
}

interface Shortcuts {
  readonly on: boolean;
  readonly turn: (on: boolean) => void;
  readonly all: () => readonly Shortcut[];
  readonly register: (shortcut: Registered) => () => void;
}

const KEPT = "zaakhub.shortcuts";
const SECOND_KEY_MS = 1_500;
const ShortcutContext = createContext<Shortcuts | null>(null);

/** Whether keys are for what has the focus: a field, an editor (also one in a shadow root), a dialog. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return true;
  if (document.querySelector("dialog[open]")) return true;
  const [target] = event.composedPath();
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

export function ShortcutProvider({ children }: { readonly children: ReactNode }) {
  const [on, setOn] = useState(() => localStorage.getItem(KEPT) !== "off");
  const [registered] = useState(() => new Set<Registered>());

  useEffect(() => {
    if (!on) return;
    let first = "";
    let firstAt = 0;
    const hear = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const pair = event.timeStamp - firstAt < SECOND_KEY_MS ? `${first} ${event.key}` : "";
      const found = [...registered].findLast(({ keys }) => keys === pair || keys === event.key);
      first = found ? "" : event.key;
      firstAt = event.timeStamp;
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [on, registered]);

  const shortcuts = useMemo<Shortcuts>(
    () => ({
      on,
      turn: (chosen) => {
        localStorage.setItem(KEPT, chosen ? "on" : "off");
        setOn(chosen);
      },
      all: () => [...registered],
      register: (shortcut) => {
        registered.add(shortcut);
        return () => registered.delete(shortcut);
      },
    }),
    [on, registered],
  );
  return <ShortcutContext value={shortcuts}>{children}</ShortcutContext>;
}

export function useShortcuts(): Shortcuts {
  const shortcuts = use(ShortcutContext);
  if (shortcuts === null) throw new Error("outside ShortcutProvider");
  return shortcuts;
}

/** Do something at a key, as long as the caller is shown. The last one that is shown wins. */
export function useShortcut(keys: string, label: string, run: () => void): void {
  const { register } = useShortcuts();
  const latest = useEffectEvent(run);
  useEffect(() => register({ keys, label, run: () => latest() }), [keys, label, register]);
}
