// How something stands: a tone, a sign and a word. The word says it; tone and sign help whoever sees them.

import { StatusBadge as UtrechtStatusBadge } from "@utrecht/component-library-react";
import type { ReactNode } from "react";
import { Icon, type Sign } from "./Icon";

export type Tone = "ok" | "busy" | "warn" | "bad" | "calm";

const SIGN_OF: Record<Tone, Sign> = { ok: "check", busy: "retry", warn: "alert", bad: "stop", calm: "dash" };

interface Props {
  readonly tone: Tone;
  readonly sign?: Sign;
  readonly children: ReactNode;
}

export function StatusBadge({ tone, sign = SIGN_OF[tone], children }: Props) {
  return (
    <UtrechtStatusBadge className={`zh-badge zh-tone-${tone}`}>
      <Icon sign={sign} />
      <span>{children}</span>
    </UtrechtStatusBadge>
  );
}
