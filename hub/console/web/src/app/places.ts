// Every page of the console: where it is, what it asks for, and which key goes there. Content is loaded when it is opened.
// Nothing personal stands in an address: no BSN, no name.

import type { ComponentType } from "react";
import type { Right } from "@/api/types";
import type { Sign } from "@/components/Icon";

/** What the file of a page exports. */
interface PageModule {
  readonly Component: ComponentType;
}

export interface Place {
  readonly path: string;
  readonly load: () => Promise<PageModule>;
  /** Without it the page is not shown. */
  readonly right: Right;
}

export type MenuName =
  "overview" | "groups" | "failures" | "search" | "plans" | "playground" | "map" | "alerts" | "audit";
export type Part = "watch" | "repair" | "know";

export interface MenuPlace {
  readonly name: MenuName;
  readonly path: string;
  readonly right: Right;
  readonly part: Part;
  readonly sign: Sign;
  /** `g` and this key go there. */
  readonly letter: string;
}

export const MENU: readonly MenuPlace[] = [
  { name: "overview", path: "/", right: "zien", part: "watch", sign: "dot", letter: "o" },
  { name: "alerts", path: "/alerts", right: "zien", part: "watch", sign: "alert", letter: "m" },
  { name: "groups", path: "/groups", right: "zien", part: "repair", sign: "stop", letter: "s" },
  { name: "failures", path: "/failures", right: "zien", part: "repair", sign: "menu", letter: "f" },
  { name: "plans", path: "/plans", right: "zien", part: "repair", sign: "retry", letter: "p" },
  { name: "search", path: "/search", right: "zien", part: "know", sign: "search", letter: "z" },
  { name: "map", path: "/map", right: "zien", part: "know", sign: "link", letter: "k" },
  { name: "playground", path: "/playground", right: "koppeling", part: "know", sign: "edit", letter: "t" },
  { name: "audit", path: "/audit", right: "audit", part: "know", sign: "lock", letter: "a" },
];

export const PLACES: readonly Place[] = [
  { path: "/", right: "zien", load: () => import("@/pages/overview/OverviewPage") },
  { path: "/groups", right: "zien", load: () => import("@/pages/groups/GroupsPage") },
  { path: "/groups/:id", right: "zien", load: () => import("@/pages/groups/GroupPage") },
  { path: "/failures", right: "zien", load: () => import("@/pages/failures/FailuresPage") },
  { path: "/failures/:id", right: "zien", load: () => import("@/pages/failure/FailurePage") },
  { path: "/failures/:id/edit", right: "bewerken", load: () => import("@/pages/edit/EditPage") },
  { path: "/edits/:id", right: "zien", load: () => import("@/pages/edit/ProposalPage") },
  { path: "/messages/:id", right: "zien", load: () => import("@/pages/failure/MessagePage") },
  { path: "/search", right: "zien", load: () => import("@/pages/search/SearchPage") },
  { path: "/timelines/:zaak", right: "zien", load: () => import("@/pages/timeline/TimelinePage") },
  { path: "/plans", right: "zien", load: () => import("@/pages/plans/PlansPage") },
  { path: "/plans/new", right: "herhalen", load: () => import("@/pages/plans/NewPlanPage") },
  { path: "/plans/:id", right: "zien", load: () => import("@/pages/plans/PlanPage") },
  { path: "/playground", right: "koppeling", load: () => import("@/pages/playground/PlaygroundPage") },
  { path: "/map", right: "zien", load: () => import("@/pages/map/MapPage") },
  { path: "/connections/:name", right: "zien", load: () => import("@/pages/sheet/SheetPage") },
  { path: "/alerts", right: "zien", load: () => import("@/pages/alerts/AlertsPage") },
  { path: "/audit", right: "audit", load: () => import("@/pages/audit/AuditPage") },
  { path: "/accessibility", right: "zien", load: () => import("@/pages/accessibility/AccessibilityPage") },
];
