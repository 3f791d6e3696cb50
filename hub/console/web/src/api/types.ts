// The names that the console uses for what the API says. The shapes are generated (`npm run types`), never typed over.

import type { components } from "./openapi";

type Schemas = components["schemas"];

/** Of what is asked, a field with a default may be left out; the generator knows that only of what is told. */
type Asked<T, Needed extends keyof T> = Pick<T, Needed> & Partial<Omit<T, Needed>>;

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type Right = Schemas["Right"];
export type Role = Schemas["Role"];
export type SessionView = Schemas["SessionView"];
export type Unmasking = Schemas["Unmasking"];
export type ConnectionSummary = Schemas["ConnectionSummary"];
export type ConnectionSheet = Schemas["ConnectionSheet"];
export type Flow = Schemas["Flow"];
export type FlowChange = Schemas["FlowChange"];
export type FlowMap = Schemas["FlowMap"];
export type GroupView = Schemas["GroupView"];
export type GroupChange = Schemas["GroupChange"];
export type FailureView = Schemas["FailureView"];
export type FailureDetail = Schemas["FailureDetail"];
export type FailureState = Schemas["FailureState"];
export type QueueItem = Schemas["QueueItem"];
export type WaitState = Schemas["WaitState"];
export type Content = Schemas["Content"];
export type Pane = Schemas["Pane"];
export type Trace = Schemas["Trace"];
export type FieldTrace = Schemas["FieldTrace"];
export type EditPart = Schemas["EditPart"];
export type EditRequest = Schemas["EditRequest"];
export type EditLine = Schemas["EditLine"];
export type EditView = Schemas["EditView"];
export type Suggestion = Schemas["Suggestion"];
export type PlanRequest = Asked<Schemas["PlanRequest"], "selection" | "reason">;
export type PlanView = Schemas["PlanView"];
export type PlanItemView = Schemas["PlanItemView"];
export type PlanItemState = Schemas["PlanItemState"];
export type PlanState = Schemas["PlanState"];
export type PlanCommand = Schemas["PlanCommand"];
export type Selection = Schemas["Selection"];
export type SearchRequest = Schemas["SearchRequest"];
export type Found = Schemas["Found"];
export type TimelineView = Schemas["TimelineView"];
export type PlaygroundRequest = Schemas["PlaygroundRequest"];
export type PlaygroundResult = Schemas["PlaygroundResult"];
export type MappingFiles = Schemas["MappingFiles"];
export type MappingProblem = Schemas["Problem"];
export type CaseRequest = Schemas["CaseRequest"];
export type AuditLine = Schemas["AuditLine"];
export type AuditVerification = Schemas["AuditVerification"];
export type AlertView = Schemas["AlertView"];
