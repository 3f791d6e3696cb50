// The reason of a failure without what stands beside it anyway. Pure.

/** The hub puts the place of a mapping before its reason: `file:line: field: why`. */
export function shortReason({ reason, where }: { readonly reason: string; readonly where: string }): string {
  const place = `${where}: `;
  return where !== "" && reason.startsWith(place) ? reason.slice(place.length) : reason;
}
