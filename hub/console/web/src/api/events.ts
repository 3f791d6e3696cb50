// Server-sent events: the hub says that something changed, the console asks what. It refuses to know what is done then.

import { useEffect, useEffectEvent } from "react";

const AGAIN_FIRST_MS = 1_000;
const AGAIN_LAST_MS = 60_000;

/** Follow a stream of events below `/v1` as long as the page is shown; lost streams are opened again, ever slower. */
export function useEvents(
  url: string | null,
  onEvent: (data: string, name: string) => void,
  names: readonly string[] = [],
) {
  const told = useEffectEvent(onEvent);
  const listened = names.join(",");
  useEffect(() => {
    if (url === null) return;
    let wait = AGAIN_FIRST_MS;
    let timer = 0;
    let source: EventSource;
    const open = () => {
      source = new EventSource(url);
      const hear = (event: MessageEvent<string>) => {
        wait = AGAIN_FIRST_MS;
        told(event.data, event.type);
      };
      source.onmessage = hear;
      for (const name of listened.split(",").filter(Boolean)) source.addEventListener(name, hear);
      source.onerror = () => {
        // A browser tries again by itself unless the answer was an error.
        if (source.readyState !== EventSource.CLOSED) return;
        timer = window.setTimeout(open, wait);
        wait = Math.min(2 * wait, AGAIN_LAST_MS);
      };
    };
    open();
    return () => {
      window.clearTimeout(timer);
      source.close();
    };
  }, [url, listened]);
}
