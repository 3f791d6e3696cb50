// One thing that happened to a zaak.

import { Link } from "react-router";
import type { TimelineView } from "@/api/types";
import { Foreign } from "@/components/Foreign";
import { Icon } from "@/components/Icon";
import { StatusBadge } from "@/components/StatusBadge";
import { clockTime, moment } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { toneOf } from "./lines";
import { useTimelineTexts } from "./texts";

export function TimelineLine({ line }: { readonly line: TimelineView }) {
  const t = useTimelineTexts();
  const { language } = useLanguage();
  const { what, stage, message, by } = line;
  const tone = toneOf(line);
  const named = what in t.what ? t.what[what as keyof typeof t.what] : what;
  const to = `/messages/${encodeURIComponent(message)}?${new URLSearchParams({ connection: stage }).toString()}`;
  return (
    <li>
      <time dateTime={line.at} title={moment(line.at, language)}>
        {clockTime(line.at, language)}
      </time>
      <div>
        <p className="zh-row">
          <StatusBadge
            tone={tone}
            {...(by ? { sign: "person" as const } : tone === "calm" ? { sign: "dot" as const } : {})}
          >
            {named}
          </StatusBadge>
          <span>{stage}</span>
          {by && <strong>{t.by(by)}</strong>}
        </p>
        {line.detail && (
          <p>
            <Foreign text={line.detail} />
          </p>
        )}
        <p className="zh-small zh-soft zh-row">
          {line.revision && <span className="zh-mono">{t.revision(line.revision)}</span>}
          {line.place && (
            <span className="zh-mono" title={t.place}>
              {line.place}
            </span>
          )}
          {message && (
            <Link to={to}>
              {t.message} <Icon sign="arrow" />
            </Link>
          )}
        </p>
      </div>
    </li>
  );
}
