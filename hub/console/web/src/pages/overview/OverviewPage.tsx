// How every connection fares: what goes on, what waits, what failed, and what is about to.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "@/api/client";
import { CONNECTIONS, OVERVIEW_EVENTS } from "@/api/connections";
import { useEvents } from "@/api/events";
import type { ConnectionSummary, Page } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Loading } from "@/components/Loading";
import { clockTime } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { ConnectionCard } from "./ConnectionCard";
import { FlowDialog } from "./FlowDialog";
import { Tiles } from "./Tiles";
import { useOverviewTexts } from "./texts";
import { byTrouble, totalsOf } from "./totals";
import "./overview.css";

/** For when no event comes through: a proxy may hold them back. */
const REFRESH_MS = 30_000;
const CONNECTIONS_MAX = 200;

export function Component() {
  const t = useOverviewTexts();
  const { language } = useLanguage();
  const client = useQueryClient();
  const [changing, setChanging] = useState<string | null>(null);
  const key = [CONNECTIONS];
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<Page<ConnectionSummary>>(CONNECTIONS, { limit: CONNECTIONS_MAX }, signal),
    refetchInterval: REFRESH_MS,
  });
  useEvents(OVERVIEW_EVENTS, () => void client.invalidateQueries({ queryKey: key }), ["overzicht"]);
  const connections = data?.items;
  const chosen = connections?.find(({ name }) => name === changing);
  return (
    <>
      <PageHead title={t.title}>
        {data && (
          <p className="zh-soft zh-small">{t.intro(clockTime(new Date(dataUpdatedAt).toISOString(), language))}</p>
        )}
      </PageHead>
      {error && <ErrorPanel error={error} onAgain={() => void refetch()} />}
      {!connections && !error && <Loading />}
      {connections?.length === 0 && (
        <EmptyState title={t.none} sign="info">
          <p>{t.noneWhy}</p>
        </EmptyState>
      )}
      {connections && connections.length > 0 && (
        <>
          <Tiles totals={totalsOf(connections)} connections={connections.length} />
          <h2 className="zh-section">{t.connections}</h2>
          <ul className="zh-connections">
            {byTrouble(connections).map((each) => (
              <ConnectionCard key={each.name} connection={each} onChange={() => setChanging(each.name)} />
            ))}
          </ul>
        </>
      )}
      {chosen && (
        <FlowDialog
          connection={chosen}
          onClose={() => {
            setChanging(null);
            void refetch();
          }}
        />
      )}
    </>
  );
}
