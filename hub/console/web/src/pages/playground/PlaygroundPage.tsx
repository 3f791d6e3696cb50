// Trying mappings: message left, rules in the middle, result right. What is tried stays in this page.

import { Paragraph } from "@utrecht/component-library-react";
import { useQuery } from "@tanstack/react-query";
import { get, path } from "@/api/client";
import { usePages } from "@/api/pages";
import { mappingsAddress } from "@/api/playground";
import type { ConnectionSummary, MappingFiles } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { SelectField } from "@/components/Field";
import { useFilters } from "@/components/useFilters";
import "./playground.css";
import { usePlaygroundTexts } from "./texts";
import { Workbench } from "./Workbench";

export function Component() {
  const t = usePlaygroundTexts();
  const [{ connection, case: chosen }, setFilters] = useFilters(["connection", "case"]);
  const connections = usePages<ConnectionSummary>(path("connections"));
  const address = mappingsAddress(connection);
  const mappings = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => get<MappingFiles>(address, undefined, signal),
    enabled: connection !== "",
    staleTime: Infinity, // somebody is working on them here
  });
  const names = connections.rows?.map(({ name }) => name) ?? [];
  const error = connections.error ?? mappings.error;
  const options = [{ value: "", label: t.chooseConnection }, ...names.map((name) => ({ value: name, label: name }))];
  const choice = (
    <SelectField
      label={t.connection}
      options={options}
      value={connection}
      onChange={(event) => setFilters({ connection: event.target.value, case: "" })}
    />
  );
  return (
    <>
      <PageHead title={t.title}>
        <Paragraph>{t.intro}</Paragraph>
      </PageHead>
      {error !== null && <ErrorPanel error={error} onAgain={() => void mappings.refetch()} />}
      {mappings.data === undefined ? (
        <>
          <div className="zh-filters">{choice}</div>
          {connection === "" && (
            <EmptyState title={t.none} sign="edit">
              <Paragraph>{t.noneWhy}</Paragraph>
            </EmptyState>
          )}
        </>
      ) : (
        <Workbench
          key={connection}
          mappings={mappings.data}
          chosenCase={chosen}
          onChooseCase={(name) => setFilters({ case: name })}
          choice={choice}
        />
      )}
    </>
  );
}
