// Where a correction stands.

import type { EditView } from "@/api/types";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { useFailureTexts } from "./texts";

const TONES: Record<EditView["state"], Tone> = {
  voorgesteld: "warn",
  goedgekeurd: "busy",
  toegepast: "ok",
  afgewezen: "bad",
  ingehaald: "calm",
};

export function EditStateBadge({ state }: { readonly state: EditView["state"] }) {
  const t = useFailureTexts();
  return <StatusBadge tone={TONES[state]}>{t.editState[state]}</StatusBadge>;
}
