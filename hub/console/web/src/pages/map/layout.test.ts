import { expect, test } from "vitest";
import type { FlowMap } from "@/api/types";
import { layout } from "./layout";

const node = (id: string, kind: "systeem" | "koppeling" | "domein") => ({
  id,
  label: id,
  kind,
  connection: null,
  failuresOpen: 0,
});
const edge = (fromNode: string, toNode: string, question = false) => ({ fromNode, toNode, messages: [], question });

const MAP: FlowMap = {
  nodes: [
    node("zaaksysteem", "systeem"),
    node("zaken-naar-zgw", "koppeling"),
    node("zaken", "domein"),
    node("formulieren-naar-zaken", "koppeling"),
    node("formulieren", "systeem"),
  ],
  edges: [
    edge("formulieren", "formulieren-naar-zaken"),
    edge("formulieren-naar-zaken", "zaken"),
    edge("formulieren-naar-zaken", "zaken-naar-zgw", true),
    edge("zaken", "zaken-naar-zgw"),
    edge("zaken-naar-zgw", "zaaksysteem"),
  ],
};

test("data goes from left to right: sender, connection, events, connection, receiver", () => {
  const order = layout(MAP)
    .sort((one, other) => one.x - other.x)
    .map(({ node: { id } }) => id);
  expect(order).toEqual(["formulieren", "formulieren-naar-zaken", "zaken", "zaken-naar-zgw", "zaaksysteem"]);
});

test("nodes of a column do not stand on each other", () => {
  const senders = ["een", "twee", "drie"].map((id) => node(id, "systeem"));
  const edges = senders.map(({ id }) => edge(id, "formulieren-naar-zaken"));
  const rows = layout({ nodes: [...MAP.nodes, ...senders], edges: [...MAP.edges, ...edges] })
    .filter(({ x }) => x === 0)
    .map(({ y }) => y);
  expect(new Set(rows).size).toBe(4);
});

test("a system that sends and receives stands where data ends", () => {
  const both = layout({ ...MAP, edges: [...MAP.edges, edge("zaaksysteem", "formulieren-naar-zaken")] });
  const column = (id: string) => both.find(({ node: each }) => each.id === id)?.x ?? 0;
  expect(column("zaaksysteem")).toBeGreaterThan(column("zaken-naar-zgw"));
});
