// The playground: a message through the mappings of a connection, and what it shows kept as a test case.

import { path, post } from "./client";
import type { CaseRequest, PlaygroundRequest, PlaygroundResult, Suggestion } from "./types";

export function mappingsAddress(connection: string): string {
  return path("connections", connection, "mappings");
}

export function tryMappings(request: PlaygroundRequest): Promise<PlaygroundResult> {
  return post(path("playground-runs"), request);
}

export function saveCase(request: CaseRequest): Promise<Suggestion> {
  return post(path("cases"), request);
}
