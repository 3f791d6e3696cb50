// The columns of the list of groups.

import type { GroupView } from "@/api/types";
import type { Column } from "@/components/DataGrid";
import { FaultLabel } from "@/components/FaultLabel";
import { Foreign } from "@/components/Foreign";
import { shortReason } from "@/components/reason";
import { RelativeTime } from "@/components/RelativeTime";
import { StatusBadge } from "@/components/StatusBadge";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useGroupTexts } from "./texts";

export function useGroupColumns(): readonly Column<GroupView>[] {
  const t = useGroupTexts();
  const { language } = useLanguage();
  const count = (value: number) => number(value, language);
  return [
    {
      id: "what",
      head: t.column.what,
      width: "minmax(12rem, 3fr)",
      cell: (group) => (
        <>
          <strong className="zh-two-lines">
            <Foreign text={shortReason(group)} />
          </strong>
          <span className="zh-clip zh-mono zh-soft">
            <Foreign text={group.where} />
          </span>
        </>
      ),
    },
    {
      id: "where",
      head: t.column.where,
      width: "minmax(8rem, 1.2fr)",
      cell: (group) => (
        <>
          <span className="zh-clip">{group.stage}</span>
          <span className="zh-clip zh-small zh-soft">{group.target}</span>
        </>
      ),
    },
    {
      id: "count",
      head: t.column.count,
      width: "7.5rem",
      cell: (group) => (
        <span className="zh-badges">
          {group.open > 0 && (
            <StatusBadge tone="bad" sign="person">
              {t.open(count(group.open))}
            </StatusBadge>
          )}
          {group.retrying > 0 && <StatusBadge tone="busy">{t.retrying(count(group.retrying))}</StatusBadge>}
        </span>
      ),
    },
    { id: "zaken", head: t.column.zaken, width: "3.5rem", numeric: true, cell: (group) => count(group.zaken) },
    {
      id: "turn",
      head: t.column.turn,
      width: "7.5rem",
      cell: (group) => (
        <>
          <FaultLabel fault={group.fault} />
          <span className="zh-clip zh-small zh-soft">{group.owner ? <Foreign text={group.owner} /> : t.nobody}</span>
        </>
      ),
    },
    {
      id: "seen",
      head: t.column.last,
      width: "8.5rem",
      cell: (group) => (
        <>
          <RelativeTime at={group.lastAt} />
          <span className="zh-clip zh-small zh-soft">
            {t.since} <RelativeTime at={group.firstAt} />
          </span>
        </>
      ),
    },
    {
      id: "revision",
      head: t.column.revision,
      width: "6rem",
      cell: (group) => <span className="zh-clip zh-mono">{group.revision}</span>,
    },
  ];
}
