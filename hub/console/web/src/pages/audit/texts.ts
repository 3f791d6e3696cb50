// What the page of the audit says.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const useAuditTexts = texts(nl, en);
