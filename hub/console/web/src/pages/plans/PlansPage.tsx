// All replay plans, the newest first.

import { Paragraph } from "@utrecht/component-library-react";
import { Link } from "react-router";
import { usePages } from "@/api/pages";
import { PLANS } from "@/api/plans";
import type { PlanView } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { DataGrid, type Column } from "@/components/DataGrid";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Foreign } from "@/components/Foreign";
import { Icon } from "@/components/Icon";
import { RelativeTime } from "@/components/RelativeTime";
import { moment, number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { PlanStateBadge } from "./PlanStateBadge";
import "./plans.css";
import { countOf, endedOf } from "./progress";
import { usePlanTexts } from "./texts";

const LOOK_MS = 5_000;

export function Component() {
  const t = usePlanTexts();
  const { may } = useSession();
  const { rows, more, error, again } = usePages<PlanView>(PLANS, {}, { refetchEvery: LOOK_MS });
  const columns = useColumns();
  const make = may("herhalen") && (
    <Link className="utrecht-button utrecht-button--primary-action zh-link-button" to="/plans/new">
      <Icon sign="retry" />
      {t.make}
    </Link>
  );
  return (
    <>
      <PageHead title={t.title} actions={make}>
        <Paragraph>{t.intro}</Paragraph>
      </PageHead>
      {error !== null && <ErrorPanel error={error} onAgain={() => void again()} />}
      {rows?.length === 0 && (
        <EmptyState title={t.none} sign="retry">
          <Paragraph>{t.noneWhy}</Paragraph>
        </EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && (
        <DataGrid
          label={t.title}
          columns={columns}
          rows={rows}
          keyOf={(plan) => plan.id}
          hrefOf={(plan) => `/plans/${plan.id}`}
          onEnd={more}
        />
      )}
    </>
  );
}

function useColumns(): readonly Column<PlanView>[] {
  const t = usePlanTexts();
  const { language } = useLanguage();
  const count = (value: number) => number(value, language);
  return [
    {
      id: "name",
      head: t.list.name,
      width: "minmax(14rem, 1.2fr)",
      cell: (plan) => (
        <span className="zh-plan-name">
          <Link className="utrecht-link" to={`/plans/${plan.id}`}>
            {t.planOf(moment(plan.madeAt, language))}
          </Link>
          <span className="zh-soft">
            <RelativeTime at={plan.madeAt} />, {plan.madeBy}
          </span>
        </span>
      ),
    },
    { id: "state", head: t.list.state, width: "9.5rem", cell: (plan) => <PlanStateBadge state={plan.state} /> },
    { id: "reason", head: t.list.reason, width: "minmax(10rem, 2fr)", cell: (plan) => <Foreign text={plan.reason} /> },
    { id: "count", head: t.list.messages, width: "6rem", numeric: true, cell: (plan) => count(plan.count) },
    { id: "zaken", head: t.list.zaken, width: "5rem", numeric: true, cell: (plan) => count(plan.zaken) },
    { id: "done", head: t.list.done, width: "5rem", numeric: true, cell: (plan) => count(endedOf(plan)) },
    {
      id: "failed",
      head: t.list.failed,
      width: "5.5rem",
      numeric: true,
      cell: (plan) => count(countOf(plan, "mislukt")),
    },
  ];
}
