// What these pages say, in the language of the reader.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const useSearchTexts = texts(nl, en);
