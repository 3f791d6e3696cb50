// Puts a text on the clipboard, and says so.

import { Button } from "@utrecht/component-library-react";
import { useEffect, useState } from "react";
import { Icon } from "./Icon";
import { useComponentTexts } from "./texts";

const SHOWN_MS = 2_000;

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useComponentTexts();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = window.setTimeout(() => setDone(false), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [done]);
  const name = label ?? t.copy;
  return (
    <Button
      appearance="subtle-button"
      className="zh-small-button"
      aria-label={name}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    >
      <Icon sign={done ? "check" : "copy"} />
      <span role="status" className={done ? undefined : "zh-only-read"}>
        {done ? t.copied : ""}
      </span>
    </Button>
  );
}
