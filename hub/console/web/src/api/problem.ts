// What went wrong with a request, as the API tells it (RFC 9457). It refuses to know how it is shown.

export interface InvalidPart {
  readonly place: string;
  readonly path: string;
  readonly reason: string;
}

export interface Problem {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly code: string;
  /** What. */
  readonly title: string;
  /** Why. */
  readonly detail: string;
  /** What next. */
  readonly advice: string;
  /** Names this one answer, for whoever looks in the log. */
  readonly instance: string;
  readonly invalid: readonly InvalidPart[];
}

/** Whose turn it is: the person at the screen, somebody with more rights, the hub, or the network between. */
export type Turn = "you" | "rights" | "hub" | "network";

export function turnOf({ status }: Problem): Turn {
  if (status === 0) return "network";
  if (status === 403) return "rights";
  return status >= 500 ? "hub" : "you";
}

/** Somebody else changed it meanwhile: show how it is now, and let the person decide again. */
export function isOvertaken({ status }: Problem): boolean {
  return status === 409 || status === 412;
}

export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

const NOTHING: Problem = { status: 0, code: "", title: "", detail: "", advice: "", instance: "", invalid: [] };

/** Read a problem out of an answer; one that is none (a proxy's page, say) becomes one by its status. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const media = answer.headers.get("content-type") ?? "";
  const body: unknown = media.includes("json") ? await answer.json().catch(() => null) : null;
  const told = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  const { status } = answer;
  return new ProblemError({ ...NOTHING, title: `HTTP ${status}`, ...told, status, invalid: told.invalid ?? [] });
}

/** What the console shows for anything that was thrown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  // `fetch` throws a TypeError when there was no answer at all.
  if (error instanceof TypeError) return { ...NOTHING, code: "unreachable" };
  return { ...NOTHING, status: 500, code: "console", detail: error instanceof Error ? error.message : "" };
}
