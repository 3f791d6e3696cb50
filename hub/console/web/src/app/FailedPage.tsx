// A page whose content could not be had: it keeps its heading, and says why.

import { ErrorPanel } from "@/components/ErrorPanel";
import { asProblem } from "@/api/problem";
import { PageHead } from "./PageHead";
import { useShellTexts } from "./texts";

const NOT_FOUND = 404;

interface Props {
  readonly error: unknown;
  readonly onAgain: () => void;
}

export function FailedPage({ error, onAgain }: Props) {
  const t = useShellTexts();
  return (
    <>
      <PageHead title={asProblem(error).status === NOT_FOUND ? t.gone : t.failed} />
      <ErrorPanel error={error} onAgain={onAgain} />
    </>
  );
}
