// Asks before what somebody typed is lost.

import { Button, ButtonGroup } from "@utrecht/component-library-react";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { Dialog } from "@/components/Dialog";
import { useEditTexts } from "./texts";

export function LeaveGuard({ on }: { readonly on: boolean }) {
  const t = useEditTexts();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => on && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!on) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [on]);
  if (blocker.state !== "blocked") return null;
  return (
    <Dialog title={t.leaveTitle} onClose={() => blocker.reset()}>
      <div className="zh-dialog-body">
        <p>{t.leaveWhat}</p>
        <ButtonGroup>
          <Button appearance="primary-action-button" onClick={() => blocker.reset()}>
            {t.stay}
          </Button>
          <Button appearance="secondary-action-button" onClick={() => blocker.proceed()}>
            {t.leave}
          </Button>
        </ButtonGroup>
      </div>
    </Dialog>
  );
}
