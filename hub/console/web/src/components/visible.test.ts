import { expect, test } from "vitest";
import { cut, pieces } from "./visible";

test("what would turn the reading direction around is told by its code point", () => {
  expect(pieces("factuur\u202Egpj.exe")).toEqual([
    { text: "factuur", unseen: false },
    { text: "U+202E", unseen: true },
    { text: "gpj.exe", unseen: false },
  ]);
});

test("controls, zero width and tags are seen; letters with accents are left alone", () => {
  expect(pieces("a\u0000b\u200bc\u{e0041}").filter(({ unseen }) => unseen)).toHaveLength(3);
  expect(pieces("Noël Çelik Ĳsbrand\n\t")).toEqual([{ text: "Noël Çelik Ĳsbrand\n\t", unseen: false }]);
});

test("what is cut is cut between characters, and says so", () => {
  expect(cut("a😀b", 2)).toBe("a…");
  expect(cut("a😀b", 3)).toBe("a😀…");
  expect(cut("a😀b", 4)).toBe("a😀b");
});
