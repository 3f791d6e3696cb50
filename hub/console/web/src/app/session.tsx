// Who is logged in. Without a session there is no page, only the way to log in; when one ends, the page stays as it is.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { carryToken, get, path, whenExpired } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Right, SessionView } from "@/api/types";
import { ErrorPanel } from "@/components/ErrorPanel";
import { ExpiredDialog } from "./ExpiredDialog";
import { LoginPage } from "./LoginPage";
import { useShellTexts } from "./texts";

interface Session {
  readonly session: SessionView;
  /** Whether the person has the right at one connection at least; the API looks at which one. */
  readonly may: (right: Right) => boolean;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error("outside SessionGate");
  return session;
}

export function SessionGate({ children }: { readonly children: ReactNode }) {
  const t = useShellTexts();
  const client = useQueryClient();
  const [expired, setExpired] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["session"],
    queryFn: async ({ signal }) => {
      const session = await get<SessionView>(path("session"), undefined, signal);
      carryToken(session.csrf);
      return session;
    },
    staleTime: Infinity,
    retry: false,
  });
  const loggedIn = data !== undefined;
  useEffect(() => whenExpired(() => setExpired(loggedIn)), [loggedIn]);
  const goOn = useCallback(async () => {
    const again = await refetch();
    if (again.isError) return;
    setExpired(false);
    await client.invalidateQueries();
  }, [client, refetch]);
  const value = useMemo(() => data && { session: data, may: (right: Right) => data.rights.includes(right) }, [data]);
  if (value === undefined) {
    if (error === null) return <p className="zh-alone">{t.loading}</p>;
    if (asProblem(error).status === 401) return <LoginPage />;
    return (
      <main className="zh-alone">
        <ErrorPanel error={error} onAgain={() => void refetch()} />
      </main>
    );
  }
  return (
    <SessionContext value={value}>
      {children}
      {expired && <ExpiredDialog onGoOn={() => void goOn()} />}
    </SessionContext>
  );
}
