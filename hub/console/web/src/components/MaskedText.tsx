// A value that may be hidden. The API hides it (`***`); this only makes clear that something is there.

import { Foreign } from "./Foreign";
import { Icon } from "./Icon";
import { useComponentTexts } from "./texts";

const HIDDEN = "***";

export function MaskedText({ text }: { readonly text: string }) {
  const t = useComponentTexts();
  if (text !== HIDDEN) return <Foreign text={text} />;
  return (
    <span className="zh-masked">
      <Icon sign="lock" />
      <span aria-hidden="true">{HIDDEN}</span>
      <span className="zh-only-read">{t.hiddenValue}</span>
    </span>
  );
}
