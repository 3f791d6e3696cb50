// What the playground says.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const usePlaygroundTexts = texts(nl, en);
