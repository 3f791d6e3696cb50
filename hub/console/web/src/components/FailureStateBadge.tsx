// How a failure stands.

import type { FailureState } from "@/api/types";
import { StatusBadge, type Tone } from "./StatusBadge";
import { useComponentTexts } from "./texts";

const TONES: Record<FailureState, Tone> = { open: "bad", "probeert-opnieuw": "busy", opgelost: "ok" };

export function FailureStateBadge({ state }: { readonly state: FailureState }) {
  const t = useComponentTexts();
  return (
    <StatusBadge tone={TONES[state]} {...(state === "open" ? { sign: "person" as const } : {})}>
      {t.failureState[state]}
    </StatusBadge>
  );
}
