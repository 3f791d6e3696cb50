// Which keys there are, of this page and of every page.

import { Checkbox } from "@utrecht/component-library-react";
import { useId } from "react";
import { Dialog } from "@/components/Dialog";
import { useShortcuts } from "./shortcuts";
import { useShellTexts } from "./texts";

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useShellTexts();
  const { all, on, turn } = useShortcuts();
  const id = useId();
  return (
    <Dialog title={t.help.title} onClose={onClose}>
      <dl className="zh-keys">
        {all().map(({ keys, label }) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>↑</kbd>
            <kbd>↓</kbd>
            <kbd>Enter</kbd>
          </dt>
          <dd>{t.help.lists}</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{t.help.escape}</dd>
        </div>
      </dl>
      <p className="zh-choice">
        <Checkbox id={id} checked={on} onChange={(event) => turn(event.target.checked)} />
        <label htmlFor={id}>{t.help.on}</label>
      </p>
    </Dialog>
  );
}
