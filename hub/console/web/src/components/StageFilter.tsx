// Chooses a connection out of those that the person may see.

import { useQuery } from "@tanstack/react-query";
import { get } from "@/api/client";
import { CONNECTIONS } from "@/api/connections";
import type { ConnectionSummary, Page } from "@/api/types";
import { SelectField } from "./Field";

const CONNECTIONS_MAX = 200;
const FRESH_MS = 60_000;

interface Props {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

export function StageFilter({ label, all, value, onChange }: Props) {
  const { data } = useQuery({
    queryKey: [CONNECTIONS],
    queryFn: ({ signal }) => get<Page<ConnectionSummary>>(CONNECTIONS, { limit: CONNECTIONS_MAX }, signal),
    staleTime: FRESH_MS,
  });
  const names = new Set(data?.items.map(({ name }) => name));
  // A link may name one that is not in the list (any more): the choice must still be seen.
  if (value) names.add(value);
  const options = [{ value: "", label: all }, ...[...names].sort().map((name) => ({ value: name, label: name }))];
  return (
    <SelectField label={label} options={options} value={value} onChange={(event) => onChange(event.target.value)} />
  );
}
