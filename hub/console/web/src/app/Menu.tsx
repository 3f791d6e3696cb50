// The menu: the pages that this person may see, in three parts.

import { NavLink } from "react-router";
import { Icon } from "@/components/Icon";
import { MENU, type Part } from "./places";
import { useSession } from "./session";
import { useShellTexts } from "./texts";

const PARTS: readonly Part[] = ["watch", "repair", "know"];

interface Props {
  /** Whether it is folded out; only where the window is too narrow to show it always. */
  readonly open: boolean;
  readonly onGone: () => void;
}

export function Menu({ open, onGone }: Props) {
  const t = useShellTexts();
  const { may } = useSession();
  const shown = MENU.filter(({ right }) => may(right));
  return (
    <nav id="menu" className={open ? "zh-menu zh-menu-open" : "zh-menu"} aria-label={t.nav}>
      {PARTS.map((part) => (
        <div key={part} className="zh-menu-part">
          <p className="zh-menu-name" id={`menu-${part}`}>
            {t.part[part]}
          </p>
          <ul aria-labelledby={`menu-${part}`}>
            {shown
              .filter((place) => place.part === part)
              .map(({ name, path, sign }) => (
                <li key={name}>
                  <NavLink to={path} end={path === "/"} onClick={onGone}>
                    <Icon sign={sign} />
                    {t.page[name]}
                  </NavLink>
                </li>
              ))}
          </ul>
        </div>
      ))}
      <p className="zh-menu-foot">
        <NavLink to="/accessibility" onClick={onGone}>
          {t.accessibility}
        </NavLink>
      </p>
    </nav>
  );
}
