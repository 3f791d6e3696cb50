// What the page of one connection says.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const useSheetTexts = texts(nl, en);
