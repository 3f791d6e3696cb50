// The columns of a list of failures.

import type { FailureView } from "@/api/types";
import type { Column } from "@/components/DataGrid";
import { FailureStateBadge } from "@/components/FailureStateBadge";
import { FaultLabel } from "@/components/FaultLabel";
import { Foreign } from "@/components/Foreign";
import { shortReason } from "@/components/reason";
import { RelativeTime } from "@/components/RelativeTime";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useFailureListTexts } from "./texts";

/** In a group the reason and the connection are the same in every row: they are left out. */
export function useFailureColumns({ inGroup }: { readonly inGroup: boolean }): readonly Column<FailureView>[] {
  const t = useFailureListTexts();
  const { language } = useLanguage();
  const same: readonly Column<FailureView>[] = [
    {
      id: "reason",
      head: t.column.reason,
      width: "minmax(12rem, 3fr)",
      cell: (failure) => (
        <span className="zh-two-lines">
          <Foreign text={shortReason(failure)} />
        </span>
      ),
    },
    {
      id: "stage",
      head: t.column.stage,
      width: "minmax(8rem, 1.1fr)",
      cell: (failure) => <span className="zh-clip">{failure.stage}</span>,
    },
  ];
  return [
    {
      id: "zaak",
      head: t.column.zaak,
      width: "minmax(11rem, 1.4fr)",
      cell: (failure) => (
        <>
          <strong className="zh-clip zh-mono">
            <Foreign text={failure.zaak || "–"} />
          </strong>
          <span className="zh-clip zh-small zh-soft">
            <Foreign text={failure.kind} />
          </span>
        </>
      ),
    },
    {
      id: "state",
      head: t.column.state,
      width: "10.75rem",
      cell: (failure) => (
        <>
          <FailureStateBadge state={failure.state} />
          <span className="zh-clip zh-small zh-soft">
            {t.column.turn}: <FaultLabel fault={failure.fault} />
          </span>
        </>
      ),
    },
    ...(inGroup ? [] : same),
    {
      id: "last",
      head: t.column.last,
      width: "11rem",
      cell: (failure) => (
        <>
          <RelativeTime at={failure.lastAt} />
          <span className="zh-clip zh-small zh-soft">
            {t.attempts(failure.attempts, number(failure.attempts, language))}
            {failure.nextAt && (
              <>
                {" · "}
                {t.again} <RelativeTime at={failure.nextAt} />
              </>
            )}
          </span>
        </>
      ),
    },
  ];
}
