// The fields of a search.

import { Button, ButtonGroup } from "@utrecht/component-library-react";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { SelectField, TextField } from "@/components/Field";
import { StageFilter } from "@/components/StageFilter";
import { CRITERIA, isGiven, STATES, type Criteria } from "./criteria";
import { useSearchTexts } from "./texts";

interface Props {
  readonly criteria: Criteria;
  readonly onSearch: (criteria: Criteria) => void;
}

const EMPTY = Object.fromEntries(CRITERIA.map((name) => [name, ""])) as Criteria;

export function SearchForm({ criteria, onSearch }: Props) {
  const t = useSearchTexts();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(criteria);
  const [tried, setTried] = useState(false);
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("focus") !== null;
  useEffect(() => {
    // Somebody pressed the key of the search.
    if (!wanted) return;
    form.current?.querySelector("input")?.focus();
    setSearch(
      (before) => {
        before.delete("focus");
        return before;
      },
      { replace: true },
    );
  }, [wanted, setSearch]);
  const field = (name: keyof Criteria) => ({
    label: t.field[name],
    value: draft[name],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setDraft({ ...draft, [name]: event.target.value }),
  });
  return (
    <form
      ref={form}
      role="search"
      className="zh-card zh-search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const trimmed = Object.fromEntries(CRITERIA.map((name) => [name, draft[name].trim()])) as Criteria;
        if (isGiven(trimmed)) onSearch(trimmed);
      }}
    >
      <TextField {...field("zaak")} autoComplete="off" error={tried && !isGiven(draft) ? t.nothingGiven : undefined} />
      <TextField {...field("document")} autoComplete="off" />
      <TextField {...field("reference")} autoComplete="off" />
      <TextField {...field("sender")} autoComplete="off" />
      <StageFilter
        label={t.field.connection}
        all={t.field.allConnections}
        value={draft.connection}
        onChange={(connection) => setDraft({ ...draft, connection })}
      />
      <TextField {...field("kind")} autoComplete="off" />
      <SelectField
        {...field("state")}
        options={[
          { value: "", label: t.field.allStates },
          ...STATES.map((state) => ({ value: state, label: t.state[state] })),
        ]}
      />
      <TextField {...field("text")} autoComplete="off" />
      <TextField {...field("since")} type="datetime-local" />
      <TextField {...field("until")} type="datetime-local" />
      <ButtonGroup>
        <Button type="submit" appearance="primary-action-button">
          {t.search}
        </Button>
        {isGiven(draft) && (
          <Button
            appearance="secondary-action-button"
            onClick={() => {
              setDraft(EMPTY);
              onSearch(EMPTY);
            }}
          >
            {t.clear}
          </Button>
        )}
      </ButtonGroup>
    </form>
  );
}
