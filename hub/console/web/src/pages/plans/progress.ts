// How far a plan is, from its counts. Pure.

import type { PlanItemState, PlanState, PlanView } from "@/api/types";

/** In the order in which they are shown: what came of it first, what is still to come last. */
export const ITEM_STATES = [
  "afgeleverd",
  "mislukt",
  "overgeslagen",
  "inhoud-weg",
  "niet-gedaan",
  "onderweg",
  "wacht",
] as const satisfies readonly PlanItemState[];

const ENDED: ReadonlySet<PlanItemState> = new Set([
  "afgeleverd",
  "mislukt",
  "overgeslagen",
  "inhoud-weg",
  "niet-gedaan",
]);

export function countOf(plan: PlanView, state: PlanItemState): number {
  return plan.states[state] ?? 0;
}

export function allOf(plan: PlanView): number {
  return ITEM_STATES.reduce((sum, state) => sum + countOf(plan, state), 0);
}

export function endedOf(plan: PlanView): number {
  return ITEM_STATES.filter((state) => ENDED.has(state)).reduce((sum, state) => sum + countOf(plan, state), 0);
}

export interface Step {
  readonly size: number | null;
  readonly stands: "done" | "now" | "waits";
}

/** The steps of the ramp and, last, the others. */
export function stepsOf(plan: PlanView): Step[] {
  const over: ReadonlySet<PlanState> = new Set(["klaar", "geannuleerd"]);
  const begun = plan.state !== "bevroren";
  return [...plan.ramp, null].map((size, at) => {
    const passed = at < plan.step || plan.state === "klaar";
    const now = begun && at === plan.step && !over.has(plan.state);
    return { size, stands: passed ? "done" : now ? "now" : "waits" };
  });
}

export type Command = "start" | "pause" | "resume" | "cancel" | "approve" | "again";

/** What may be done with it, by whoever has the rights. */
export function commandsOf(
  plan: PlanView,
  me: { readonly name: string; may: (right: "herhalen" | "goedkeuren") => boolean },
) {
  const found: Command[] = [];
  const replay = me.may("herhalen");
  const blocked = plan.needsApproval && plan.approvedBy === "";
  if (blocked && plan.state === "bevroren" && plan.madeBy !== me.name && me.may("goedkeuren")) found.push("approve");
  if (!replay) return found;
  if (plan.state === "bevroren" && !blocked && countOf(plan, "wacht") > 0) found.push("start");
  if (plan.state === "loopt") found.push("pause");
  if (plan.state === "gepauzeerd") found.push("resume");
  if (plan.state === "bevroren" || plan.state === "loopt" || plan.state === "gepauzeerd") found.push("cancel");
  const over = plan.state === "klaar" || plan.state === "geannuleerd";
  if (over && countOf(plan, "mislukt") + countOf(plan, "niet-gedaan") > 0) found.push("again");
  return found;
}
