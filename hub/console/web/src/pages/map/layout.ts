// Where each node of the data-flow map stands: senders left, events in the middle, receivers right. Pure.

import type { FlowMap } from "@/api/types";

type MapNode = FlowMap["nodes"][number];
type MapEdge = FlowMap["edges"][number];

export interface Placed {
  readonly node: MapNode;
  readonly x: number;
  readonly y: number;
}

/** A connection goes by its name; what it is about would not fit. */
export function nameOf({ connection, label }: MapNode): string {
  return connection ?? label;
}

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 88;
const COLUMN_GAP = 52;
const ROW_GAP = 24;

const SENDERS = 0;
const INBOUND = 1;
const DOMAINS = 2;
const OUTBOUND = 3;
const RECEIVERS = 4;

/** Place every node; those of a column are ordered by what they are tied to in the columns before it. */
export function layout({ nodes, edges }: FlowMap): Placed[] {
  const columns = new Map(nodes.map((node) => [node.id, columnOf(node, nodes, edges)]));
  const rows = new Map<string, number>();
  const placed: Placed[] = [];
  for (let column = SENDERS; column <= RECEIVERS; column += 1) {
    const here = nodes.filter((node) => columns.get(node.id) === column);
    const wanted = new Map(here.map((node, at) => [node.id, pull(node, edges, rows) ?? at]));
    here.sort((one, other) => (wanted.get(one.id) ?? 0) - (wanted.get(other.id) ?? 0));
    const height = here.length * (NODE_HEIGHT + ROW_GAP) - ROW_GAP;
    here.forEach((node, at) => {
      const y = at * (NODE_HEIGHT + ROW_GAP) - height / 2;
      rows.set(node.id, y);
      placed.push({ node, x: column * (NODE_WIDTH + COLUMN_GAP), y });
    });
  }
  return placed;
}

function columnOf(node: MapNode, nodes: readonly MapNode[], edges: readonly MapEdge[]): number {
  if (node.kind === "domein") return DOMAINS;
  const to = edges.filter((edge) => edge.fromNode === node.id).map((edge) => edge.toNode);
  if (node.kind === "koppeling") {
    const publishes = to.some((id) => nodes.find((each) => each.id === id)?.kind === "domein");
    return publishes ? INBOUND : OUTBOUND;
  }
  const from = edges.filter((edge) => edge.toNode === node.id && !edge.question);
  // A system that does both stands where data ends: that is the system of record.
  return from.length > 0 ? RECEIVERS : SENDERS;
}

/** The middle of the nodes before it that it is tied to. */
function pull(node: MapNode, edges: readonly MapEdge[], rows: ReadonlyMap<string, number>): number | null {
  const tied = edges.flatMap((edge) => {
    const other = edge.toNode === node.id ? edge.fromNode : edge.fromNode === node.id ? edge.toNode : null;
    const row = other === null ? undefined : rows.get(other);
    return row === undefined ? [] : [row];
  });
  return tied.length === 0 ? null : tied.reduce((sum, row) => sum + row, 0) / tied.length;
}
