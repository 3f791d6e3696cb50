// Failures, alone and in groups: what may be done with them.

import { path, post, send, type Tagged } from "./client";
import type { FailureDetail, GroupChange, GroupView } from "./types";

export const GROUPS = path("groups");
export const FAILURES = path("failures");

export function groupAddress(id: string): string {
  return path("groups", id);
}

export function failureAddress(id: string): string {
  return path("failures", id);
}

export function changeGroup(id: string, change: GroupChange, tag: string): Promise<Tagged<GroupView>> {
  return send("PATCH", groupAddress(id), { body: change, tag });
}

export function mergeGroups(into: string, groups: readonly string[], reason: string): Promise<GroupView> {
  return post(path("groups", into, "merges"), { groups, reason });
}

export function splitGroup(from: string, failures: readonly string[], reason: string): Promise<GroupView> {
  return post(path("groups", from, "splits"), { failures, reason });
}

/** `tag` says what the person saw: when somebody else did something meanwhile, nothing is done. */
export function replayFailure(id: string, reason: string, tag: string): Promise<FailureDetail> {
  return post(path("failures", id, "replays"), { reason }, tag);
}

export function dropFailure(id: string, reason: string, tag: string): Promise<FailureDetail> {
  return post(path("failures", id, "drops"), { reason }, tag);
}
