// A proposed correction: what changes, what comes of it, and who decides.

import { Button } from "@utrecht/component-library-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { get } from "@/api/client";
import { editAddress, judgeEdit } from "@/api/content";
import type { EditView } from "@/api/types";
import { FailedPage } from "@/app/FailedPage";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { Foreign } from "@/components/Foreign";
import { Loading } from "@/components/Loading";
import { ReasonDialog } from "@/components/ReasonDialog";
import { RelativeTime } from "@/components/RelativeTime";
import { StatusBadge } from "@/components/StatusBadge";
import { EditStateBadge } from "@/pages/failure/EditStateBadge";
import { ChangeTable } from "./ChangeTable";
import { Suggestions } from "./Suggestions";
import { useEditTexts } from "./texts";
import { UnmaskDiff } from "./UnmaskDiff";
import "./edit.css";

type Judgement = "approvals" | "rejections" | "applications";

export function Component() {
  const t = useEditTexts();
  const { session, may } = useSession();
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const [judging, setJudging] = useState<Judgement | null>(null);
  const url = editAddress(id);
  const { data, error, refetch } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => get<EditView>(url, undefined, signal),
    gcTime: 0,
  });
  if (error) return <FailedPage error={error} onAgain={() => void refetch()} />;
  if (!data) return <Loading />;
  const { state, failure, part, madeBy, problems } = data;
  const own = madeBy === session.name;
  const open = state === "voorgesteld" || state === "goedgekeurd";
  const failurePath = `/failures/${encodeURIComponent(failure)}`;
  const words: Record<Judgement, readonly [string, string]> = {
    approvals: [t.approve, t.approveWhat],
    rejections: [t.reject, t.rejectWhat],
    applications: [t.apply, t.applyWhat],
  };
  return (
    <>
      <PageHead
        above={<Link to={failurePath}>{t.back}</Link>}
        title={t.proposalOf(t.parts[part])}
        actions={
          open && (
            <>
              {may("bewerken") && !data.needsApproval && problems.length === 0 && (
                <Button appearance="primary-action-button" onClick={() => setJudging("applications")}>
                  {t.apply}
                </Button>
              )}
              {may("goedkeuren") && data.needsApproval && !own && (
                <Button appearance="primary-action-button" onClick={() => setJudging("approvals")}>
                  {t.approve}
                </Button>
              )}
              {(own ? may("bewerken") : may("goedkeuren")) && (
                <Button appearance="secondary-action-button" onClick={() => setJudging("rejections")}>
                  {t.reject}
                </Button>
              )}
            </>
          )
        }
      >
        <p className="zh-row zh-small zh-soft">
          <EditStateBadge state={state} />
          <span>
            {t.by(madeBy)}, <RelativeTime at={data.madeAt} />
            {data.approvedBy && ` · ${t.approvedBy(data.approvedBy)}`}
          </span>
        </p>
      </PageHead>
      <div className="zh-stack">
        {open && data.needsApproval && (
          <p className="zh-needs">
            {t.needsSecond} {own && t.ownEdit}
          </p>
        )}
        <div className="zh-proposal">
          <section className="zh-card" aria-labelledby="changes">
            <h2 id="changes">{t.changes}</h2>
            {data.lacks ? (
              <p className="zh-warn-word">{t.lacks(data.lacks === EVERYWHERE ? "" : data.lacks)}</p>
            ) : (
              <UnmaskDiff failure={failure} hidden={isHidden(data)} onShown={() => void refetch()} />
            )}
            <ChangeTable changes={data.diff} />
          </section>
          <section className="zh-card zh-stack" aria-labelledby="outcome">
            <h2 id="outcome">{t.outcome}</h2>
            <p>
              {problems.length === 0 ? (
                <StatusBadge tone="ok">{t.fits}</StatusBadge>
              ) : (
                <StatusBadge tone="bad">{t.fitsNot}</StatusBadge>
              )}
            </p>
            {problems.length > 0 && (
              <ul>
                {problems.map((problem) => (
                  <li key={problem}>
                    <Foreign text={problem} />
                  </li>
                ))}
              </ul>
            )}
            {data.outcome && (
              <p>
                <Foreign text={data.outcome} />
              </p>
            )}
            <dl>
              <dt className="zh-soft zh-small">{t.reason}</dt>
              <dd>
                <Foreign text={data.reason} />
              </dd>
            </dl>
          </section>
        </div>
        {may("bewerken") && <Suggestions edit={id} />}
      </div>
      {judging && (
        <ReasonDialog
          title={words[judging][0]}
          action={words[judging][0]}
          danger={judging === "rejections"}
          onConfirm={async (reason) => {
            await judgeEdit(id, judging, reason);
            if (judging === "applications") await navigate(failurePath);
            else await refetch();
          }}
          onClose={() => setJudging(null)}
        >
          <p>{words[judging][1]}</p>
        </ReasonDialog>
      )}
    </>
  );
}

const HIDDEN = "***";
const EVERYWHERE = "*";

function isHidden({ diff }: EditView): boolean {
  return diff.some(({ before, after }) => before === HIDDEN || after === HIDDEN);
}
