// Asks why somebody does something, and does it. It stays open with the problem when it could not be done.

import { Button, ButtonGroup } from "@utrecht/component-library-react";
import { useState, type ReactNode } from "react";
import { Dialog } from "./Dialog";
import { ErrorPanel } from "./ErrorPanel";
import { TextareaField } from "./Field";
import { useComponentTexts } from "./texts";

const REASON_LENGTH_MIN = 4;
const REASON_LENGTH_MAX = 500;

interface Props {
  readonly title: string;
  /** What will happen, in full. */
  readonly children?: ReactNode;
  readonly action: string;
  readonly danger?: boolean;
  /** Does it; what it throws is shown. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

export function ReasonDialog({ title, children, action, danger = false, onConfirm, onClose }: Props) {
  const t = useComponentTexts();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const short = reason.trim().length < REASON_LENGTH_MIN;

  async function confirm() {
    setTried(true);
    if (short || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm(reason.trim());
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        {children}
        <TextareaField
          label={t.reason}
          hint={t.reasonHint}
          error={tried && short ? t.reasonShort : undefined}
          value={reason}
          maxLength={REASON_LENGTH_MAX}
          required
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void confirm();
          }}
        />
        {error !== null && <ErrorPanel error={error} />}
        <ButtonGroup>
          <Button
            type="submit"
            appearance="primary-action-button"
            {...(danger ? { hint: "danger" as const } : {})}
            aria-disabled={busy}
          >
            {busy ? t.busy : action}
          </Button>
          <Button appearance="secondary-action-button" onClick={onClose}>
            {t.cancel}
          </Button>
        </ButtonGroup>
      </form>
    </Dialog>
  );
}
