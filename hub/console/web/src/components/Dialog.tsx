// A dialog in front of the page: it holds the focus, Escape closes it, and the focus goes back to where it was.

import { Button, Heading2 } from "@utrecht/component-library-react";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { Icon } from "./Icon";
import { useComponentTexts } from "./texts";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

export function Dialog({ title, onClose, children, wide = false }: Props) {
  const t = useComponentTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    // A browser chooses the button that closes it; who opened a form wants to fill it in.
    shown?.querySelector<HTMLElement>("form :is(input, select, textarea)")?.focus();
    return () => {
      shown?.close();
      // React takes the dialog away before the browser gives the focus back by itself.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "zh-dialog zh-dialog-wide" : "zh-dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="zh-dialog-head">
        <Heading2 id={id}>{title}</Heading2>
        <Button appearance="subtle-button" className="zh-small-button" aria-label={t.close} onClick={onClose}>
          <Icon sign="cross" />
        </Button>
      </div>
      {children}
    </dialog>
  );
}
