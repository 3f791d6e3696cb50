// The top of a page: its one heading, which gets the focus when somebody came here from another page.

import { Heading1 } from "@utrecht/component-library-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useLocation } from "react-router";
import { Foreign } from "@/components/Foreign";

interface Props {
  readonly title: string;
  /** Small, above the title: where this page belongs. */
  readonly above?: ReactNode;
  /** Under the title. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

let opened = "";

export function PageHead({ title, above, children, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = `${title} · Zaakhub`;
  }, [title]);
  useEffect(() => {
    // Not at the first page: there a reader begins at the top. Not at a filter: that is the same page.
    if (opened !== "" && opened !== pathname) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    opened = pathname;
  }, [pathname]);
  return (
    <div className="zh-page-head">
      <div className="zh-page-title">
        {above && <div className="zh-above">{above}</div>}
        <Heading1 ref={heading} tabIndex={-1}>
          <Foreign text={title} />
        </Heading1>
        {children}
      </div>
      {actions && <div className="zh-page-actions">{actions}</div>}
    </div>
  );
}
