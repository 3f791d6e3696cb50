// The columns of what was found.

import { Link } from "react-router";
import type { Found } from "@/api/types";
import type { Column } from "@/components/DataGrid";
import { Foreign } from "@/components/Foreign";
import { RelativeTime } from "@/components/RelativeTime";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { STATES } from "./criteria";
import { useSearchTexts } from "./texts";

type State = (typeof STATES)[number];

const TONES: Record<State, Tone> = {
  geaccepteerd: "busy",
  afgeleverd: "ok",
  mislukt: "bad",
  vervallen: "calm",
  geweigerd: "warn",
  dubbel: "calm",
};

export function useFoundColumns(): readonly Column<Found>[] {
  const t = useSearchTexts();
  return [
    {
      id: "what",
      head: t.column.what,
      width: "minmax(12rem, 2fr)",
      cell: (found) => (
        <>
          <strong className="zh-clip">
            <Foreign text={found.kind} />
          </strong>
          <span className="zh-clip zh-small zh-soft zh-mono">
            <Foreign text={found.reference || found.message} />
          </span>
        </>
      ),
    },
    {
      id: "zaak",
      head: t.column.zaak,
      width: "minmax(10rem, 1.4fr)",
      cell: (found) =>
        found.zaak ? (
          <Link className="zh-mono" to={`/timelines/${encodeURIComponent(found.zaak)}`}>
            <Foreign text={found.zaak} />
          </Link>
        ) : (
          <Foreign text={found.subject || "–"} />
        ),
    },
    {
      id: "from",
      head: t.column.from,
      width: "minmax(9rem, 1.2fr)",
      cell: (found) => (
        <>
          <span className="zh-clip">
            <Foreign text={found.sender || "–"} />
          </span>
          <span className="zh-clip zh-small zh-soft">{found.connection}</span>
        </>
      ),
    },
    {
      id: "state",
      head: t.column.state,
      width: "9rem",
      cell: (found) => {
        const state = STATES.find((each) => each === found.state);
        return state ? <StatusBadge tone={TONES[state]}>{t.state[state]}</StatusBadge> : found.state;
      },
    },
    { id: "at", head: t.column.at, width: "8.5rem", cell: (found) => <RelativeTime at={found.at} /> },
  ];
}
