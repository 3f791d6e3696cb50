// "3 minuten geleden", with the moment itself for whoever points at it or reads it aloud.

import { moment, relative } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useNow } from "./useNow";

export function RelativeTime({ at }: { readonly at: string | null }) {
  const { language } = useLanguage();
  const now = useNow();
  if (at === null) return <span aria-hidden="true">–</span>;
  return (
    <time dateTime={at} title={moment(at, language)}>
      {relative(at, now, language)}
    </time>
  );
}
