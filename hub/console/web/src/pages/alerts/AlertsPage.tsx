// What the hub warned somebody of, the newest first.

import { Paragraph } from "@utrecht/component-library-react";
import { Link } from "react-router";
import { path } from "@/api/client";
import { usePages } from "@/api/pages";
import type { AlertView } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { DataGrid, type Column } from "@/components/DataGrid";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Foreign } from "@/components/Foreign";
import { RelativeTime } from "@/components/RelativeTime";
import { StatusBadge } from "@/components/StatusBadge";
import { useAlertTexts } from "./texts";

const LOOK_MS = 30_000;

export function Component() {
  const t = useAlertTexts();
  const { rows, more, error, again } = usePages<AlertView>(path("alerts"), {}, { refetchEvery: LOOK_MS });
  const columns = useColumns();
  return (
    <>
      <PageHead title={t.title}>
        <Paragraph>{t.intro}</Paragraph>
      </PageHead>
      {error !== null && <ErrorPanel error={error} onAgain={() => void again()} />}
      {rows?.length === 0 && (
        <EmptyState title={t.none}>
          <Paragraph>{t.noneWhy}</Paragraph>
        </EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && (
        <DataGrid label={t.title} columns={columns} rows={rows} keyOf={(alert) => alert.id} onEnd={more} />
      )}
    </>
  );
}

function useColumns(): readonly Column<AlertView>[] {
  const t = useAlertTexts();
  const ways: Readonly<Record<string, string>> = t.ways;
  return [
    {
      id: "stands",
      head: t.stands,
      width: "7rem",
      cell: ({ closedAt }) =>
        closedAt === null ? (
          <StatusBadge tone="bad">{t.open}</StatusBadge>
        ) : (
          <StatusBadge tone="ok">{t.closed}</StatusBadge>
        ),
    },
    { id: "kind", head: t.kind, width: "minmax(8rem, 1.2fr)", cell: ({ kind }) => t.kinds[kind] },
    {
      id: "connection",
      head: t.connection,
      width: "minmax(9rem, 1.2fr)",
      cell: ({ connection }) => (
        <Link className="utrecht-link" to={`/connections/${encodeURIComponent(connection)}`}>
          {connection}
        </Link>
      ),
    },
    { id: "detail", head: t.detail, width: "minmax(10rem, 2fr)", cell: ({ detail }) => <Foreign text={detail} /> },
    { id: "since", head: t.since, width: "8rem", cell: ({ openedAt }) => <RelativeTime at={openedAt} /> },
    { id: "until", head: t.until, width: "8rem", cell: ({ closedAt }) => <RelativeTime at={closedAt} /> },
    {
      id: "told",
      head: t.told,
      width: "minmax(5.5rem, 1fr)",
      cell: ({ told }) => told.map((way) => ways[way] ?? way).join(", ") || t.nobody,
    },
  ];
}
