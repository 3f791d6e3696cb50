// Connections, and whether their messages go on.

import { path, send } from "./client";
import type { ConnectionSummary, FlowChange } from "./types";

export const CONNECTIONS = path("connections");
export const OVERVIEW_EVENTS = path("events");

export async function changeFlow(name: string, change: FlowChange): Promise<ConnectionSummary> {
  return (await send<ConnectionSummary>("PUT", path("connections", name, "flow"), { body: change })).value;
}
