// One failure: what went wrong, whose turn it is, what waits behind it, what the message was and became, and what to do.

import { Button } from "@utrecht/component-library-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { getTagged } from "@/api/client";
import { dropFailure, failureAddress, replayFailure } from "@/api/failures";
import type { FailureDetail } from "@/api/types";
import { FailedPage } from "@/app/FailedPage";
import { PageHead } from "@/app/PageHead";
import { useShortcut } from "@/app/shortcuts";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Icon } from "@/components/Icon";
import { Loading } from "@/components/Loading";
import { shortReason } from "@/components/reason";
import { ReasonDialog } from "@/components/ReasonDialog";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { ContentSection } from "./ContentSection";
import { EditList } from "./EditList";
import { FailureFacts } from "./FailureFacts";
import { NextStep } from "./NextStep";
import { QueueOfZaak } from "./QueueOfZaak";
import { useFailureTexts } from "./texts";
import "./failure.css";

const REFRESH_MS = 10_000;

interface Acting {
  readonly act: "replay" | "drop";
  /** Of what the person saw when they began. */
  readonly tag: string;
}

export function Component() {
  const t = useFailureTexts();
  const { language } = useLanguage();
  const { id = "" } = useParams();
  const client = useQueryClient();
  const [acting, setActing] = useState<Acting | null>(null);
  const url = failureAddress(id);
  const { data, error, refetch } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => getTagged<FailureDetail>(url, undefined, signal),
    refetchInterval: REFRESH_MS,
  });
  const can = data?.value.can ?? [];
  const begin = (act: Acting["act"]) => {
    if (data) setActing({ act, tag: data.tag });
  };
  useShortcut("r", t.replay, () => {
    if (can.includes("herhalen")) begin("replay");
  });
  if (error && !data) return <FailedPage error={error} onAgain={() => void refetch()} />;
  if (!data) return <Loading />;
  const { failure, queue, edits, target } = data.value;
  const behind = t.behindWait(failure.behind, number(failure.behind, language));
  return (
    <>
      <PageHead
        above={
          <>
            <Link to="/groups">{t.groups}</Link> /{" "}
            <Link to={`/groups/${encodeURIComponent(failure.group)}`}>{t.group}</Link>
          </>
        }
        title={shortReason(failure)}
        actions={
          <>
            {can.includes("herhalen") && (
              <Button appearance="primary-action-button" onClick={() => begin("replay")}>
                <Icon sign="retry" />
                {t.replay}
              </Button>
            )}
            {can.includes("bewerken") && (
              <Link
                className="utrecht-button utrecht-button--secondary-action zh-link-button"
                to={`/failures/${encodeURIComponent(id)}/edit`}
              >
                <Icon sign="edit" />
                {t.edit}
              </Link>
            )}
            {can.includes("vervallen") && (
              <Button appearance="secondary-action-button" hint="danger" onClick={() => begin("drop")}>
                {t.drop}
              </Button>
            )}
          </>
        }
      />
      {error && <ErrorPanel error={error} onAgain={() => void refetch()} />}
      <div className="zh-failure">
        <section className="zh-card" aria-label={t.facts}>
          <NextStep failure={failure} />
          <FailureFacts failure={failure} target={target} />
        </section>
        <div className="zh-stack">
          <QueueOfZaak queue={queue} failure={failure} />
          <EditList edits={edits} />
        </div>
      </div>
      <ContentSection id={id} reason={failure.reason} />
      {acting && (
        <ReasonDialog
          title={acting.act === "replay" ? t.replayTitle : t.dropTitle}
          action={acting.act === "replay" ? t.replay : t.drop}
          danger={acting.act === "drop"}
          onConfirm={async (reason) => {
            await (acting.act === "replay" ? replayFailure : dropFailure)(id, reason, acting.tag);
            await client.invalidateQueries({ queryKey: [url] });
          }}
          onClose={() => {
            setActing(null);
            void refetch();
          }}
        >
          <p>{acting.act === "replay" ? t.replayWhat(behind) : t.dropWhat(behind)}</p>
        </ReasonDialog>
      )}
    </>
  );
}
