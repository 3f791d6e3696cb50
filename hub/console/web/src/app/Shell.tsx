// The frame around every page: skip link, header, menu, and the page itself.

import { Button, SkipLink } from "@utrecht/component-library-react";
import { useState } from "react";
import { Outlet, useNavigate } from "react-router";
import { Icon } from "@/components/Icon";
import { HelpDialog } from "./HelpDialog";
import { LanguageSwitch } from "./LanguageSwitch";
import { Logout } from "./Logout";
import { Menu } from "./Menu";
import { MENU } from "./places";
import { useSession } from "./session";
import { useShortcut } from "./shortcuts";
import { useShellTexts } from "./texts";

export function Shell() {
  const t = useShellTexts();
  const { session, may } = useSession();
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  const navigate = useNavigate();
  useShortcut("?", t.help.open, () => setHelp(true));
  useShortcut("/", t.toSearch, () => void navigate("/search?focus=1"));
  return (
    <>
      <SkipLink href="#content">{t.skip}</SkipLink>
      {MENU.filter(({ right }) => may(right)).map(({ name, path, letter }) => (
        <GoTo key={name} keys={`g ${letter}`} label={t.goTo(t.page[name])} path={path} />
      ))}
      <header className="zh-header">
        <div className="zh-brand">
          <span className="zh-logo" aria-hidden="true" />
          <span className="zh-brand-name">Zaakhub</span>
          <span className="zh-gemeente">{session.gemeente}</span>
          <span className={session.omgeving === "productie" ? "zh-omgeving zh-omgeving-productie" : "zh-omgeving"}>
            {session.omgeving}
          </span>
        </div>
        <div className="zh-person">
          <LanguageSwitch />
          <Button
            appearance="subtle-button"
            className="zh-small-button"
            aria-label={t.help.open}
            onClick={() => setHelp(true)}
          >
            <Icon sign="help" />
          </Button>
          <span className="zh-person-name">
            <Icon sign="person" />
            <span className="zh-only-read">{t.loggedInAs} </span>
            {session.name}
          </span>
          <Logout />
          <Button
            appearance="subtle-button"
            className="zh-small-button zh-menu-button"
            aria-expanded={menu}
            aria-controls="menu"
            onClick={() => setMenu(!menu)}
          >
            <Icon sign="menu" />
            {t.menu}
          </Button>
        </div>
      </header>
      <div className="zh-body">
        <Menu open={menu} onGone={() => setMenu(false)} />
        <main id="content" className="zh-main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

function GoTo({ keys, label, path }: { readonly keys: string; readonly label: string; readonly path: string }) {
  const navigate = useNavigate();
  useShortcut(keys, label, () => void navigate(path));
  return null;
}
