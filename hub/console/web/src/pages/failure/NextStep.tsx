// What happens now, and whose turn it is.

import type { FailureView } from "@/api/types";
import { useFaultName } from "@/components/FaultLabel";
import { FailureStateBadge } from "@/components/FailureStateBadge";
import { Foreign } from "@/components/Foreign";
import { RelativeTime } from "@/components/RelativeTime";
import { useFailureTexts } from "./texts";

export function NextStep({ failure }: { readonly failure: FailureView }) {
  const t = useFailureTexts();
  const faultName = useFaultName();
  const { state, nextAt, fault, advice } = failure;
  return (
    <div className="zh-next" aria-live="polite">
      <p className="zh-row">
        <FailureStateBadge state={state} />
        <strong>
          {state === "opgelost" && t.nextDone}
          {state === "probeert-opnieuw" && (
            <>
              {t.nextRetry} {nextAt && <RelativeTime at={nextAt} />}
            </>
          )}
          {state === "open" && t.nextPerson(faultName(fault))}
        </strong>
      </p>
      {state !== "opgelost" && advice && (
        <p>
          <Foreign text={advice} />
        </p>
      )}
    </div>
  );
}
