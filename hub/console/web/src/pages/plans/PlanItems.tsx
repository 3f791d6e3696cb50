// The messages of a plan in their order, and what came of each.

import { Link } from "react-router";
import { usePages } from "@/api/pages";
import { planAddress } from "@/api/plans";
import type { PlanItemView, PlanView } from "@/api/types";
import { DataGrid, type Column } from "@/components/DataGrid";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { SelectField } from "@/components/Field";
import { Foreign } from "@/components/Foreign";
import { RelativeTime } from "@/components/RelativeTime";
import { useFilters } from "@/components/useFilters";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { countOf, ITEM_STATES } from "./progress";
import { ItemStateBadge } from "./PlanStateBadge";
import { usePlanTexts } from "./texts";

const LOOK_MS = 2_000;

export function PlanItems({ plan }: { readonly plan: PlanView }) {
  const t = usePlanTexts();
  const { language } = useLanguage();
  const [{ state }, setFilters] = useFilters(["state"]);
  const running = plan.state === "loopt";
  const { rows, more, error, again } = usePages<PlanItemView>(
    planAddress(plan.id, "items"),
    { state },
    running ? { refetchEvery: LOOK_MS } : {},
  );
  const columns = useColumns();
  const total = ITEM_STATES.find((each) => each === state);
  const options = ITEM_STATES.map((value) => ({
    value,
    label: `${t.itemState[value]} (${number(countOf(plan, value), language)})`,
  }));
  return (
    <>
      <div className="zh-filters">
        <SelectField
          label={t.plan.item.state}
          options={[{ value: "", label: t.plan.itemsAll }, ...options]}
          value={state}
          onChange={(event) => setFilters({ state: event.target.value })}
        />
      </div>
      {error !== null && <ErrorPanel error={error} onAgain={() => void again()} />}
      {rows?.length === 0 && <EmptyState title={t.plan.itemsNone} sign="dash" />}
      {rows !== undefined && rows.length > 0 && (
        <DataGrid
          label={t.plan.items}
          columns={columns}
          rows={rows}
          keyOf={(item) => String(item.number)}
          onEnd={more}
          total={total === undefined ? plan.count : countOf(plan, total)}
        />
      )}
    </>
  );
}

function useColumns(): readonly Column<PlanItemView>[] {
  const t = usePlanTexts();
  return [
    { id: "number", head: t.plan.item.number, width: "4rem", numeric: true, cell: (item) => item.number },
    {
      id: "zaak",
      head: t.plan.item.zaak,
      width: "minmax(9.5rem, 1fr)",
      cell: (item) => (
        <Link className="utrecht-link" to={`/timelines/${encodeURIComponent(item.zaak)}`}>
          <Foreign text={item.zaak} />
        </Link>
      ),
    },
    {
      id: "kind",
      head: t.plan.item.kind,
      width: "minmax(10rem, 2fr)",
      cell: (item) =>
        item.failure === "" ? (
          <Foreign text={item.kind} />
        ) : (
          <Link className="utrecht-link" to={`/failures/${encodeURIComponent(item.failure)}`}>
            <Foreign text={item.kind} />
          </Link>
        ),
    },
    { id: "stage", head: t.plan.item.stage, width: "minmax(8rem, 1fr)", cell: (item) => item.stage },
    { id: "state", head: t.plan.item.state, width: "9rem", cell: (item) => <ItemStateBadge state={item.state} /> },
    {
      id: "note",
      head: t.plan.item.note,
      width: "minmax(7rem, 1.5fr)",
      cell: (item) => {
        const marks = [item.superseded && t.plan.isSuperseded, item.takenAlong && t.plan.isTakenAlong];
        return <Foreign text={[...marks, item.note].filter(Boolean).join(" · ")} />;
      },
    },
    { id: "ended", head: t.plan.item.ended, width: "7.5rem", cell: (item) => <RelativeTime at={item.endedAt} /> },
  ];
}
