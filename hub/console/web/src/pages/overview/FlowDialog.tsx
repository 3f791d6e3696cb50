// Pause or resume a connection, with a reason.

import { useState } from "react";
import { changeFlow } from "@/api/connections";
import type { ConnectionSummary } from "@/api/types";
import { TextField } from "@/components/Field";
import { ReasonDialog } from "@/components/ReasonDialog";
import { useOverviewTexts } from "./texts";

interface Props {
  readonly connection: ConnectionSummary;
  readonly onClose: () => void;
}

export function FlowDialog({ connection, onClose }: Props) {
  const t = useOverviewTexts();
  const [until, setUntil] = useState("");
  // As it was when the dialog opened: what changes meanwhile must not turn a pause into its opposite.
  const [paused] = useState(connection.flow === "gepauzeerd" || connection.flow === "gestopt");
  const { name } = connection;
  return (
    <ReasonDialog
      title={paused ? t.resumeOf(name) : t.pauseOf(name)}
      action={paused ? t.resume : t.pause}
      onClose={onClose}
      onConfirm={(reason) =>
        changeFlow(name, {
          flow: paused ? "loopt" : "gepauzeerd",
          reason,
          until: paused || until === "" ? null : new Date(until).toISOString(),
        })
      }
    >
      <p>{paused ? t.resumeWhat : t.pauseWhat}</p>
      {!paused && (
        <TextField
          label={t.pauseUntil}
          hint={t.pauseUntilHint}
          type="datetime-local"
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
      )}
    </ReasonDialog>
  );
}
