// The hub in five numbers.

import type { ReactNode } from "react";
import { Link } from "react-router";
import { RelativeTime } from "@/components/RelativeTime";
import type { Tone } from "@/components/StatusBadge";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useOverviewTexts } from "./texts";
import type { Totals } from "./totals";

interface Props {
  readonly totals: Totals;
  readonly connections: number;
}

export function Tiles({ totals, connections }: Props) {
  const t = useOverviewTexts();
  const { language } = useLanguage();
  const count = (value: number) => number(value, language);
  return (
    <dl className="zh-tiles" aria-label={t.tiles.label}>
      <Tile
        name={t.tiles.open}
        to="/groups?state=open"
        tone={totals.open > 0 ? "bad" : "ok"}
        value={count(totals.open)}
        unit={t.tiles.openUnit(totals.open)}
      />
      <Tile
        name={t.tiles.retrying}
        to="/groups?state=probeert-opnieuw"
        tone={totals.retrying > 0 ? "busy" : "ok"}
        value={count(totals.retrying)}
        unit={t.tiles.retryingUnit(totals.retrying)}
      />
      <Tile
        name={t.tiles.stopped}
        tone={totals.stopped > 0 ? "warn" : "ok"}
        value={count(totals.stopped)}
        unit={t.tiles.stoppedUnit(count(connections))}
      />
      <Tile
        name={t.tiles.waiting}
        tone="calm"
        value={count(totals.waiting)}
        unit={t.tiles.waitingUnit(count(totals.zaken))}
      />
      <Tile
        name={t.tiles.oldest}
        tone="calm"
        value={
          totals.oldestAt === null ? (
            <span className="zh-tile-word">{t.tiles.nothing}</span>
          ) : (
            <span className="zh-tile-word">
              <RelativeTime at={totals.oldestAt} />
            </span>
          )
        }
      />
    </dl>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly unit?: string;
  readonly tone: Tone;
  readonly to?: string;
}

function Tile({ name, value, unit, tone, to }: TileProps) {
  const shown = (
    <>
      <span className="zh-tile-value">{value}</span> {unit}
    </>
  );
  return (
    <div className={`zh-tile zh-tone-${tone}`}>
      <dt>{name}</dt>
      <dd>{to ? <Link to={to}>{shown}</Link> : shown}</dd>
    </div>
  );
}
