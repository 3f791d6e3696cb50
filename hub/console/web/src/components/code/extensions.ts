// What an editor can do, as extensions of CodeMirror. It refuses to know what is edited.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { xml } from "@codemirror/lang-xml";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  type DecorationSet,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

export type CodeLanguage = "xml" | "json" | "yaml" | "text";

/** A line that stands out: `source` and `target` are the two ends of a rule, `unread` is what no rule reads. */
export interface LineMark {
  readonly line: number;
  readonly kind: "source" | "target" | "unread";
}

const LANGUAGES: Record<CodeLanguage, () => Extension> = { xml, json, yaml, text: () => [] };

export function languageOf(language: CodeLanguage): Extension {
  return LANGUAGES[language]();
}

export function difference(original: string): Extension {
  return unifiedMergeView({ original, mergeControls: false, gutter: true });
}

export const setMarks = StateEffect.define<readonly LineMark[]>();

export const marksOf = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, transaction) => {
    let marks = before.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const { doc } = transaction.state;
      const lines = effect.value.filter(({ line }) => line >= 1 && line <= doc.lines);
      marks = Decoration.set(
        lines.map(({ line, kind }) => Decoration.line({ class: `zh-mark-${kind}` }).range(doc.line(line).from)),
        true,
      );
    }
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.propertyName, tags.definition(tags.propertyName)], color: "var(--zh-code-name, #5a2a86)" },
  { tag: [tags.attributeName], color: "var(--zh-code-attribute, #7a3d00)" },
  { tag: [tags.string, tags.attributeValue], color: "var(--zh-code-string, #0b5732)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--zh-code-number, #0b4a8f)" },
  { tag: [tags.comment, tags.meta, tags.processingInstruction], color: "var(--zh-code-comment, #5b5b66)" },
  { tag: [tags.angleBracket, tags.bracket, tags.separator, tags.punctuation], color: "var(--zh-code-mark, #5b5b66)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--zh-surface)", color: "var(--zh-ink)", height: "100%", fontSize: "0.8125rem" },
  // The edge of the whole says that it has the focus (`.zh-code`).
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--zh-mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-gutters": {
    backgroundColor: "var(--zh-canvas)",
    color: "var(--zh-ink-soft)",
    borderInlineEnd: "1px solid var(--zh-line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "rgb(90 42 134 / 5%)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "#d3dcf5 !important" },
  ".cm-specialChar": {
    color: "var(--zh-bad-ink)",
    backgroundColor: "var(--zh-bad-bg)",
    border: "1px solid var(--zh-bad-line)",
    borderRadius: "3px",
    fontSize: "0.85em",
    padding: "0 2px",
  },
  // The pictures of the linter are data: URLs, which the policy of the server blocks.
  ".cm-lintRange-error, .cm-lintRange-warning": { backgroundImage: "none", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--zh-bad-line)" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--zh-warn-line)" },
  ".zh-mark-source": { backgroundColor: "#fff1c2", boxShadow: "inset 3px 0 0 #b9761a" },
  ".zh-mark-target": { backgroundColor: "#e6dcf5", boxShadow: "inset 3px 0 0 #5a2a86" },
  ".zh-mark-unread": { backgroundColor: "#f1f1f4", boxShadow: "inset 3px 0 0 #8a8a99" },
  ".cm-changedLine, &.cm-merge-b .cm-changedLine": { backgroundColor: "#e7f4ea" },
  ".cm-changedText, &.cm-merge-b .cm-changedText": { background: "#bfe5c9" },
  ".cm-deletedChunk": { backgroundColor: "#fdeaea", paddingInlineStart: "6px" },
  ".cm-deletedChunk .cm-deletedText": { background: "#f6c3c3" },
  ".cm-panels": { backgroundColor: "var(--zh-canvas)", color: "var(--zh-ink)" },
  ".cm-panels input, .cm-panels button": { fontSize: "0.8125rem" },
});

/** What would not be seen, told by its code point; beyond what CodeMirror knows: marks of direction, tags, soft hyphens. */
const special = highlightSpecialChars({
  addSpecialChars: /[\u061c\u180e\u2060-\u206f\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu,
  render: (code, description) => {
    const shown = document.createElement("span");
    shown.className = "cm-specialChar";
    shown.textContent = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    shown.title = description ?? "";
    return shown;
  },
});

/** Everything that every editor has. Tab leaves it: there is no key that a person with a keyboard cannot get out of. */
export function editing(label: string): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    special,
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    syntaxHighlighting(colours),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
    EditorView.contentAttributes.of({
      "aria-label": label,
      tabindex: "0",
      spellcheck: "false",
      autocorrect: "off",
      translate: "no",
    }),
    look,
  ];
}
