// A problem, told as what, why, whose turn and what next.

import { Alert, Button } from "@utrecht/component-library-react";
import { asProblem, isOvertaken, turnOf } from "@/api/problem";
import { Icon } from "./Icon";
import { useComponentTexts } from "./texts";

interface Props {
  readonly error: unknown;
  /** Ask again, or show how it is now. */
  readonly onAgain?: (() => void) | undefined;
}

export function ErrorPanel({ error, onAgain }: Props) {
  const t = useComponentTexts();
  const problem = asProblem(error);
  const turn = turnOf(problem);
  const lost = turn === "network";
  const advice = lost ? t.unreachableNext : problem.advice;
  return (
    <Alert type="error" role="alert" className="zh-error" icon={<Icon sign="stop" />}>
      <p className="zh-error-title">{lost ? t.unreachable : (t.title[problem.status] ?? problem.title)}</p>
      <p>{lost ? t.unreachableWhy : problem.detail}</p>
      {problem.invalid.length > 0 && (
        <ul>
          {problem.invalid.map((part) => (
            <li key={`${part.place} ${part.path}`}>
              <code>{part.path || part.place}</code>: {part.reason}
            </li>
          ))}
        </ul>
      )}
      <dl>
        <dt>{t.whoseTurn}</dt>
        <dd>{t.turn[turn]}</dd>
        {advice && (
          <>
            <dt>{t.whatNext}</dt>
            <dd>{advice}</dd>
          </>
        )}
        {turn === "hub" && problem.instance && (
          <>
            <dt>{t.number}</dt>
            <dd>
              <code>{problem.instance}</code>
            </dd>
          </>
        )}
      </dl>
      {onAgain && (
        <Button appearance="secondary-action-button" onClick={onAgain}>
          {isOvertaken(problem) ? t.overtaken : t.again}
        </Button>
      )}
    </Alert>
  );
}
