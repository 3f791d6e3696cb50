// Search by BSN: for who has that right, with a reason. The number stays in this form and goes nowhere but to the hub.

import { Button, ButtonGroup } from "@utrecht/component-library-react";
import { useState } from "react";
import { TextField } from "@/components/Field";
import { useComponentTexts } from "@/components/texts";
import { isBsn, type Person } from "./criteria";
import { useSearchTexts } from "./texts";

const REASON_LENGTH_MIN = 4;
const REASON_LENGTH_MAX = 500;

interface Props {
  readonly person: Person | null;
  readonly onSearch: (person: Person | null) => void;
}

export function PersonForm({ person, onSearch }: Props) {
  const t = useSearchTexts();
  const { reasonShort } = useComponentTexts();
  const [bsn, setBsn] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < REASON_LENGTH_MIN;
  if (person) {
    return (
      <p className="zh-row zh-person-shown">
        <strong>{t.personShown}</strong>
        <Button appearance="secondary-action-button" className="zh-small-button" onClick={() => onSearch(null)}>
          {t.forget}
        </Button>
      </p>
    );
  }
  return (
    <details className="zh-card">
      <summary>{t.person}</summary>
      <form
        className="zh-search"
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!isBsn(bsn) || short) return;
          onSearch({ bsn, reason: reason.trim() });
          setBsn("");
          setReason("");
          setTried(false);
        }}
      >
        <p className="zh-soft zh-small">{t.personWhat}</p>
        <TextField
          label={t.bsn}
          error={tried && !isBsn(bsn) ? t.bsnWrong : undefined}
          value={bsn}
          inputMode="numeric"
          maxLength={9}
          required
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setBsn(event.target.value.replace(/\D/g, ""))}
        />
        <TextField
          label={t.reason}
          hint={t.reasonHint}
          error={tried && short ? reasonShort : undefined}
          value={reason}
          maxLength={REASON_LENGTH_MAX}
          required
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
        <ButtonGroup>
          <Button type="submit" appearance="secondary-action-button">
            {t.searchPerson}
          </Button>
        </ButtonGroup>
      </form>
    </details>
  );
}
