// The address of a new replay plan with these things chosen.

export function newPlanAddress(chosen: Readonly<Record<string, string | readonly string[]>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(chosen)) {
    for (const one of typeof value === "string" ? [value] : value) if (one) search.append(name, one);
  }
  return `/plans/new?${search.toString()}`;
}
