// Whether a connection goes on; if not, why, by whom and until when.

import type { ConnectionSummary, Flow } from "@/api/types";
import { Foreign } from "@/components/Foreign";
import type { Sign } from "@/components/Icon";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { moment } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useOverviewTexts } from "./texts";

const TONES: Record<Flow, [Tone, Sign]> = {
  loopt: ["ok", "check"],
  gepauzeerd: ["warn", "pause"],
  gestopt: ["bad", "stop"],
  onderhoud: ["calm", "clock"],
};

export function FlowBadge({ flow }: { readonly flow: Flow }) {
  const t = useOverviewTexts();
  const [tone, sign] = TONES[flow];
  return (
    <StatusBadge tone={tone} sign={sign}>
      {t.flow[flow]}
    </StatusBadge>
  );
}

export function FlowReason({ connection }: { readonly connection: ConnectionSummary }) {
  const t = useOverviewTexts();
  const { language } = useLanguage();
  const { flow, flowReason, flowBy, flowUntil } = connection;
  if (flow === "loopt") return null;
  const facts = [flowBy && t.flowBy(flowBy), flowUntil && t.flowUntil(moment(flowUntil, language))].filter(Boolean);
  return (
    <p className="zh-connection-reason">
      <Foreign text={flowReason} />
      {facts.length > 0 && <span className="zh-soft"> · {facts.join(", ")}</span>}
    </p>
  );
}
