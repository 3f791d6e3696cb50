// One connection on paper: what a tender or an architect asks of it, answered out of the configuration.

import { Button, Heading2, Paragraph } from "@utrecht/component-library-react";
import { useQuery } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import { get, path } from "@/api/client";
import type { ConnectionSheet, ConnectionSummary, Flow } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Foreign } from "@/components/Foreign";
import type { Sign } from "@/components/Icon";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { useNow } from "@/components/useNow";
import { moment, number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import "./sheet.css";
import { useSheetTexts } from "./texts";

type Row = ConnectionSheet["rows"][number];

const MINUTE_MS = 60_000;
const FLOW: Record<Flow, [Tone, Sign]> = {
  loopt: ["ok", "play"],
  gepauzeerd: ["warn", "pause"],
  gestopt: ["bad", "stop"],
  onderhoud: ["calm", "clock"],
};

export function Component() {
  const { name = "" } = useParams();
  const address = path("connections", name);
  const { data, error, refetch } = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => get<ConnectionSheet>(address, undefined, signal),
  });
  if (data !== undefined) return <Sheet sheet={data} />;
  return error === null ? null : <ErrorPanel error={error} onAgain={() => void refetch()} />;
}

function Sheet({ sheet }: { readonly sheet: ConnectionSheet }) {
  const t = useSheetTexts();
  const { language } = useLanguage();
  const { session, may } = useSession();
  const now = useNow(MINUTE_MS);
  const { summary, rows, messages } = sheet;
  const search = new URLSearchParams({ connection: summary.name }).toString();
  return (
    <article className="zh-sheet">
      <PageHead
        title={summary.name}
        actions={
          <>
            {may("koppeling") && (
              <Link
                className="utrecht-button utrecht-button--secondary-action zh-link-button"
                to={`/playground?${search}`}
              >
                {t.playground}
              </Link>
            )}
            <Button appearance="primary-action-button" onClick={() => window.print()}>
              {t.print}
            </Button>
          </>
        }
      >
        <Paragraph>{summary.description}</Paragraph>
        <Paragraph className="zh-soft zh-on-screen">{t.intro}</Paragraph>
        <p className="zh-on-paper">{t.printed(moment(new Date(now).toISOString(), language), session.name)}</p>
      </PageHead>
      <div className="zh-stack">
        <Now summary={summary} />
        {topicsOf(rows).map(([topic, about]) => (
          <Topic key={topic} topic={topic} rows={about} />
        ))}
        <section className="zh-card" aria-labelledby="sheet-messages">
          <Heading2 id="sheet-messages">{t.messages}</Heading2>
          <ul className="zh-sheet-messages">
            {messages.map((message) => (
              <li key={message}>
                <code>{message}</code>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </article>
  );
}

function Now({ summary }: { readonly summary: ConnectionSummary }) {
  const t = useSheetTexts();
  const { language } = useLanguage();
  const count = (value: number, digits = 0) => number(value, language, digits);
  const [tone, sign] = FLOW[summary.flow];
  return (
    <section className="zh-card" aria-labelledby="sheet-now">
      <Heading2 id="sheet-now">{t.now}</Heading2>
      <dl className="zh-facts">
        <Fact name={t.flow}>
          <StatusBadge tone={tone} sign={sign}>
            {t.flows[summary.flow]}
          </StatusBadge>
          {summary.flowReason !== "" && (
            <span className="zh-sheet-why">
              <Foreign text={[summary.flowReason, summary.flowBy].filter(Boolean).join(", ")} />
            </span>
          )}
        </Fact>
        <Fact name={t.direction}>{t.directions[summary.direction]}</Fact>
        <Fact name={t.adapter}>{summary.adapter}</Fact>
        <Fact name={t.perMinute}>{count(summary.perMinute, 1)}</Fact>
        <Fact name={t.lag}>{count(summary.lag)}</Fact>
        <Fact name={t.failuresOpen}>
          {summary.failuresOpen === 0 ? (
            count(0)
          ) : (
            <Link className="utrecht-link" to={`/groups?${new URLSearchParams({ stage: summary.name }).toString()}`}>
              {count(summary.failuresOpen)}
            </Link>
          )}
        </Fact>
        <Fact name={t.failuresRetrying}>{count(summary.failuresRetrying)}</Fact>
        <Fact name={t.zaken}>{count(summary.zakenWaiting)}</Fact>
        {summary.direction === "outbound" && <Fact name={t.breaker}>{t.breakers[summary.breaker]}</Fact>}
        {summary.certificateEndsAt !== null && (
          <Fact name={t.certificate}>{moment(summary.certificateEndsAt, language)}</Fact>
        )}
        <Fact name={t.revision}>
          <code>{summary.revision}</code>
        </Fact>
      </dl>
    </section>
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

function Topic({ topic, rows }: { readonly topic: string; readonly rows: readonly Row[] }) {
  const t = useSheetTexts();
  const id = useId();
  return (
    <section className="zh-card" aria-labelledby={id}>
      <Heading2 id={id}>{topic}</Heading2>
      <table className="zh-table zh-sheet-table" aria-labelledby={id}>
        <thead>
          <tr>
            <th scope="col">{t.question}</th>
            <th scope="col">{t.answer}</th>
            <th scope="col">{t.source}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.question}>
              <th scope="row">{row.question}</th>
              <td data-head={t.answer}>
                <Foreign text={row.answer} />
              </td>
              <td data-head={t.source}>
                <code>{row.source}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Rows by topic, in the order in which topics come up. */
function topicsOf(rows: readonly Row[]): [string, Row[]][] {
  const topics = new Map<string, Row[]>();
  for (const row of rows) topics.set(row.topic, [...(topics.get(row.topic) ?? []), row]);
  return [...topics];
}
