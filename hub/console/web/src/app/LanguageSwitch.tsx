// Changes the language of the console.

import { Button } from "@utrecht/component-library-react";
import { useLanguage } from "@/i18n/language";
import { useShellTexts } from "./texts";

export function LanguageSwitch() {
  const t = useShellTexts();
  const { language, choose } = useLanguage();
  const other = language === "nl" ? "en" : "nl";
  return (
    <Button appearance="subtle-button" className="zh-small-button" lang={other} onClick={() => choose(other)}>
      {t.otherLanguage}
    </Button>
  );
}
