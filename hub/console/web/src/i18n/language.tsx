// Which language the console speaks, and how a page gets its texts. It refuses to know the texts themselves: each page
// keeps its own, `nl.ts` and `en.ts` beside it, so that a page brings no more than it shows.

import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";

export const LANGUAGES = ["nl", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text, or a function that makes one of what it is given (a count, a name). */
type Text = string | ((...given: never[]) => string);
export interface Texts {
  readonly [name: string]: Text | Texts;
}

/** The shape that the other language must have: the same names, and functions that take the same. */
export type Translated<T> = {
  readonly [Name in keyof T]: T[Name] extends string
    ? string
    : T[Name] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : Translated<T[Name]>;
};

interface Choice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const KEPT = "zaakhub.language";
const LanguageContext = createContext<Choice>({ language: "nl", choose: () => undefined });

function first(): Language {
  const kept = localStorage.getItem(KEPT);
  return LANGUAGES.find((language) => language === kept) ?? "nl";
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, set] = useState<Language>(first);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = useCallback((chosen: Language) => {
    localStorage.setItem(KEPT, chosen);
    set(chosen);
  }, []);
  const choice = useMemo(() => ({ language, choose }), [language, choose]);
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

export function useLanguage(): Choice {
  return use(LanguageContext);
}

/** Make the hook that gives a page its texts in the language of now. */
export function texts<T extends Texts>(nl: T, en: Translated<T>): () => Translated<T> {
  const both: Record<Language, Translated<T>> = { nl: nl as unknown as Translated<T>, en };
  return function useTexts() {
    return both[useLanguage().language];
  };
}
