// Ends the session, and forgets everything that this browser was shown.

import { Button } from "@utrecht/component-library-react";
import { send } from "@/api/client";
import { useShellTexts } from "./texts";

export function Logout() {
  const t = useShellTexts();
  async function logout() {
    try {
      const { value } = await send<{ readonly location: string }>("POST", "/logout");
      window.location.assign(value.location);
    } catch {
      // Not logged out, or no answer: the page tells which when it is loaded again.
      window.location.reload();
    }
  }
  return (
    <Button appearance="subtle-button" className="zh-small-button" onClick={logout}>
      {t.logout}
    </Button>
  );
}
