// Says whether values are hidden, and shows them for a while to who may and says why.

import { Button } from "@utrecht/component-library-react";
import { useState } from "react";
import { useSession } from "@/app/session";
import { Icon } from "@/components/Icon";
import { ReasonDialog } from "@/components/ReasonDialog";
import { useNow } from "@/components/useNow";
import { useFailureTexts } from "../texts";

interface Props {
  readonly masked: boolean;
  readonly until: string | null;
  readonly onShow: (reason: string) => Promise<void>;
}

export function MaskBar({ masked, until, onShow }: Props) {
  const t = useFailureTexts();
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  return (
    <div className={masked ? "zh-mask-bar" : "zh-mask-bar zh-mask-off"}>
      <p>
        <Icon sign={masked ? "lock" : "eye"} />
        <strong>{masked ? t.content.hidden : t.content.shown}</strong>
        {masked && <span className="zh-soft"> {may("inhoud") ? t.content.hiddenWhy : t.content.noRight}</span>}
        {until !== null && <CountDown until={until} />}
      </p>
      {masked && may("inhoud") && (
        <Button appearance="secondary-action-button" className="zh-small-button" onClick={() => setAsking(true)}>
          {t.content.show}
        </Button>
      )}
      {asking && (
        <ReasonDialog
          title={t.content.showTitle}
          action={t.content.show}
          onConfirm={onShow}
          onClose={() => setAsking(false)}
        >
          <p>{t.content.showWhat}</p>
        </ReasonDialog>
      )}
    </div>
  );
}

const MINUTE_S = 60;

function CountDown({ until }: { readonly until: string }) {
  const t = useFailureTexts();
  const left = Math.max(0, Math.ceil((new Date(until).getTime() - useNow()) / 1000));
  const seconds = String(left % MINUTE_S).padStart(2, "0");
  return (
    <span role="timer" className="zh-count-down">
      {" "}
      {t.content.shownFor(`${Math.floor(left / MINUTE_S)}:${seconds}`)}
    </span>
  );
}
