// What the page of data flows says.

import { texts } from "@/i18n/language";
import { en } from "./en";
import { nl } from "./nl";

export const useMapTexts = texts(nl, en);
