// What people did and why, and whether the chain of it is whole.

import { Button, Paragraph } from "@utrecht/component-library-react";
import { useMutation } from "@tanstack/react-query";
import { get, path } from "@/api/client";
import { usePages } from "@/api/pages";
import type { AuditLine, AuditVerification } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { CopyButton } from "@/components/CopyButton";
import { DataGrid, type Column } from "@/components/DataGrid";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { SelectField, TextField } from "@/components/Field";
import { Foreign } from "@/components/Foreign";
import { Icon } from "@/components/Icon";
import { StatusBadge } from "@/components/StatusBadge";
import { useFilters } from "@/components/useFilters";
import { moment, number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { AboutLink } from "./AboutLink";
import "./audit.css";
import { useAuditTexts } from "./texts";

const NAMES = ["by", "act", "since", "until"] as const;

export function Component() {
  const t = useAuditTexts();
  const [filters, setFilters] = useFilters(NAMES);
  const criteria = { ...filters, since: momentOf(filters.since), until: momentOf(filters.until) };
  const { rows, more, error, again } = usePages<AuditLine>(path("audit"), criteria);
  const columns = useColumns();
  const verify = useMutation({ mutationFn: () => get<AuditVerification>(path("audit-verification")) });
  return (
    <>
      <PageHead
        title={t.title}
        actions={
          <Button
            appearance="primary-action-button"
            aria-disabled={verify.isPending}
            onClick={() => {
              if (!verify.isPending) verify.mutate();
            }}
          >
            <Icon sign="link" />
            {verify.isPending ? t.verifying : t.verify}
          </Button>
        }
      >
        <Paragraph>{t.intro}</Paragraph>
      </PageHead>
      <div role="status">{verify.data !== undefined && <Verified verification={verify.data} />}</div>
      {verify.error !== null && <ErrorPanel error={verify.error} />}
      <form className="zh-filters" role="search" aria-label={t.filter} onSubmit={(event) => event.preventDefault()}>
        <TextField
          label={t.by}
          autoComplete="off"
          value={filters.by}
          onChange={(event) => setFilters({ by: event.target.value })}
        />
        <SelectField
          label={t.act}
          options={[
            { value: "", label: t.anyAct },
            ...Object.entries(t.acts).map(([value, label]) => ({ value, label })),
          ]}
          value={filters.act}
          onChange={(event) => setFilters({ act: event.target.value })}
        />
        <TextField
          label={t.since}
          type="datetime-local"
          value={filters.since}
          onChange={(event) => setFilters({ since: event.target.value })}
        />
        <TextField
          label={t.until}
          type="datetime-local"
          value={filters.until}
          onChange={(event) => setFilters({ until: event.target.value })}
        />
      </form>
      {error !== null && <ErrorPanel error={error} onAgain={() => void again()} />}
      {rows?.length === 0 && (
        <EmptyState title={t.none} sign="dash">
          <Paragraph>{t.noneWhy}</Paragraph>
        </EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && (
        <DataGrid label={t.title} columns={columns} rows={rows} keyOf={(line) => String(line.number)} onEnd={more} />
      )}
    </>
  );
}

/** What `datetime-local` gives has no zone: it is the clock of the person at the screen. */
function momentOf(local: string): string {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

function Verified({ verification }: { readonly verification: AuditVerification }) {
  const t = useAuditTexts();
  const { language } = useLanguage();
  const { whole, lines, lastHash, brokenAt } = verification;
  return (
    <div className="zh-verified">
      <StatusBadge tone={whole ? "ok" : "bad"}>
        {whole ? t.whole(number(lines, language)) : t.broken(number(brokenAt ?? 0, language))}
      </StatusBadge>
      {!whole && <p>{t.brokenNext}</p>}
      {lastHash !== "" && (
        <p className="zh-hash">
          {t.lastHash}: <code>{lastHash}</code> <CopyButton text={lastHash} />
        </p>
      )}
    </div>
  );
}

function useColumns(): readonly Column<AuditLine>[] {
  const t = useAuditTexts();
  const { language } = useLanguage();
  const acts: Readonly<Record<string, string>> = t.acts;
  return [
    { id: "number", head: t.number, width: "3.5rem", numeric: true, cell: (line) => number(line.number, language) },
    {
      id: "at",
      head: t.at,
      width: "10rem",
      cell: (line) => <time dateTime={line.at}>{moment(line.at, language)}</time>,
    },
    { id: "by", head: t.by, width: "minmax(8.5rem, 1fr)", cell: (line) => <Foreign text={line.by} /> },
    { id: "act", head: t.act, width: "minmax(7.5rem, 1fr)", cell: (line) => acts[line.act] ?? line.act },
    { id: "on", head: t.on, width: "minmax(9rem, 1.4fr)", cell: (line) => <AboutLink about={line.on} /> },
    {
      id: "reason",
      head: t.reason,
      width: "minmax(12rem, 3fr)",
      cell: (line) => (
        <span className="zh-audit-reason">
          <Foreign text={line.reason} />
          <span className="zh-soft zh-small">
            <Foreign text={detailOf(line.detail)} />
          </span>
        </span>
      ),
    },
  ];
}

function detailOf(detail: AuditLine["detail"]): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== "" && value !== null)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("; ");
}
