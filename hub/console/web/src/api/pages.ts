// Lists that come in parts: each part names the next.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { get, type Query } from "./client";
import type { Page } from "./types";

const PART = 200;

/** Ask a list part by part; `more` is there as long as there is more. */
export function usePages<T>(url: string, query: Query = {}, options: { readonly refetchEvery?: number } = {}) {
  const asked = useInfiniteQuery({
    queryKey: [url, query],
    queryFn: ({ pageParam, signal }) => get<Page<T>>(url, { limit: PART, ...query, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    ...(options.refetchEvery ? { refetchInterval: options.refetchEvery } : {}),
  });
  const { data, fetchNextPage, hasNextPage, isFetching } = asked;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const next = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [fetchNextPage, isFetching]);
  return {
    rows,
    more: hasNextPage ? next : undefined,
    error: asked.error,
    again: asked.refetch,
    loading: asked.isFetching,
  };
}
