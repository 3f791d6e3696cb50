// Nobody is logged in. The address stays, so that one comes back to it.

import { Heading1, Link, Paragraph } from "@utrecht/component-library-react";
import { useEffect } from "react";
import { LanguageSwitch } from "./LanguageSwitch";
import { loginAddress } from "./login";
import { useShellTexts } from "./texts";

export function LoginPage() {
  const t = useShellTexts();
  useEffect(() => {
    document.title = `${t.login.title} · Zaakhub`;
  }, [t]);
  return (
    <main className="zh-login">
      <div className="zh-brand">
        <span className="zh-logo" aria-hidden="true" />
        <span className="zh-brand-name">Zaakhub</span>
      </div>
      <Heading1>{t.login.title}</Heading1>
      <Paragraph>{t.login.why}</Paragraph>
      <Link className="utrecht-button utrecht-button--primary-action zh-link-button" href={loginAddress()}>
        {t.login.button}
      </Link>
      <LanguageSwitch />
    </main>
  );
}
