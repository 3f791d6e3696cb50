// The fields that narrow a list of failures.

import { SelectField, TextField } from "@/components/Field";
import { StageFilter } from "@/components/StageFilter";
import { TextFilter } from "@/components/TextFilter";
import { useComponentTexts } from "@/components/texts";
import type { FailureFilter } from "./filters";
import { useFailureListTexts } from "./texts";

interface Props {
  readonly filters: FailureFilter;
  readonly onChange: (changes: Partial<FailureFilter>) => void;
}

export function FailureFilters({ filters, onChange }: Props) {
  const t = useFailureListTexts();
  const { failureState } = useComponentTexts();
  return (
    <div className="zh-filters" role="search">
      <SelectField
        label={t.filter.state}
        options={[
          { value: "", label: t.filter.allStates },
          ...Object.entries(failureState).map(([value, label]) => ({ value, label })),
        ]}
        value={filters.state}
        onChange={(event) => onChange({ state: event.target.value })}
      />
      <StageFilter
        label={t.filter.stage}
        all={t.filter.allStages}
        value={filters.stage}
        onChange={(stage) => onChange({ stage })}
      />
      <TextFilter label={t.filter.zaak} value={filters.zaak} onChange={(zaak) => onChange({ zaak })} />
      <TextFilter label={t.filter.kind} value={filters.kind} onChange={(kind) => onChange({ kind })} />
      <TextFilter label={t.filter.code} value={filters.code} onChange={(code) => onChange({ code })} />
      <TextFilter label={t.filter.text} value={filters.text} onChange={(text) => onChange({ text })} />
      <TextField
        label={t.filter.since}
        type="datetime-local"
        value={filters.since}
        onChange={(event) => onChange({ since: event.target.value })}
      />
      <TextField
        label={t.filter.until}
        type="datetime-local"
        value={filters.until}
        onChange={(event) => onChange({ until: event.target.value })}
      />
    </div>
  );
}
