// Making a replay plan: which messages, how, at what pace. It ends in a frozen plan, which is shown before it is started.

import { Button, ButtonGroup, Heading2, Paragraph } from "@utrecht/component-library-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { path } from "@/api/client";
import { usePages } from "@/api/pages";
import { freezePlan, PLANS } from "@/api/plans";
import type { ConnectionSummary } from "@/api/types";
import { PageHead } from "@/app/PageHead";
import { useSession } from "@/app/session";
import { ErrorPanel } from "@/components/ErrorPanel";
import { SelectField, TextareaField, TextField } from "@/components/Field";
import { draftOf, MODES, requestOf, STATES, TREATMENTS, wrongIn, type Draft } from "./draft";
import { PlansLink } from "./PlansLink";
import "./plans.css";
import { usePlanTexts } from "./texts";

export function Component() {
  const t = usePlanTexts();
  const [search] = useSearchParams();
  const [draft, setDraft] = useState(() => draftOf(search));
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  const freeze = useMutation({
    mutationFn: freezePlan,
    onSuccess: async (plan) => {
      await client.invalidateQueries({ queryKey: [PLANS] });
      await navigate(`/plans/${plan.id}`);
    },
  });
  const wrong = wrongIn(draft);
  const shown = tried ? wrong : new Set<never>();
  const put = (name: Exclude<keyof Draft, "failures" | "groups">) => ({
    value: draft[name],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setDraft({ ...draft, [name]: event.target.value }),
  });

  function submit() {
    setTried(true);
    if (wrong.size === 0) freeze.mutate(requestOf(draft));
    // After the messages are there: the first field that is wrong.
    else window.requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  return (
    <>
      <PageHead title={t.new.title} above={<PlansLink />}>
        <Paragraph>{t.intro}</Paragraph>
      </PageHead>
      <form
        ref={form}
        noValidate
        className="zh-plan-form zh-stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <section className="zh-card" aria-labelledby="plan-which">
          <Heading2 id="plan-which">{t.new.which}</Heading2>
          <Paragraph>{t.new.whichWhy}</Paragraph>
          <Chosen draft={draft} />
          {shown.has("nothing") && (
            <p role="alert" className="zh-wrong">
              {t.new.nothing}
            </p>
          )}
          <div className="zh-plan-fields">
            <SelectField
              label={t.new.state}
              options={STATES.map((value) => ({ value, label: t.new.states[value] }))}
              {...put("state")}
            />
            <StageField draft={draft} onChange={(stage) => setDraft({ ...draft, stage })} />
            <TextField label={t.new.zaak} maxLength={100} autoComplete="off" spellCheck={false} {...put("zaak")} />
            <TextField label={t.new.code} maxLength={100} autoComplete="off" spellCheck={false} {...put("code")} />
            <TextField
              label={t.new.kind}
              hint={t.new.kindHint}
              maxLength={100}
              autoComplete="off"
              spellCheck={false}
              {...put("kind")}
            />
            <TextField label={t.new.text} maxLength={200} autoComplete="off" {...put("text")} />
            <TextField label={t.new.since} type="datetime-local" {...put("since")} />
            <TextField label={t.new.until} type="datetime-local" {...put("until")} />
          </div>
        </section>
        <section className="zh-card" aria-labelledby="plan-how">
          <Heading2 id="plan-how">{t.new.how}</Heading2>
          <div className="zh-plan-fields">
            <SelectField
              label={t.new.mode}
              hint={t.modeWhat[draft.mode]}
              options={MODES.map((value) => ({ value, label: t.mode[value] }))}
              {...put("mode")}
            />
            <SelectField
              label={t.new.superseded}
              hint={t.new.supersededHint}
              options={TREATMENTS.map((value) => ({ value, label: t.superseded[value] }))}
              {...put("superseded")}
            />
            <RedirectField draft={draft} onChange={(redirect) => setDraft({ ...draft, redirect })} />
          </div>
        </section>
        <section className="zh-card" aria-labelledby="plan-pace">
          <Heading2 id="plan-pace">{t.new.pace}</Heading2>
          <div className="zh-plan-fields">
            <TextField
              label={t.new.ramp}
              hint={t.new.rampHint}
              error={shown.has("ramp") ? t.new.rampWrong : undefined}
              autoComplete="off"
              {...put("ramp")}
            />
            <TextField
              label={t.new.perMinute}
              error={shown.has("perMinute") ? t.new.perMinuteWrong : undefined}
              inputMode="numeric"
              autoComplete="off"
              {...put("perMinute")}
            />
            <TextField
              label={t.new.stopAt}
              hint={t.new.stopAtHint}
              error={shown.has("stopAt") ? t.new.stopAtWrong : undefined}
              inputMode="decimal"
              autoComplete="off"
              {...put("stopAt")}
            />
          </div>
        </section>
        <TextareaField
          label={t.new.reason}
          hint={t.new.reasonHint}
          error={shown.has("reason") ? t.new.reasonShort : undefined}
          maxLength={500}
          required
          autoComplete="off"
          {...put("reason")}
        />
        {freeze.error !== null && <ErrorPanel error={freeze.error} />}
        <ButtonGroup>
          <Button type="submit" appearance="primary-action-button" aria-disabled={freeze.isPending}>
            {freeze.isPending ? t.new.freezing : t.new.freeze}
          </Button>
          <span className="zh-soft">{t.new.freezeWhy}</span>
        </ButtonGroup>
      </form>
    </>
  );
}

/** What was chosen on another page: it came along in the address. */
function Chosen({ draft }: { readonly draft: Draft }) {
  const t = usePlanTexts();
  const { groups, failures } = draft;
  if (groups.length + failures.length === 0) return null;
  return (
    <ul className="zh-chosen">
      {groups.length > 0 && <li>{t.new.groups(groups.length)}</li>}
      {failures.length > 0 && <li>{t.new.failures(failures.length)}</li>}
    </ul>
  );
}

interface OneOf {
  readonly draft: Draft;
  readonly onChange: (name: string) => void;
}

function useConnections() {
  return usePages<ConnectionSummary>(path("connections")).rows ?? [];
}

function StageField({ draft, onChange }: OneOf) {
  const t = usePlanTexts();
  const names = useConnections().map(({ name }) => name);
  return (
    <SelectField
      label={t.new.stage}
      options={[{ value: "", label: t.new.anyStage }, ...names.map((name) => ({ value: name, label: name }))]}
      value={draft.stage}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function RedirectField({ draft, onChange }: OneOf) {
  const t = usePlanTexts();
  const { may } = useSession();
  const outbound = useConnections().filter(({ direction }) => direction === "outbound");
  if (!may("omleiden")) return null;
  return (
    <SelectField
      label={t.new.redirect}
      options={[{ value: "", label: t.new.noRedirect }, ...outbound.map(({ name }) => ({ value: name, label: name }))]}
      value={draft.redirect}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
