// Where data goes: a map to look at, and a table that says the same in words. Narrow windows begin with the table.

import { Paragraph } from "@utrecht/component-library-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { get, path } from "@/api/client";
import type { FlowMap } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Tabs } from "@/components/Tabs";
import { useFilters } from "@/components/useFilters";
import { FlowTable } from "./FlowTable";
import "./map.css";
import { useMapTexts } from "./texts";

const FlowDrawing = lazy(async () => ({ default: (await import("./FlowDrawing")).FlowDrawing }));
const WIDE = "(width >= 60rem)";
const LOOK_MS = 30_000;

export function Component() {
  const t = useMapTexts();
  const [{ as }, setFilters] = useFilters(["as"]);
  const address = path("flow-map");
  const { data, error, refetch } = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => get<FlowMap>(address, undefined, signal),
    refetchInterval: LOOK_MS,
  });
  const shown = as || (window.matchMedia(WIDE).matches ? "map" : "table");
  return (
    <>
      <PageHead title={t.title}>
        <Paragraph>{t.intro}</Paragraph>
      </PageHead>
      {error !== null && <ErrorPanel error={error} onAgain={() => void refetch()} />}
      {data?.nodes.length === 0 && <EmptyState title={t.none} sign="dash" />}
      {data !== undefined && data.nodes.length > 0 && (
        <Tabs
          label={t.show}
          tabs={[
            { id: "map", name: t.asMap },
            { id: "table", name: t.asTable },
          ]}
          chosen={shown}
          onChoose={(chosen) => setFilters({ as: chosen })}
        >
          {shown === "map" ? (
            <Suspense>
              <FlowDrawing map={data} />
            </Suspense>
          ) : (
            <FlowTable map={data} />
          )}
        </Tabs>
      )}
    </>
  );
}
