// The content of one message as this session may see it. What was shown is asked again when its time is over, and is
// never kept longer than it is looked at.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get } from "@/api/client";
import { contentAddress, unmask } from "@/api/content";
import type { Content } from "@/api/types";

/** For a page that was loaded again: it does not know until when the content may be seen. */
const LOOK_MS = 15_000;
/** A little later than the hub, so that it does hide it. */
const AFTER_MS = 500;

/** Until when this page of the browser may show which message: a correction is made on another page than it was asked on. */
const shownUntil = new Map<string, string>();

export function useContent(id: string, connection = "") {
  const [until, setUntil] = useState<string | null>(shownUntil.get(id) ?? null);
  const asked = useQuery({
    queryKey: [contentAddress(id), connection],
    queryFn: ({ signal }) => get<Content>(contentAddress(id), { connection }, signal),
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.masked === false ? LOOK_MS : false),
  });
  const { refetch } = asked;
  useEffect(() => {
    if (until === null) return;
    const timer = window.setTimeout(
      () => {
        shownUntil.delete(id);
        setUntil(null);
        void refetch();
      },
      Math.max(0, new Date(until).getTime() - Date.now()) + AFTER_MS,
    );
    return () => window.clearTimeout(timer);
  }, [id, until, refetch]);
  return {
    content: asked.data,
    error: asked.error,
    again: refetch,
    until: asked.data?.masked === false ? until : null,
    show: async (reason: string) => {
      const unmasking = await unmask(id, reason);
      shownUntil.set(id, unmasking.until);
      setUntil(unmasking.until);
      await refetch();
    },
  };
}
