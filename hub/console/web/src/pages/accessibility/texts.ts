// The accessibility statement.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const useAccessibilityTexts = texts(nl, en);
