// Asks for messages. A search is a POST: a BSN belongs in no URL and no log of URLs, and what it found is forgotten when
// it is not looked at any more.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { path, post } from "@/api/client";
import type { Found, Page } from "@/api/types";
import { isGiven, requestOf, type Criteria, type Person } from "./criteria";

export function useSearch(criteria: Criteria, person: Person | null) {
  const asked = useInfiniteQuery({
    queryKey: [path("searches"), criteria, person],
    queryFn: ({ pageParam }) => post<Page<Found>>(path("searches"), requestOf(criteria, person, pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: person !== null || isGiven(criteria),
    // Each search by BSN stands in the audit: none is done that nobody asked for.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
    ...(person ? { gcTime: 0 } : {}),
  });
  const rows = useMemo(() => asked.data?.pages.flatMap(({ items }) => items), [asked.data]);
  return { ...asked, rows };
}
