// The data flows as a map: systems outside, connections within, events in the middle. What has the focus shows what it is
// tied to.

import {
  Background,
  BaseEdge,
  Controls,
  getBezierPath,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type EdgeProps,
  type Node,
  type NodeProps,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import type { FlowMap } from "@/api/types";
import { Icon, type Sign } from "@/components/Icon";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { layout, nameOf, NODE_HEIGHT, NODE_WIDTH } from "./layout";
import { useMapTexts } from "./texts";

type MapNode = FlowMap["nodes"][number];
type DrawnNode = Node<{ readonly node: MapNode; readonly faint: boolean }, "part">;
type DrawnEdge = Edge<{ readonly question: boolean; readonly faint: boolean }, "flow">;

/** Above and below the drawing, in pixels: for the buttons in its corner. */
const MARGIN = 100;
const SIGN_OF: Record<MapNode["kind"], Sign> = { systeem: "zaak", koppeling: "link", domein: "arrow" };
const NODE_TYPES = { part: Part };
const EDGE_TYPES = { flow: Flow };

export function FlowDrawing({ map }: { readonly map: FlowMap }) {
  const t = useMapTexts();
  const [chosen, setChosen] = useState<string | null>(null);
  const placed = useMemo(() => layout(map), [map]);
  const tied = useMemo(() => tiedTo(chosen, map), [chosen, map]);
  const nodes: DrawnNode[] = placed.map(({ node, x, y }) => ({
    id: node.id,
    type: "part",
    position: { x, y },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: { node, faint: tied !== null && !tied.has(node.id) },
    ariaLabel: `${t.kinds[node.kind]} ${nameOf(node)}`,
    focusable: true,
  }));
  const names = new Map(map.nodes.map((node) => [node.id, nameOf(node)]));
  const edges: DrawnEdge[] = map.edges.map((edge) => ({
    id: `${edge.fromNode} ${edge.toNode} ${String(edge.question)}`,
    type: "flow",
    source: edge.fromNode,
    target: edge.toNode,
    markerEnd: { type: MarkerType.ArrowClosed, width: 18, height: 18, color: "#54545f" },
    ariaLabel: t.edge(names.get(edge.fromNode) ?? "", names.get(edge.toNode) ?? ""),
    data: { question: edge.question, faint: tied !== null && edge.fromNode !== chosen && edge.toNode !== chosen },
  }));
  const height = Math.max(...placed.map(({ y }) => 2 * (y + NODE_HEIGHT))) + MARGIN;
  const name = names.get(chosen ?? "");
  return (
    <div className="zh-card zh-flow">
      <p className="zh-soft" role="status">
        {name === undefined ? t.select : t.chosen(name)}
      </p>
      <div
        className="zh-flow-drawing"
        style={{ blockSize: height }}
        onFocus={({ target }) => setChosen(target.closest<HTMLElement>(".react-flow__node")?.dataset.id ?? null)}
        onBlur={() => setChosen(null)}
      >
        <ReactFlow
          aria-label={t.mapLabel}
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          fitView
          fitViewOptions={{ padding: { top: "64px", bottom: "24px", x: "8px" }, maxZoom: 1 }}
          minZoom={0.2}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          preventScrolling={false}
          zoomOnScroll={false}
          elementsSelectable={false}
          onNodeMouseEnter={(_, { id }) => setChosen(id)}
          onNodeMouseLeave={() => setChosen(null)}
          ariaLabelConfig={{
            "node.a11yDescription.default": t.select,
            "node.a11yDescription.keyboardDisabled": t.select,
            "controls.ariaLabel": t.show,
            "controls.zoomIn.ariaLabel": t.zoomIn,
            "controls.zoomOut.ariaLabel": t.zoomOut,
            "controls.fitView.ariaLabel": t.fit,
          }}
        >
          <Background gap={24} />
          <Controls showInteractive={false} position="top-right" orientation="horizontal" />
        </ReactFlow>
      </div>
      <ul className="zh-flow-legend" aria-label={t.legend}>
        <li>{t.solid}</li>
        <li className="zh-flow-dashed">{t.dashed}</li>
      </ul>
    </div>
  );
}

/** The node and all that it is tied to; null when none is chosen. */
function tiedTo(chosen: string | null, { edges }: FlowMap): ReadonlySet<string> | null {
  if (chosen === null) return null;
  const touching = edges.filter((edge) => edge.fromNode === chosen || edge.toNode === chosen);
  return new Set([chosen, ...touching.flatMap((edge) => [edge.fromNode, edge.toNode])]);
}

function Part({ data: { node, faint } }: NodeProps<DrawnNode>) {
  const t = useMapTexts();
  const { language } = useLanguage();
  return (
    <div className={`zh-part zh-part-${node.kind}${faint ? " zh-faint" : ""}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="zh-part-kind">
        <Icon sign={SIGN_OF[node.kind]} />
        {t.kinds[node.kind]}
        {node.failuresOpen > 0 && (
          <span className="zh-flow-failing">
            <Icon sign="stop" />
            <span aria-hidden="true">{number(node.failuresOpen, language)}</span>
            <span className="zh-only-read">{t.failures(number(node.failuresOpen, language))}</span>
          </span>
        )}
      </span>
      {node.connection == null ? (
        <strong>{nameOf(node)}</strong>
      ) : (
        <Link className="utrecht-link nodrag" to={`/connections/${encodeURIComponent(node.connection)}`}>
          {nameOf(node)}
        </Link>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

function Flow(props: EdgeProps<DrawnEdge>) {
  const [line] = getBezierPath(props);
  const { question = false, faint = false } = props.data ?? {};
  const names = [question && "zh-line-dashed", faint && "zh-faint"];
  return (
    <BaseEdge
      path={line}
      className={names.filter(Boolean).join(" ")}
      {...(props.markerEnd ? { markerEnd: props.markerEnd } : {})}
    />
  );
}
