// What the page of alerts says.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const useAlertTexts = texts(nl, en);
