// The content of one message as this session may see it. What was shown is asked again when its time is over, and is
// never kept longer than it is looked at.

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "@/api/client";
import { contentAddress, unmask } from "@/api/content";
import type { Content } from "@/api/types";

/** Now and then: somebody else may have taken the right away, or gone on with the message. */
const LOOK_MS = 15_000;
/** A little later than the hub, so that it does hide it. */
const AFTER_MS = 500;

export function useContent(id: string, connection = "") {
  const asked = useQuery({
    queryKey: [contentAddress(id), connection],
    queryFn: ({ signal }) => get<Content>(contentAddress(id), { connection }, signal),
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.masked === false ? LOOK_MS : false),
  });
  const { refetch } = asked;
  const until = asked.data?.unmaskedUntil ?? null;
  useEffect(() => {
    if (until === null) return;
    const timer = window.setTimeout(
      () => {
        void refetch();
      },
      Math.max(0, new Date(until).getTime() - Date.now()) + AFTER_MS,
    );
    return () => window.clearTimeout(timer);
  }, [until, refetch]);
  return {
    content: asked.data,
    error: asked.error,
    again: refetch,
    until,
    show: async (reason: string) => {
      await unmask(id, reason);
      await refetch();
    },
  };
}
