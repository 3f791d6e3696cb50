// The three panes, and what is being tried in them.

import { Button, ButtonGroup, Heading2, Paragraph } from "@utrecht/component-library-react";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { tryMappings } from "@/api/playground";
import type { FieldTrace, MappingFiles, MappingProblem, PlaygroundRequest, PlaygroundResult } from "@/api/types";
import { CodeEditor, type CodeProblem, type LineMark } from "@/components/code/CodeEditor";
import { EmptyState } from "@/components/EmptyState";
import { ErrorPanel } from "@/components/ErrorPanel";
import { SelectField } from "@/components/Field";
import { Icon } from "@/components/Icon";
import { placeOf, type RulePlace } from "@/components/trace/trace";
import { number } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { CaseDialog } from "./CaseDialog";
import { Problems } from "./Problems";
import { Result } from "./Result";
import { usePlaygroundTexts } from "./texts";

interface Props {
  readonly mappings: MappingFiles;
  /** Of the address. */
  readonly chosenCase: string;
  readonly onChooseCase: (name: string) => void;
  readonly choice: ReactNode;
}

export function Workbench({ mappings, chosenCase, onChooseCase, choice }: Props) {
  const t = usePlaygroundTexts();
  const { language } = useLanguage();
  const [message, setMessage] = useState(mappings.cases[chosenCase] ?? "");
  const [changes, setChanges] = useState<Readonly<Record<string, string>>>({});
  const [shown, setShown] = useState<RulePlace>({ file: ownFirst(mappings, undefined)[0] ?? "", line: 0 });
  const [field, setField] = useState<FieldTrace | null>(null);
  const [line, setLine] = useState({ line: 0 });
  const [saving, setSaving] = useState(false);
  const run = useMutation({
    mutationFn: tryMappings,
    onSuccess: ({ kind }, asked) => {
      setField(null);
      // What is being changed stays in sight; else the mapping of this message is.
      const own = `${asked.connection}/${kind}.map.yaml`;
      if (own in mappings.files && Object.keys(changes).length === 0) setShown({ file: own, line: 0 });
    },
  });
  const request: PlaygroundRequest = { connection: mappings.connection, message, files: changes };
  const ran = run.variables;
  const stale = ran !== undefined && (ran.message !== message || ran.files !== changes);
  const result = run.data;
  const rule = field === null ? null : below(placeOf(field.rule), mappings);
  const names = ownFirst(mappings, result);
  const text = changes[shown.file] ?? mappings.files[shown.file] ?? "";
  const problems = useProblems(result, stale);
  const here = useMemo(() => problems.filter(({ file }) => file === shown.file).map(markOf), [problems, shown.file]);
  const messageMarks = useMemo<LineMark[]>(
    () => (field !== null && field.line > 0 && !stale ? [{ line: field.line, kind: "source" }] : []),
    [field, stale],
  );
  const ruleMarks = useMemo<LineMark[]>(
    () => (rule?.file === shown.file ? [{ line: rule.line, kind: "target" }] : []),
    [rule?.file, rule?.line, shown.file],
  );

  function choose(name: string) {
    const next = mappings.cases[name] ?? "";
    onChooseCase(name);
    setMessage(next);
    if (name !== "") run.mutate({ ...request, message: next });
  }
  function change(content: string) {
    const others = Object.entries(changes).filter(([name]) => name !== shown.file);
    const mine: [string, string][] = content === mappings.files[shown.file] ? [] : [[shown.file, content]];
    setChanges(Object.fromEntries([...others, ...mine]));
  }
  function runAtKey(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    start();
  }
  function start() {
    if (!run.isPending && message.trim() !== "") run.mutate(request);
  }

  return (
    <div onKeyDownCapture={runAtKey}>
      <div className="zh-filters zh-playground-bar">
        {choice}
        <SelectField
          label={t.case}
          options={[
            { value: "", label: t.ownMessage },
            ...Object.keys(mappings.cases).map((name) => ({ value: name, label: name })),
          ]}
          value={chosenCase}
          onChange={(event) => choose(event.target.value)}
        />
        <ButtonGroup>
          <Button
            appearance="primary-action-button"
            aria-disabled={run.isPending || message.trim() === ""}
            aria-keyshortcuts="Control+Enter"
            title={t.runKeys}
            onClick={start}
          >
            <Icon sign="play" />
            {run.isPending ? t.running : t.run}
          </Button>
          <Button
            appearance="secondary-action-button"
            aria-disabled={message.trim() === ""}
            onClick={() => setSaving(message.trim() !== "")}
          >
            {t.save}
          </Button>
        </ButtonGroup>
      </div>
      <p className="zh-only-read" role="status">
        {result && !stale
          ? t.done(number(result.trace?.fields.length ?? 0, language), number(result.problems.length, language))
          : ""}
      </p>
      {run.error !== null && <ErrorPanel error={run.error} onAgain={start} />}
      <div className="zh-playground">
        <section className="zh-card" aria-labelledby="play-message">
          <Heading2 id="play-message">{t.message}</Heading2>
          <CodeEditor
            label={t.message}
            value={message}
            language={/^\s*[{[]/.test(message) ? "json" : "xml"}
            onChange={setMessage}
            marks={messageMarks}
            goTo={line}
          />
        </section>
        <section className="zh-card" aria-labelledby="play-rules">
          <Heading2 id="play-rules">{t.rules}</Heading2>
          <div className="zh-playground-file">
            <SelectField
              label={t.file}
              options={names.map((name) => ({ value: name, label: name in changes ? `${name} (${t.changed})` : name }))}
              value={shown.file}
              onChange={(event) => setShown({ file: event.target.value, line: 0 })}
            />
            {shown.file in changes && (
              <Button appearance="secondary-action-button" onClick={() => change(mappings.files[shown.file] ?? "")}>
                {t.reset}
              </Button>
            )}
          </div>
          <CodeEditor
            key={shown.file}
            label={shown.file}
            value={text}
            language={shown.file.endsWith(".csv") ? "text" : "yaml"}
            onChange={change}
            problems={here}
            marks={ruleMarks}
            goTo={shown}
          />
        </section>
        <section className="zh-card" aria-labelledby="play-result">
          <Heading2 id="play-result">{t.result}</Heading2>
          {stale && <Paragraph className="zh-play-stale">{t.stale}</Paragraph>}
          {result === undefined ? (
            <EmptyState title={t.noResult} sign="dash">
              <Paragraph>{t.noResultWhy}</Paragraph>
            </EmptyState>
          ) : (
            <Result
              result={result}
              chosen={field}
              onPoint={(pointed) => {
                setField(pointed);
                setLine({ line: pointed.line });
              }}
              onShowRule={(place) => setShown(below(place, mappings) ?? shown)}
            />
          )}
        </section>
      </div>
      {result !== undefined && <Problems problems={problems} onShow={setShown} />}
      {saving && <CaseDialog request={request} onClose={() => setSaving(false)} />}
    </div>
  );
}

/** The files of a connection come before what it shares with others. */
function ownFirst({ connection, files }: MappingFiles, result: PlaygroundResult | undefined): readonly string[] {
  const names = [...new Set([...Object.keys(files), ...(result?.problems.map(({ file }) => file) ?? [])])];
  const isOwn = (name: string) => name.startsWith(`${connection}/`);
  return [...names.filter(isOwn), ...names.filter((name) => name !== "" && !isOwn(name))];
}

/** A trace names files from where the hub stands, the API from the folder of mappings. */
function below(place: RulePlace | null, { files }: MappingFiles): RulePlace | null {
  const file = Object.keys(files).find((name) => place?.file === name || place?.file.endsWith(`/${name}`));
  return place === null || file === undefined ? null : { ...place, file };
}

const NONE: readonly MappingProblem[] = [];

function useProblems(result: PlaygroundResult | undefined, stale: boolean): readonly MappingProblem[] {
  // Of rules that have changed since, the lines are no longer right.
  return result === undefined || stale ? NONE : result.problems;
}

function markOf(problem: MappingProblem): CodeProblem {
  const { line, column, message, advice, severity } = problem;
  return {
    line,
    column,
    message: advice ? `${message}\n${advice}` : message,
    severity: severity === "fout" ? "error" : "warning",
  };
}
