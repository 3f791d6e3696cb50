// Where a plan, or one message of it, stands.

import type { PlanItemState, PlanState } from "@/api/types";
import type { Sign } from "@/components/Icon";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { usePlanTexts } from "./texts";

const PLAN: Record<PlanState, [Tone, Sign]> = {
  bevroren: ["calm", "clock"],
  loopt: ["busy", "play"],
  gepauzeerd: ["warn", "pause"],
  geannuleerd: ["calm", "cross"],
  klaar: ["ok", "check"],
};

const ITEM: Record<PlanItemState, [Tone, Sign]> = {
  wacht: ["calm", "clock"],
  onderweg: ["busy", "arrow"],
  afgeleverd: ["ok", "check"],
  mislukt: ["bad", "stop"],
  overgeslagen: ["calm", "dash"],
  "inhoud-weg": ["warn", "alert"],
  "niet-gedaan": ["calm", "cross"],
};

export function PlanStateBadge({ state }: { readonly state: PlanState }) {
  const t = usePlanTexts();
  const [tone, sign] = PLAN[state];
  return (
    <StatusBadge tone={tone} sign={sign}>
      {t.state[state]}
    </StatusBadge>
  );
}

export function ItemStateBadge({ state }: { readonly state: PlanItemState }) {
  const t = usePlanTexts();
  const [tone, sign] = ITEM[state];
  return (
    <StatusBadge tone={tone} sign={sign}>
      {t.itemState[state]}
    </StatusBadge>
  );
}
