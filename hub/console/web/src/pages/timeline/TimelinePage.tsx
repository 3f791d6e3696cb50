// The life of a zaak over all connections, in order of time.

import { Button } from "@utrecht/component-library-react";
import { Link, useParams } from "react-router";
import { path } from "@/api/client";
import { usePages } from "@/api/pages";
import type { TimelineView } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { CopyButton } from "@/components/CopyButton";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Loading } from "@/components/Loading";
import { useLanguage } from "@/i18n/language";
import { daysOf } from "./lines";
import { useTimelineTexts } from "./texts";
import { TimelineLine } from "./TimelineLine";
import "./timeline.css";

const REFRESH_MS = 15_000;
const LOCALES = { nl: "nl-NL", en: "en-GB" };

export function Component() {
  const t = useTimelineTexts();
  const { language } = useLanguage();
  const { zaak = "" } = useParams();
  const { rows, more, error, again } = usePages<TimelineView>(
    path("timelines", zaak),
    {},
    { refetchEvery: REFRESH_MS },
  );
  return (
    <>
      <PageHead title={t.title(zaak)} above={t.above}>
        <p className="zh-row zh-small">
          <CopyButton text={zaak} label={t.copy} />
          <Link to={`/failures?${new URLSearchParams({ zaak }).toString()}`}>{t.failures}</Link>
        </p>
      </PageHead>
      {error && <ErrorPanel error={error} onAgain={() => void again()} />}
      {!rows && !error && <Loading />}
      {rows?.length === 0 && (
        <EmptyState title={t.none} sign="zaak">
          <p>{t.noneWhy}</p>
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <section className="zh-card" aria-label={t.list}>
          {daysOf(rows, LOCALES[language]).map(({ date, lines }) => (
            <div key={date}>
              <h2 className="zh-day">{date}</h2>
              <ol className="zh-timeline">
                {lines.map((line, at) => (
                  <TimelineLine key={`${line.at} ${line.what} ${line.message} ${at}`} line={line} />
                ))}
              </ol>
            </div>
          ))}
          {more && (
            <Button appearance="secondary-action-button" onClick={more}>
              {t.more}
            </Button>
          )}
        </section>
      )}
    </>
  );
}
