// What a list of failures may be narrowed by, in the address and in the question to the API. Pure.

export const FILTERS = ["state", "stage", "kind", "code", "zaak", "text", "since", "until"] as const;
export type FailureFilter = Record<(typeof FILTERS)[number], string>;

/** Moments are those of the clock of the reader in the address, and those of the world in the question. */
export function queryOf(filters: FailureFilter): FailureFilter {
  return { ...filters, since: momentOf(filters.since), until: momentOf(filters.until) };
}

function momentOf(local: string): string {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? "" : at.toISOString();
}
