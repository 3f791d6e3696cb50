// What waits in the queue of the zaak, in order.

import { Link } from "react-router";
import type { FailureView, QueueItem, WaitState } from "@/api/types";
import { Foreign } from "@/components/Foreign";
import { RelativeTime } from "@/components/RelativeTime";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { useComponentTexts } from "@/components/texts";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { useFailureTexts } from "./texts";

const TONES: Record<WaitState, Tone> = {
  "wacht-op-mens": "bad",
  "wacht-op-poging": "busy",
  "wacht-op-voorganger": "calm",
  "wacht-op-herhaalplan": "warn",
};

interface Props {
  readonly queue: readonly QueueItem[];
  readonly failure: FailureView;
}

export function QueueOfZaak({ queue, failure }: Props) {
  const t = useFailureTexts();
  const { waitState } = useComponentTexts();
  const { language } = useLanguage();
  const at = queue.findIndex(({ message }) => message === failure.message);
  const unseen = at < 0 ? 0 : failure.behind - (queue.length - at - 1);
  return (
    <section className="zh-card" aria-labelledby="queue">
      <h2 id="queue">{t.queue}</h2>
      {queue.length === 0 ? (
        <p className="zh-soft">{t.queueEmpty}</p>
      ) : (
        <>
          <p className="zh-soft zh-small">{t.queueWhat}</p>
          <ol className="zh-queue">
            {queue.map((item) => (
              <li key={item.message} aria-current={item.message === failure.message ? "true" : undefined}>
                <span className="zh-queue-kind">
                  {item.failure && item.failure !== failure.id ? (
                    <Link to={`/failures/${encodeURIComponent(item.failure)}`}>
                      <Foreign text={item.kind} />
                    </Link>
                  ) : (
                    <Foreign text={item.kind} />
                  )}
                  {item.message === failure.message && <strong className="zh-small"> · {t.thisOne}</strong>}
                </span>
                <StatusBadge tone={TONES[item.state]} {...(item.state === "wacht-op-mens" ? { sign: "person" } : {})}>
                  {waitState[item.state]}
                </StatusBadge>
                {item.state === "wacht-op-poging" && (
                  <span className="zh-small zh-soft">
                    <RelativeTime at={item.nextAt} />
                  </span>
                )}
              </li>
            ))}
          </ol>
          {unseen > 0 && <p className="zh-soft zh-small">{t.queueMore(number(unseen, language))}</p>}
        </>
      )}
    </section>
  );
}
