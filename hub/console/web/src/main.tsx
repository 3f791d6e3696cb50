// Starts the console.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { asProblem } from "@/api/problem";
import { makeRouter } from "@/app/router";
import { SessionGate } from "@/app/session";
import { ShortcutProvider } from "@/app/shortcuts";
import { LanguageProvider } from "@/i18n/language";
import "@/theme/index.css";

const FRESH_MS = 5_000;
const TRIES_MAX = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // Asking again helps when the hub did not answer; not when it said no.
      retry: (tried, error) => tried < TRIES_MAX && [0, 502, 503, 504].includes(asProblem(error).status),
    },
  },
});
const router = makeRouter();

const root = document.getElementById("console");
if (root === null) throw new Error("index.html has no #console");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <ShortcutProvider>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </ShortcutProvider>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
