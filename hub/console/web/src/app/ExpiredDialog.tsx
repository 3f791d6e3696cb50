// The session has ended. What was filled in stays where it is.

import { Button, ButtonGroup, Link } from "@utrecht/component-library-react";
import { Dialog } from "@/components/Dialog";
import { loginAddress } from "./login";
import { useShellTexts } from "./texts";

export function ExpiredDialog({ onGoOn }: { readonly onGoOn: () => void }) {
  const t = useShellTexts();
  return (
    <Dialog title={t.expired.title} onClose={onGoOn}>
      <p>{t.expired.why}</p>
      <p>
        <Link href={loginAddress()}>{t.expired.here}</Link>
      </p>
      <p>{t.expired.unsaved}</p>
      <p>
        <Link href={loginAddress()} target="_blank">
          {t.expired.newTab}
        </Link>
      </p>
      <ButtonGroup>
        <Button appearance="primary-action-button" onClick={onGoOn}>
          {t.expired.goOn}
        </Button>
      </ButtonGroup>
    </Dialog>
  );
}
