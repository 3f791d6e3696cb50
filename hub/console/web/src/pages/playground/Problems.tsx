// What is wrong with the mappings that were tried, each at its place.

import { Heading2 } from "@utrecht/component-library-react";
import type { MappingProblem } from "@/api/types";
import { StatusBadge } from "@/components/StatusBadge";
import type { RulePlace } from "@/components/trace/trace";
import { usePlaygroundTexts } from "./texts";

interface Props {
  readonly problems: readonly MappingProblem[];
  readonly onShow: (place: RulePlace) => void;
}

export function Problems({ problems, onShow }: Props) {
  const t = usePlaygroundTexts();
  return (
    <section className="zh-card zh-play-problems" aria-labelledby="play-problems">
      <Heading2 id="play-problems">{t.problems}</Heading2>
      {problems.length === 0 ? (
        <StatusBadge tone="ok">{t.noProblems}</StatusBadge>
      ) : (
        <ul>
          {problems.map((problem, at) => (
            <li key={at}>
              <StatusBadge tone={problem.severity === "fout" ? "bad" : "warn"}>
                {t.severity[problem.severity]}
              </StatusBadge>
              <button
                type="button"
                className="utrecht-link zh-as-link"
                onClick={() => onShow({ file: problem.file, line: problem.line, focus: true })}
              >
                {t.at(problem.file, problem.line)}
              </button>
              <span>
                {problem.message}
                {problem.advice !== "" && <span className="zh-soft"> {problem.advice}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
