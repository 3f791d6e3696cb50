// What an act was done to, as the audit names it (`plan:…`, `fout:…`), and the page of it where there is one.

import { Link } from "react-router";
import { Foreign } from "@/components/Foreign";

const PAGES: Readonly<Record<string, string>> = {
  fout: "/failures",
  groep: "/groups",
  plan: "/plans",
  koppeling: "/connections",
  bericht: "/messages",
};
const SHORT = 8;

export function AboutLink({ about }: { readonly about: string }) {
  const [kind = "", ...rest] = about.split(":");
  const name = rest.join(":");
  const page = PAGES[kind];
  if (page === undefined || name === "") return <Foreign text={about} />;
  // An id says nothing to a person; its beginning is enough to tell two apart.
  const shown = kind === "koppeling" ? name : name.slice(0, SHORT);
  return (
    <Link className="utrecht-link" to={`${page}/${encodeURIComponent(name)}`} title={name}>
      {kind} <Foreign text={shown} />
    </Link>
  );
}
