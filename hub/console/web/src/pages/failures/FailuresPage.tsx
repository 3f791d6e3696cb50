// Every failure, narrowed to what the address says.

import { Button } from "@utrecht/component-library-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { FAILURES } from "@/api/failures";
import { usePages } from "@/api/pages";
import type { FailureView } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { DataGrid } from "@/components/DataGrid";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Loading } from "@/components/Loading";
import { newPlanAddress } from "@/components/planLink";
import { useFilters } from "@/components/useFilters";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useFailureColumns } from "./columns";
import { FailureFilters } from "./FailureFilters";
import { FILTERS, queryOf, type FailureFilter } from "./filters";
import { useFailureListTexts } from "./texts";

const ROW_HEIGHT = 56;
const NOTHING: ReadonlySet<string> = new Set();

export function Component() {
  const t = useFailureListTexts();
  const { language } = useLanguage();
  const { may } = useSession();
  const navigate = useNavigate();
  const [filters, setFilters] = useFilters(FILTERS);
  const [chosen, setChosen] = useState(NOTHING);
  const { rows, more, error, again } = usePages<FailureView>(FAILURES, queryOf(filters));
  const columns = useFailureColumns({ inGroup: false });
  const narrowed = FILTERS.some((name) => filters[name]);
  const plan = chosen.size > 0 ? { failure: [...chosen] } : narrowed ? planOf(filters) : null;
  const loaded = rows && number(rows.length, language);
  return (
    <>
      <PageHead
        title={t.title}
        actions={
          may("herhalen") &&
          plan && (
            <Button appearance="primary-action-button" onClick={() => void navigate(newPlanAddress(plan))}>
              {chosen.size > 0 ? t.replayChosen(number(chosen.size, language)) : t.replayFilter}
            </Button>
          )
        }
      >
        <p className="zh-soft zh-small" role="status">
          {loaded === undefined ? t.intro : more ? t.shownMore(loaded) : t.shown(loaded)}
        </p>
      </PageHead>
      <FailureFilters filters={filters} onChange={setFilters} />
      {error && <ErrorPanel error={error} onAgain={() => void again()} />}
      {!rows && !error && <Loading />}
      {rows?.length === 0 && (
        <EmptyState title={t.none}>
          <p>{t.noneWhy}</p>
          {narrowed && (
            <Button
              appearance="secondary-action-button"
              onClick={() => setFilters(Object.fromEntries(FILTERS.map((name) => [name, ""])))}
            >
              {t.clear}
            </Button>
          )}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <DataGrid
          label={t.list}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          hrefOf={({ id }) => `/failures/${encodeURIComponent(id)}`}
          nameOf={({ zaak, message }) => zaak || message}
          chosen={{ keys: chosen, change: setChosen }}
          onEnd={more}
          rowHeight={ROW_HEIGHT}
          total={more ? undefined : rows.length}
        />
      )}
    </>
  );
}

/** What a plan is narrowed by; how a failure stands is none of it: a plan takes all that has not ended. */
function planOf({ stage, kind, code, zaak, text, since, until }: FailureFilter) {
  return { stage, kind, code, zaak, text, since, until };
}
