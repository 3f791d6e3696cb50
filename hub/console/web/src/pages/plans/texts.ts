// What the pages of replay plans say.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const usePlanTexts = texts(nl, en);
