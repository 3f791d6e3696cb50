// An editor for a message or a mapping. It lives in a shadow root: there CodeMirror brings its styles as style sheets of
// the document, which the policy of the server allows; in the page it would write <style>, which it does not.

import { diagnosticCount, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { difference, editing, languageOf, marksOf, setMarks, type CodeLanguage, type LineMark } from "./extensions";

export type { CodeLanguage, LineMark } from "./extensions";

/** Something to say of a place in the text; lines and columns count from 1. */
export interface CodeProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: "error" | "warning";
}

interface Props {
  readonly label: string;
  readonly value: string;
  readonly language: CodeLanguage;
  readonly onChange?: (value: string) => void;
  readonly readOnly?: boolean;
  /** What it was: what differs is marked. */
  readonly original?: string;
  readonly problems?: readonly CodeProblem[];
  readonly marks?: readonly LineMark[];
  /** The line that is pointed at, or has the cursor; null when the pointer leaves. */
  readonly onLine?: (line: number | null) => void;
  /** Show that line, perhaps with the focus; another object with the same line shows it again. Line 0 is nowhere. */
  readonly goTo?: { readonly line: number; readonly focus?: boolean };
}

export function CodeEditor({
  label,
  value,
  language,
  onChange,
  readOnly = false,
  original,
  problems = NONE,
  marks = NO_MARKS,
  onLine,
  goTo,
}: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useEffectEvent((text: string) => onChange?.(text));
  const pointed = useEffectEvent((line: number | null) => onLine?.(line));
  const first = useEffectEvent(() => value);
  // What was typed comes back as `value`, later: it must not overwrite what was typed since.
  const typed = useRef<string[]>([]);

  useEffect(() => {
    const outer = host.current;
    if (outer === null) return;
    // A shadow root stays with its element: React may mount twice.
    const root = outer.shadowRoot ?? outer.attachShadow({ mode: "open" });
    root.replaceChildren();
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: first(),
        extensions: [
          editing(label),
          languageOf(language),
          original === undefined ? [] : difference(original),
          writable.of(writing(readOnly)),
          marksOf,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              const text = update.state.doc.toString();
              typed.current.push(text);
              changed(text);
            }
            if (update.selectionSet && update.view.hasFocus) {
              pointed(update.state.doc.lineAt(update.state.selection.main.head).number);
            }
          }),
          EditorView.domEventHandlers({
            mousemove: (event, current) => {
              const place = current.posAtCoords({ x: event.clientX, y: event.clientY });
              pointed(place === null ? null : current.state.doc.lineAt(place).number);
            },
            mouseleave: () => pointed(null),
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [label, language, original, readOnly]);

  useEffect(() => {
    const editor = view.current;
    const at = typed.current.lastIndexOf(value);
    typed.current.splice(0, at + 1);
    if (editor === null || at >= 0 || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value, label, language, original, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || (problems.length === 0 && diagnosticCount(editor.state) === 0)) return;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        problems.map((problem) => placed(editor.state, problem)),
      ),
    );
  }, [problems, value, label, language, original, readOnly]);

  useEffect(() => {
    view.current?.dispatch({ effects: setMarks.of(marks) });
  }, [marks, value, label, language, original, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || goTo === undefined || goTo.line < 1 || goTo.line > editor.state.doc.lines) return;
    const { from } = editor.state.doc.line(goTo.line);
    const { scrollDOM } = editor;
    // Within the editor alone: the page does not move under the pointer.
    scrollDOM.scrollTop = editor.lineBlockAt(from).top - scrollDOM.clientHeight / 2;
    if (!goTo.focus) return;
    editor.dispatch({ selection: { anchor: from } });
    editor.focus();
  }, [goTo]);

  return <div ref={host} className="zh-code" />;
}

const NONE: readonly CodeProblem[] = [];
const NO_MARKS: readonly LineMark[] = [];
const writable = new Compartment();

function writing(readOnly: boolean): Extension {
  // Not `editable.of(false)`: a text that is read must get the focus too.
  return EditorState.readOnly.of(readOnly);
}

function placed(state: EditorState, problem: CodeProblem): Diagnostic {
  const line = state.doc.line(Math.max(1, Math.min(problem.line || 1, state.doc.lines)));
  const from = Math.min(line.from + Math.max(problem.column - 1, 0), line.to);
  return { from, to: line.to, severity: problem.severity, message: problem.message };
}
