// One group: what went wrong, whose turn it is, what people know of it, and its messages.

import { Button } from "@utrecht/component-library-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { getTagged } from "@/api/client";
import { FAILURES, groupAddress, splitGroup } from "@/api/failures";
import { usePages } from "@/api/pages";
import type { FailureView, GroupView } from "@/api/types";
import { FailedPage } from "@/app/FailedPage";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { DataGrid } from "@/components/DataGrid";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Loading } from "@/components/Loading";
import { newPlanAddress } from "@/components/planLink";
import { shortReason } from "@/components/reason";
import { ReasonDialog } from "@/components/ReasonDialog";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useFailureColumns } from "@/pages/failures/columns";
import { GroupFacts } from "./GroupFacts";
import { KnownForm } from "./KnownForm";
import { useGroupTexts } from "./texts";
import "./groups.css";

const REFRESH_MS = 15_000;
const NOTHING: ReadonlySet<string> = new Set();

export function Component() {
  const t = useGroupTexts();
  const { language } = useLanguage();
  const { may } = useSession();
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(NOTHING);
  const [splitting, setSplitting] = useState(false);
  const url = groupAddress(id);
  const group = useQuery({ queryKey: [url], queryFn: ({ signal }) => getTagged<GroupView>(url, undefined, signal) });
  const failures = usePages<FailureView>(FAILURES, { group: id }, { refetchEvery: REFRESH_MS });
  const columns = useFailureColumns({ inGroup: true });
  const count = number(chosen.size, language);
  if (group.error) return <FailedPage error={group.error} onAgain={() => void group.refetch()} />;
  if (!group.data) return <Loading />;
  const { value: shown, tag } = group.data;
  return (
    <>
      <PageHead
        above={<Link to="/groups">{t.all}</Link>}
        title={shortReason(shown)}
        actions={
          <>
            {may("notitie") && chosen.size > 0 && (
              <Button appearance="secondary-action-button" onClick={() => setSplitting(true)}>
                {t.split(count)}
              </Button>
            )}
            {may("herhalen") && (
              <Button
                appearance="primary-action-button"
                onClick={() =>
                  void navigate(newPlanAddress(chosen.size > 0 ? { failure: [...chosen] } : { group: id }))
                }
              >
                {chosen.size > 0 ? t.replayChosen(count) : t.replayAll}
              </Button>
            )}
          </>
        }
      />
      <div className="zh-group">
        <GroupFacts group={shown} />
        <KnownForm key={tag} group={shown} tag={tag} onChanged={() => void group.refetch()} />
      </div>
      <h2 className="zh-section">{t.messages}</h2>
      {failures.error && <ErrorPanel error={failures.error} onAgain={() => void failures.again()} />}
      {failures.rows && (
        <DataGrid
          label={t.messages}
          columns={columns}
          rows={failures.rows}
          keyOf={(failure) => failure.id}
          hrefOf={(failure) => `/failures/${encodeURIComponent(failure.id)}`}
          nameOf={(failure) => failure.zaak || failure.message}
          chosen={{ keys: chosen, change: setChosen }}
          onEnd={failures.more}
          total={failures.more ? undefined : failures.rows.length}
        />
      )}
      {splitting && (
        <ReasonDialog
          title={t.splitTitle}
          action={t.split(count)}
          onClose={() => setSplitting(false)}
          onConfirm={async (reason) => {
            const made = await splitGroup(id, [...chosen], reason);
            setChosen(NOTHING);
            void navigate(`/groups/${encodeURIComponent(made.id)}`);
          }}
        >
          <p>{t.splitWhat}</p>
        </ReasonDialog>
      )}
    </>
  );
}
