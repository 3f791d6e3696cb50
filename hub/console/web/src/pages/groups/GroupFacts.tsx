// What the hub knows of a group.

import { Link } from "react-router";
import type { GroupView } from "@/api/types";
import { FaultLabel } from "@/components/FaultLabel";
import { Foreign } from "@/components/Foreign";
import { RelativeTime } from "@/components/RelativeTime";
import { StatusBadge } from "@/components/StatusBadge";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useGroupTexts } from "./texts";

export function GroupFacts({ group }: { readonly group: GroupView }) {
  const t = useGroupTexts();
  const { language } = useLanguage();
  return (
    <section className="zh-card" aria-label={t.facts}>
      <p className="zh-next">
        <strong>
          {t.turn}: <FaultLabel fault={group.fault} />
        </strong>
        <span>
          {t.advice}: <Foreign text={group.advice} />
        </span>
      </p>
      <dl className="zh-facts">
        <div>
          <dt>{t.column.count}</dt>
          <dd className="zh-badges">
            <StatusBadge tone={group.open > 0 ? "bad" : "ok"} sign="person">
              {t.open(number(group.open, language))}
            </StatusBadge>
            {group.retrying > 0 && (
              <StatusBadge tone="busy">{t.retrying(number(group.retrying, language))}</StatusBadge>
            )}
          </dd>
        </div>
        <div>
          <dt>{t.column.zaken}</dt>
          <dd>{number(group.zaken, language)}</dd>
        </div>
        <div>
          <dt>{t.firstSeen}</dt>
          <dd>
            <RelativeTime at={group.firstAt} />
          </dd>
        </div>
        <div>
          <dt>{t.lastSeen}</dt>
          <dd>
            <RelativeTime at={group.lastAt} />
          </dd>
        </div>
        <div>
          <dt>{t.filter.stage}</dt>
          <dd>
            <Link to={`/connections/${encodeURIComponent(group.stage)}`}>{group.stage}</Link>
          </dd>
        </div>
        <div>
          <dt>{t.target}</dt>
          <dd>{group.target || "–"}</dd>
        </div>
        <div>
          <dt>{t.column.where}</dt>
          <dd className="zh-mono">
            <Foreign text={group.where || "–"} />
          </dd>
        </div>
        <div>
          <dt>{t.code}</dt>
          <dd className="zh-mono">
            <Foreign text={group.code} />
          </dd>
        </div>
        <div>
          <dt>{t.sinceRevision}</dt>
          <dd className="zh-mono">{group.revision || "–"}</dd>
        </div>
      </dl>
    </section>
  );
}
