// A filter that is typed: it goes into the address when the typing stops.

import { useEffect, useEffectEvent, useState } from "react";
import { TextField } from "./Field";

const REST_MS = 350;

interface Props {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

export function TextFilter({ label, hint, value, onChange }: Props) {
  const [text, setText] = useState(value);
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setText(value);
  }
  const settled = useEffectEvent(() => {
    if (text.trim() !== value) onChange(text.trim());
  });
  useEffect(() => {
    const timer = window.setTimeout(() => settled(), REST_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <TextField
      label={label}
      hint={hint}
      type="search"
      autoComplete="off"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
