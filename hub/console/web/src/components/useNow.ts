// The time of now, for what counts up or down on the screen. One timer serves the whole page.

import { useSyncExternalStore } from "react";

const STEP_MS = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    now = Date.now();
    timer = window.setInterval(() => {
      now = Date.now();
      listeners.forEach((each) => each());
    }, STEP_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearInterval(timer);
  };
}

/** Milliseconds, rounded down to `every`: a caller is drawn again only when that changes. */
export function useNow(every: number = STEP_MS): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / every) * every);
}
