// How far a plan is: a bar with what came of it, the numbers in words, and the steps.

import { Heading2 } from "@utrecht/component-library-react";
import type { PlanItemState, PlanView } from "@/api/types";
import { Icon, type Sign } from "@/components/Icon";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { allOf, countOf, endedOf, ITEM_STATES, stepsOf, type Step } from "./progress";
import { ItemStateBadge } from "./PlanStateBadge";
import { usePlanTexts } from "./texts";

const STEP_SIGN: Record<Step["stands"], Sign> = { done: "check", now: "play", waits: "clock" };
const BAR_CLASS: Record<PlanItemState, string> = {
  afgeleverd: "zh-bar-ok",
  mislukt: "zh-bar-bad",
  overgeslagen: "zh-bar-calm",
  "inhoud-weg": "zh-bar-warn",
  "niet-gedaan": "zh-bar-calm",
  onderweg: "zh-bar-busy",
  wacht: "zh-bar-rest",
};

export function PlanProgress({ plan }: { readonly plan: PlanView }) {
  const t = usePlanTexts();
  const { language } = useLanguage();
  const count = (value: number) => number(value, language);
  const all = allOf(plan);
  const ended = endedOf(plan);
  const steps = stepsOf(plan);
  const stands = { done: t.plan.stepDone, now: t.plan.stepNow, waits: t.plan.stepWaits };
  const told = t.plan.progressOf(count(ended), count(all));
  return (
    <section className="zh-card" aria-labelledby="plan-progress">
      <Heading2 id="plan-progress">{t.plan.progress}</Heading2>
      <div
        className="zh-bar"
        role="progressbar"
        aria-labelledby="plan-progress"
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={ended}
        aria-valuetext={told}
      >
        {ITEM_STATES.map((state) => (
          <span key={state} className={BAR_CLASS[state]} style={{ flexGrow: countOf(plan, state) }} />
        ))}
      </div>
      <p className="zh-bar-told">
        {told}
        <span className="zh-soft">
          {" · "}
          {t.plan.rate(count(plan.perMinute))} · {t.plan.stopAt(`${number(plan.stopAt * 100, language, 1)}%`)}
        </span>
      </p>
      <ul className="zh-bar-legend">
        {ITEM_STATES.filter((state) => countOf(plan, state) > 0).map((state) => (
          <li key={state}>
            <ItemStateBadge state={state} /> {count(countOf(plan, state))}
          </li>
        ))}
      </ul>
      <ol className="zh-plan-steps">
        {steps.map(({ size, stands: where }, at) => (
          <li
            key={at}
            className={`zh-plan-step zh-plan-step-${where}`}
            aria-current={where === "now" ? "step" : undefined}
          >
            <Icon sign={STEP_SIGN[where]} />
            <span>
              <strong>{t.plan.step(at + 1, steps.length)}</strong>
              {size === null ? t.plan.stepAll : t.plan.stepSize(size, count(size))}
              <span className="zh-soft">{stands[where]}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
