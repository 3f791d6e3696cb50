// Nothing to show: why that is, and what can be done.

import { Paragraph } from "@utrecht/component-library-react";
import type { ReactNode } from "react";
import { Icon, type Sign } from "./Icon";

interface Props {
  readonly title: string;
  readonly sign?: Sign;
  readonly children?: ReactNode;
}

export function EmptyState({ title, sign = "check", children }: Props) {
  return (
    <div className="zh-empty">
      <Icon sign={sign} />
      <Paragraph className="zh-empty-title">{title}</Paragraph>
      {children}
    </div>
  );
}
