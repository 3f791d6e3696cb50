// Replay plans: made of a selection, frozen, then let go of step by step.

import { path, post } from "./client";
import type { PlanCommand, PlanRequest, PlanView } from "./types";

export const PLANS = path("plans");

export function planAddress(id: string, ...part: readonly string[]): string {
  return path("plans", id, ...part);
}

export function freezePlan(request: PlanRequest): Promise<PlanView> {
  return post(PLANS, request);
}

/** `again` gives a new plan, of what failed in this one; every other command gives this one. */
export function commandPlan(id: string, command: PlanCommand): Promise<PlanView> {
  return post(planAddress(id, "commands"), command);
}
