// Failures in groups of what looks alike, those of now first.

import { Button } from "@utrecht/component-library-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { GROUPS } from "@/api/failures";
import { usePages } from "@/api/pages";
import type { GroupView } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { DataGrid } from "@/components/DataGrid";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { SelectField } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { newPlanAddress } from "@/components/planLink";
import { StageFilter } from "@/components/StageFilter";
import { TextFilter } from "@/components/TextFilter";
import { useComponentTexts } from "@/components/texts";
import { useFilters } from "@/components/useFilters";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useGroupColumns } from "./columns";
import { MergeDialog } from "./MergeDialog";
import { useGroupTexts } from "./texts";
import "./groups.css";

const REFRESH_MS = 15_000;
const ROW_HEIGHT = 76;
const FILTERS = ["state", "stage", "text"] as const;
const NOTHING: ReadonlySet<string> = new Set();

export function Component() {
  const t = useGroupTexts();
  const { failureState } = useComponentTexts();
  const { language } = useLanguage();
  const { may } = useSession();
  const navigate = useNavigate();
  const [filters, setFilters] = useFilters(FILTERS);
  const [chosen, setChosen] = useState(NOTHING);
  const [merging, setMerging] = useState(false);
  const { rows, more, error, again } = usePages<GroupView>(GROUPS, filters, { refetchEvery: REFRESH_MS });
  const columns = useGroupColumns();
  const picked = rows?.filter(({ id }) => chosen.has(id)) ?? [];
  const count = number(picked.length, language);
  return (
    <>
      <PageHead
        title={t.title}
        actions={
          picked.length > 0 && (
            <>
              {may("notitie") && picked.length > 1 && (
                <Button appearance="secondary-action-button" onClick={() => setMerging(true)}>
                  {t.merge(count)}
                </Button>
              )}
              {may("herhalen") && (
                <Button
                  appearance="primary-action-button"
                  onClick={() => void navigate(newPlanAddress({ group: picked.map(({ id }) => id) }))}
                >
                  {t.replayChosen(count)}
                </Button>
              )}
            </>
          )
        }
      >
        <p className="zh-soft zh-small">{t.intro}</p>
      </PageHead>
      <div className="zh-filters" role="search">
        <SelectField
          label={t.filter.state}
          options={[
            { value: "", label: t.filter.allStates },
            { value: "open", label: failureState.open },
            { value: "probeert-opnieuw", label: failureState["probeert-opnieuw"] },
            { value: "opgelost", label: failureState.opgelost },
          ]}
          value={filters.state}
          onChange={(event) => setFilters({ state: event.target.value })}
        />
        <StageFilter
          label={t.filter.stage}
          all={t.filter.allStages}
          value={filters.stage}
          onChange={(stage) => setFilters({ stage })}
        />
        <TextFilter label={t.filter.text} value={filters.text} onChange={(text) => setFilters({ text })} />
      </div>
      {error && <ErrorPanel error={error} onAgain={() => void again()} />}
      {!rows && !error && <Loading />}
      {rows?.length === 0 && (
        <EmptyState title={t.none}>
          <p>{t.noneWhy}</p>
          {FILTERS.some((name) => filters[name]) && (
            <Button appearance="secondary-action-button" onClick={() => setFilters({ state: "", stage: "", text: "" })}>
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
          hrefOf={({ id }) => `/groups/${encodeURIComponent(id)}`}
          nameOf={({ reason }) => reason}
          chosen={{ keys: chosen, change: setChosen }}
          onEnd={more}
          rowHeight={ROW_HEIGHT}
          total={more ? undefined : rows.length}
        />
      )}
      {merging && (
        <MergeDialog
          groups={picked}
          onClose={() => setMerging(false)}
          onMerged={(into) => {
            setChosen(NOTHING);
            void navigate(`/groups/${encodeURIComponent(into)}`);
          }}
        />
      )}
    </>
  );
}
