// Keeps what was tried as a test case, and shows the files that it is made of.

import { Button, ButtonGroup, Heading3, Paragraph } from "@utrecht/component-library-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { saveCase } from "@/api/playground";
import type { PlaygroundRequest, Suggestion } from "@/api/types";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { ErrorPanel } from "@/components/ErrorPanel";
import { TextareaField, TextField } from "@/components/Field";
import { useComponentTexts } from "@/components/texts";
import { usePlaygroundTexts } from "./texts";

const STORY = /^[a-z][a-z0-9-]{2,60}$/;
const REASON_LENGTH_MIN = 4;
const REASON_LENGTH_MAX = 500;

interface Props {
  readonly request: PlaygroundRequest;
  readonly onClose: () => void;
}

export function CaseDialog({ request, onClose }: Props) {
  const t = usePlaygroundTexts();
  const shared = useComponentTexts();
  const [story, setStory] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const save = useMutation({ mutationFn: saveCase });
  const right = STORY.test(story);
  const short = reason.trim().length < REASON_LENGTH_MIN;
  if (save.data !== undefined) {
    return (
      <Dialog title={t.saved} onClose={onClose} wide>
        <Files suggestion={save.data} />
        <ButtonGroup>
          <Button appearance="primary-action-button" onClick={onClose}>
            {t.close}
          </Button>
        </ButtonGroup>
      </Dialog>
    );
  }
  return (
    <Dialog title={t.caseTitle} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (right && !short && !save.isPending) save.mutate({ ...request, story, reason: reason.trim() });
        }}
      >
        <Paragraph>{t.caseWhat}</Paragraph>
        <TextField
          label={t.story}
          hint={t.storyHint}
          error={tried && !right ? t.storyWrong : undefined}
          value={story}
          maxLength={61}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setStory(event.target.value)}
        />
        <TextareaField
          label={shared.reason}
          hint={shared.reasonHint}
          error={tried && short ? shared.reasonShort : undefined}
          value={reason}
          maxLength={REASON_LENGTH_MAX}
          required
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
        {save.error !== null && <ErrorPanel error={save.error} />}
        <ButtonGroup>
          <Button type="submit" appearance="primary-action-button" aria-disabled={save.isPending}>
            {t.save}
          </Button>
          <Button appearance="secondary-action-button" onClick={onClose}>
            {t.cancel}
          </Button>
        </ButtonGroup>
      </form>
    </Dialog>
  );
}

function Files({ suggestion }: { readonly suggestion: Suggestion }) {
  return (
    <div className="zh-stack">
      <Paragraph>{suggestion.explanation}</Paragraph>
      {Object.entries(suggestion.files).map(([file, text]) => (
        <section key={file}>
          <div className="zh-row">
            <Heading3>
              <code>{file}</code>
            </Heading3>
            <CopyButton text={text} />
          </div>
          <pre className="zh-case-file" tabIndex={0} aria-label={file}>
            {text}
          </pre>
        </section>
      ))}
    </div>
  );
}
