// The few signs of the console, drawn on a grid of 16. A sign never stands alone for a meaning: a word is beside it.

import type { ReactNode } from "react";

const SIGNS = {
  check: <path d="m3 8.5 3.2 3.2L13 4.8" />,
  cross: <path d="m4 4 8 8m0-8-8 8" />,
  alert: <path d="M8 2 1.6 13.4h12.8L8 2Zm0 4.6v3.2m0 1.9v.1" />,
  stop: <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4l3.6-3.6ZM8 5v3.6m0 2.3v.1" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.6V8l2.4 1.6" />
    </>
  ),
  retry: <path d="M13.4 8A5.4 5.4 0 1 1 11.6 4M13.6 2v3h-3" />,
  pause: <path d="M5.5 3v10m5-10v10" />,
  play: <path d="M4.5 2.8 13 8l-8.5 5.2V2.8Z" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 7.2v3.6M8 4.9v.1" />
    </>
  ),
  dot: <circle cx="8" cy="8" r="3.2" />,
  dash: <path d="M3.5 8h9" />,
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.9" />
      <path d="M2.6 14c.5-3 2.6-4.4 5.4-4.4s4.9 1.4 5.4 4.4" />
    </>
  ),
  lock: <path d="M3.5 7.2h9v6.300h-9V7.200Zm2-.1V5.200a2.5 2.5 0 0 1 5 0v1.9" />,
  eye: (
    <>
      <path d="M1.5 8S4 3.6 8 3.6 14.5 8 14.5 8 12 12.4 8 12.4 1.5 8 1.5 8Z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  copy: <path d="M5.5 5.500h8v8h-8v-8Zm-3 5v-8h8" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.6" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  arrow: <path d="M2.5 8h11m-4-4 4 4-4 4" />,
  down: <path d="m3.5 6 4.5 4.500L12.5 6" />,
  edit: <path d="m2.5 13.5.6-3L10.6 3l2.4 2.4-7.5 7.5-3 .6Z" />,
  link: (
    <path d="M6.5 9.5 9.5 6.500M7 4.500l1.4-1.400a2.9 2.9 0 0 1 4.1 4.100L11.1 8.600M9 11.500l-1.4 1.400a2.9 2.9 0 0 1-4.1-4.100L4.9 7.4" />
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M6.2 6.300A1.8 1.8 0 1 1 8 8.300v.9m0 2v.1" />
    </>
  ),
  menu: <path d="M2.5 4.500h11M2.5 8h11m-11 3.500h11" />,
  zaak: <path d="M2 4.500h4l1.4 1.700H14v7H2V4.500Z" />,
} satisfies Record<string, ReactNode>;

export type Sign = keyof typeof SIGNS;

export function Icon({ sign }: { readonly sign: Sign }) {
  return (
    <svg className="zh-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {SIGNS[sign]}
    </svg>
  );
}
