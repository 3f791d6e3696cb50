// One connection: how it stands, in one line where there is room.

import { Button } from "@utrecht/component-library-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { ConnectionSummary } from "@/api/types";
import { useSession } from "@/app/session";
import { Icon } from "@/components/Icon";
import { RelativeTime } from "@/components/RelativeTime";
import { StatusBadge } from "@/components/StatusBadge";
import { duration, number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Certificate } from "./Certificate";
import { FlowBadge, FlowReason } from "./FlowBadge";
import { useOverviewTexts } from "./texts";

interface Props {
  readonly connection: ConnectionSummary;
  readonly onChange: () => void;
}

export function ConnectionCard({ connection, onChange }: Props) {
  const t = useOverviewTexts();
  const { may } = useSession();
  const { language } = useLanguage();
  const { name } = connection;
  const paused = connection.flow === "gepauzeerd" || connection.flow === "gestopt";
  const count = (value: number, digits = 0) => number(value, language, digits);
  const failures = (state: string) => `/groups?${new URLSearchParams({ stage: name, state }).toString()}`;
  return (
    <li className="zh-connection" data-connection={name}>
      <div className="zh-connection-name">
        <h3>
          <Link to={`/connections/${encodeURIComponent(name)}`}>{name}</Link>
        </h3>
        <p className="zh-soft zh-small">
          {connection.description || connection.adapter}
          <span className="zh-direction"> · {t[connection.direction]}</span>
        </p>
      </div>
      <div className="zh-connection-flow">
        <FlowBadge flow={connection.flow} />
        {connection.breaker !== "dicht" && (
          <StatusBadge tone={connection.breaker === "open" ? "bad" : "busy"} sign="link">
            {t.breaker[connection.breaker]}
          </StatusBadge>
        )}
        {connection.workers === 0 && <StatusBadge tone="warn">{t.noWorkers}</StatusBadge>}
      </div>
      <dl className="zh-connection-facts">
        <Fact name={t.throughput}>
          <strong>{t.perMinute(count(connection.perMinute, 1))}</strong>
          {connection.failedPerMinute > 0 && (
            <span className="zh-bad-word">{t.failedPerMinute(count(connection.failedPerMinute, 1))}</span>
          )}
        </Fact>
        <Fact name={t.backlog}>
          {connection.lag + connection.parked === 0 && <span className="zh-soft">{t.empty}</span>}
          {connection.lag > 0 && (
            <span>
              {t.lag(count(connection.lag))}
              {", "}
              {connection.drainedInS === null ? t.notDraining : t.drained(duration(connection.drainedInS, language))}
            </span>
          )}
          {connection.parked > 0 && <span>{t.parked(count(connection.parked), count(connection.zakenWaiting))}</span>}
        </Fact>
        <Fact name={t.oldest}>
          {connection.oldestWaitingAt === null ? (
            <span className="zh-soft">{t.empty}</span>
          ) : (
            <RelativeTime at={connection.oldestWaitingAt} />
          )}
        </Fact>
        <Fact name={t.failures}>
          {connection.failuresOpen + connection.failuresRetrying === 0 && (
            <span className="zh-soft">{t.noFailures}</span>
          )}
          {connection.failuresOpen > 0 && (
            <Link className="zh-bad-word" to={failures("open")}>
              {t.openFailures(count(connection.failuresOpen))}
            </Link>
          )}
          {connection.failuresRetrying > 0 && (
            <Link to={failures("probeert-opnieuw")}>{t.retryingFailures(count(connection.failuresRetrying))}</Link>
          )}
        </Fact>
        <Fact name={t.certificate}>
          <Certificate at={connection.certificateEndsAt} />
        </Fact>
      </dl>
      {may("pauzeren") && (
        <Button
          appearance="secondary-action-button"
          className="zh-small-button"
          aria-label={paused ? t.resumeOf(name) : t.pauseOf(name)}
          onClick={onChange}
        >
          <Icon sign={paused ? "play" : "pause"} />
          {paused ? t.resume : t.pause}
        </Button>
      )}
      <FlowReason connection={connection} />
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
