// How long the certificate of a connection still holds; it stands out in its last ninety days.

import { StatusBadge } from "@/components/StatusBadge";
import { useNow } from "@/components/useNow";
import { moment } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useOverviewTexts } from "./texts";
import { daysUntil } from "./totals";

const SOON_DAYS = 90;
const NOW_DAYS = 7;
const MINUTE_MS = 60_000;

export function Certificate({ at }: { readonly at: string | null }) {
  const t = useOverviewTexts();
  const { language } = useLanguage();
  const now = useNow(MINUTE_MS);
  if (at === null) return <span className="zh-soft">{t.noCertificate}</span>;
  const days = daysUntil(at, now);
  const told = days < 0 ? t.certificateGone : t.certificateDays(days);
  return (
    <span title={moment(at, language)}>
      {days >= SOON_DAYS ? told : <StatusBadge tone={days < NOW_DAYS ? "bad" : "warn"}>{told}</StatusBadge>}
    </span>
  );
}
