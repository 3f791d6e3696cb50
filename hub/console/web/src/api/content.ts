// The content of messages: hidden, unless this session asked to see that one.

import { path, post } from "./client";
import type { EditRequest, EditView, Unmasking } from "./types";

export function contentAddress(id: string): string {
  return path("messages", id, "content");
}

export function unmask(message: string, reason: string): Promise<Unmasking> {
  return post(path("unmaskings"), { message, reason });
}

export function editAddress(id: string, ...part: readonly string[]): string {
  return path("edits", id, ...part);
}

export function proposeEdit(edit: EditRequest): Promise<EditView> {
  return post(path("edits"), edit);
}

export function judgeEdit(
  id: string,
  judgement: "approvals" | "rejections" | "applications",
  reason: string,
): Promise<EditView> {
  return post(editAddress(id, judgement), { reason });
}
