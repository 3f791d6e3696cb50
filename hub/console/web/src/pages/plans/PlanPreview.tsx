// What a plan does, as it was frozen.

import { Heading2 } from "@utrecht/component-library-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { PlanView } from "@/api/types";
import { Foreign } from "@/components/Foreign";
import { duration, moment, number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { usePlanTexts } from "./texts";

const MINUTE_S = 60;

export function PlanPreview({ plan }: { readonly plan: PlanView }) {
  const t = usePlanTexts();
  const { language } = useLanguage();
  const count = (value: number) => number(value, language);
  const at = (moment_: string | null) => (moment_ === null ? "–" : moment(moment_, language));
  const minutes = plan.minutesExpected < 1 ? t.plan.aMinute : duration(plan.minutesExpected * MINUTE_S, language);
  return (
    <section className="zh-card" aria-labelledby="plan-preview">
      <Heading2 id="plan-preview">{t.plan.preview}</Heading2>
      <dl className="zh-figures">
        <Figure name={t.plan.count}>{count(plan.count)}</Figure>
        <Figure name={t.plan.zaken}>{count(plan.zaken)}</Figure>
        <Figure name={t.plan.superseded} marked={plan.supersededCount > 0}>
          {count(plan.supersededCount)}
        </Figure>
        <Figure name={t.plan.gone} marked={plan.goneCount > 0}>
          {count(plan.goneCount)}
        </Figure>
        <Figure name={t.plan.takenAlong} marked={plan.takenAlong > 0}>
          {count(plan.takenAlong)}
        </Figure>
        <Figure name={t.plan.minutes}>{minutes}</Figure>
      </dl>
      <dl className="zh-facts zh-plan-facts">
        <Fact name={t.plan.targets}>
          <Counts counts={plan.targets} />
        </Fact>
        <Fact name={t.plan.kinds}>
          <Counts counts={plan.kinds} />
        </Fact>
        <Fact name={t.plan.oldest}>{at(plan.oldestAt)}</Fact>
        <Fact name={t.plan.newest}>{at(plan.newestAt)}</Fact>
        <Fact name={t.plan.mode}>{t.mode[plan.mode]}</Fact>
        <Fact name={t.plan.treat}>{t.superseded[plan.superseded]}</Fact>
        {plan.redirect !== null && <Fact name={t.plan.redirect}>{plan.redirect}</Fact>}
        <Fact name={t.plan.madeBy}>
          {plan.madeBy}, {moment(plan.madeAt, language)}
        </Fact>
        {plan.approvedBy !== "" && <Fact name={t.plan.approvedBy}>{plan.approvedBy}</Fact>}
        <Fact name={t.plan.reason}>
          <Foreign text={plan.reason} />
        </Fact>
        {plan.againOf !== null && (
          <Fact name={t.plan.againOf}>
            <Link className="utrecht-link" to={`/plans/${plan.againOf}`}>
              {t.plan.againOfLink}
            </Link>
          </Fact>
        )}
      </dl>
    </section>
  );
}

interface Told {
  readonly name: string;
  readonly children: ReactNode;
}

function Figure({ name, children, marked = false }: Told & { readonly marked?: boolean }) {
  return (
    <div className={marked ? "zh-figure zh-figure-marked" : "zh-figure"}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Fact({ name, children }: Told) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Counts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  const { language } = useLanguage();
  return (
    <ul className="zh-plan-counts">
      {Object.entries(counts).map(([name, count]) => (
        <li key={name}>
          <Foreign text={name} /> <span className="zh-soft">({number(count, language)})</span>
        </li>
      ))}
    </ul>
  );
}
