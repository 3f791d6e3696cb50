// One replay plan: what it does, how far it is, and what may be done with it now. It follows the plan by itself.

import { Alert, Button, ButtonGroup, Heading2, Paragraph } from "@utrecht/component-library-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { get } from "@/api/client";
import { useEvents } from "@/api/events";
import { commandPlan, planAddress } from "@/api/plans";
import type { PlanView } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { ErrorPanel } from "@/components/ErrorPanel";
import { Foreign } from "@/components/Foreign";
import { Icon, type Sign } from "@/components/Icon";
import { ReasonDialog } from "@/components/ReasonDialog";
import { moment, number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { PlanItems } from "./PlanItems";
import { PlanPreview } from "./PlanPreview";
import { PlanProgress } from "./PlanProgress";
import { PlansLink } from "./PlansLink";
import { PlanStateBadge } from "./PlanStateBadge";
import "./plans.css";
import { commandsOf, countOf, type Command } from "./progress";
import { usePlanTexts } from "./texts";

const SIGN_OF: Record<Command, Sign> = {
  start: "play",
  pause: "pause",
  resume: "play",
  cancel: "cross",
  approve: "check",
  again: "retry",
};
const FIRST: ReadonlySet<Command> = new Set(["start", "resume", "approve", "again"]);

export function Component() {
  const { id = "" } = useParams();
  const address = planAddress(id);
  const {
    data: plan,
    error,
    refetch,
  } = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => get<PlanView>(address, undefined, signal),
  });
  if (plan !== undefined) return <Plan plan={plan} />;
  return error === null ? null : <ErrorPanel error={error} onAgain={() => void refetch()} />;
}

function Plan({ plan }: { readonly plan: PlanView }) {
  const t = usePlanTexts();
  const { language } = useLanguage();
  const { session, may } = useSession();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Command | null>(null);
  const over = plan.state === "klaar" || plan.state === "geannuleerd";
  const address = planAddress(plan.id);
  const put = useCallback((newer: PlanView) => client.setQueryData([planAddress(newer.id)], newer), [client]);
  // A frozen plan may be started by somebody else, so it is followed too.
  useEvents(over ? null : planAddress(plan.id, "events"), (data) => put(JSON.parse(data) as PlanView), ["plan"]);

  const commands = commandsOf(plan, { name: session.name, may });
  const blocked = plan.needsApproval && plan.approvedBy === "" && plan.state === "bevroren";
  return (
    <>
      <PageHead
        title={t.planOf(moment(plan.madeAt, language))}
        above={<PlansLink />}
        actions={
          <ButtonGroup>
            {commands.map((command) => (
              <Button
                key={command}
                appearance={FIRST.has(command) ? "primary-action-button" : "secondary-action-button"}
                onClick={() => setAsked(command)}
              >
                <Icon sign={SIGN_OF[command]} />
                {t.plan.command[command]}
              </Button>
            ))}
          </ButtonGroup>
        }
      >
        <p className="zh-plan-stands" role="status">
          <PlanStateBadge state={plan.state} />
          {plan.stateReason && <Foreign text={plan.stateReason} />}
        </p>
      </PageHead>
      {blocked && (
        <Alert type="info" icon={<Icon sign="person" />}>
          <Paragraph>{plan.madeBy === session.name ? t.plan.yoursToApprove : t.plan.needsApproval}</Paragraph>
        </Alert>
      )}
      {plan.state === "bevroren" && countOf(plan, "wacht") === 0 && (
        <Alert type="warning" icon={<Icon sign="alert" />}>
          <Paragraph>{t.plan.nothingToDo}</Paragraph>
        </Alert>
      )}
      <div className="zh-stack">
        {plan.state !== "bevroren" && <PlanProgress plan={plan} />}
        <PlanPreview plan={plan} />
        <section className="zh-card" aria-labelledby="plan-items">
          <Heading2 id="plan-items">{t.plan.items}</Heading2>
          <PlanItems plan={plan} />
        </section>
      </div>
      {asked !== null && (
        <CommandDialog
          plan={plan}
          command={asked}
          onDone={(newer) => {
            put(newer);
            void client.invalidateQueries({ queryKey: [`${address}/items`] });
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

interface CommandProps {
  readonly plan: PlanView;
  readonly command: Command;
  readonly onDone: (newer: PlanView) => void;
  readonly onClose: () => void;
}

function CommandDialog({ plan, command, onDone, onClose }: CommandProps) {
  const t = usePlanTexts();
  const { language } = useLanguage();
  const navigate = useNavigate();
  const what = t.plan.confirm[command];
  return (
    <ReasonDialog
      title={t.plan.command[command]}
      action={t.plan.command[command]}
      danger={command === "cancel"}
      onConfirm={async (reason) => {
        const newer = await commandPlan(plan.id, { command, reason });
        if (newer.id === plan.id) onDone(newer);
        else await navigate(`/plans/${newer.id}`);
      }}
      onClose={onClose}
    >
      <Paragraph>
        {typeof what === "string" ? what : what(number(countOf(plan, "wacht"), language), number(plan.zaken, language))}
      </Paragraph>
    </ReasonDialog>
  );
}
