// Find messages by what people know of them. The address holds the search, except for a BSN.

import { Button } from "@utrecht/component-library-react";
import { useState } from "react";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { DataGrid } from "@/components/DataGrid";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Loading } from "@/components/Loading";
import { useFilters } from "@/components/useFilters";
import { useFoundColumns } from "./columns";
import { CRITERIA, isGiven, type Person } from "./criteria";
import { PersonForm } from "./PersonForm";
import { SearchForm } from "./SearchForm";
import { useSearchTexts } from "./texts";
import { useSearch } from "./useSearch";
import "./search.css";

const ROW_HEIGHT = 56;

export function Component() {
  const t = useSearchTexts();
  const { may } = useSession();
  const [criteria, setCriteria] = useFilters(CRITERIA);
  const [person, setPerson] = useState<Person | null>(null);
  const { rows, error, refetch, isFetching, hasNextPage, fetchNextPage } = useSearch(criteria, person);
  const columns = useFoundColumns();
  const searched = person !== null || isGiven(criteria);
  const more = hasNextPage && !isFetching ? () => void fetchNextPage() : undefined;
  return (
    <>
      <PageHead title={t.title}>
        <p className="zh-soft zh-small">{t.intro}</p>
      </PageHead>
      <div className="zh-stack">
        <SearchForm
          key={CRITERIA.map((name) => criteria[name]).join("\n")}
          criteria={criteria}
          onSearch={setCriteria}
        />
        {may("persoon") && <PersonForm person={person} onSearch={setPerson} />}
        {error && <ErrorPanel error={error} onAgain={() => void refetch()} />}
        {isFetching && !rows && <Loading />}
        {!searched && (
          <EmptyState title={t.begin} sign="search">
            <p>{t.beginWhy}</p>
          </EmptyState>
        )}
        {rows?.length === 0 && (
          <EmptyState title={hasNextPage ? t.noneYet : t.none} sign="search">
            <p>{hasNextPage ? t.noneYetWhy : t.noneWhy}</p>
            {hasNextPage && (
              <Button appearance="secondary-action-button" onClick={() => void fetchNextPage()}>
                {t.further}
              </Button>
            )}
          </EmptyState>
        )}
        {rows && rows.length > 0 && (
          <DataGrid
            label={t.results}
            columns={columns}
            rows={rows}
            keyOf={({ connection, message, failure }) => `${connection} ${message} ${failure}`}
            hrefOf={({ failure, message, connection }) =>
              failure
                ? `/failures/${encodeURIComponent(failure)}`
                : `/messages/${encodeURIComponent(message)}?${new URLSearchParams({ connection }).toString()}`
            }
            onEnd={more}
            rowHeight={ROW_HEIGHT}
            total={hasNextPage ? undefined : rows.length}
          />
        )}
      </div>
    </>
  );
}
