// The data flows in words: from what, to what, which messages, and how.

import { Link } from "react-router";
import type { FlowMap } from "@/api/types";
import { Icon } from "@/components/Icon";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { nameOf } from "./layout";
import { useMapTexts } from "./texts";

type MapNode = FlowMap["nodes"][number];

export function FlowTable({ map }: { readonly map: FlowMap }) {
  const t = useMapTexts();
  const nodes = new Map(map.nodes.map((node) => [node.id, node]));
  return (
    <div className="zh-card">
      <table className="zh-table zh-flow-table" aria-label={t.title}>
        <thead>
          <tr>
            <th scope="col">{t.from}</th>
            <th scope="col">{t.to}</th>
            <th scope="col">{t.way}</th>
            <th scope="col">{t.messages}</th>
          </tr>
        </thead>
        <tbody>
          {map.edges.map((edge) => (
            <tr key={`${edge.fromNode} ${edge.toNode} ${String(edge.question)}`}>
              <th scope="row">
                <NodeName node={nodes.get(edge.fromNode)} />
              </th>
              <td data-head={t.to}>
                <NodeName node={nodes.get(edge.toNode)} />
              </td>
              <td data-head={t.way}>{edge.question ? t.question : t.message}</td>
              <td data-head={t.messages}>
                <ul className="zh-flow-messages">
                  {edge.messages.map((message) => (
                    <li key={message}>
                      <code>{message}</code>
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NodeName({ node }: { readonly node: MapNode | undefined }) {
  const t = useMapTexts();
  const { language } = useLanguage();
  if (node === undefined) return null;
  return (
    <>
      {node.connection == null ? (
        nameOf(node)
      ) : (
        <Link className="utrecht-link" to={`/connections/${encodeURIComponent(node.connection)}`}>
          {nameOf(node)}
        </Link>
      )}{" "}
      <span className="zh-soft">{t.kinds[node.kind]}</span>
      {node.failuresOpen > 0 && (
        <span className="zh-flow-failing">
          <Icon sign="stop" />
          {t.failures(number(node.failuresOpen, language))}
        </span>
      )}
    </>
  );
}
