// What people know of a group: a note, whose it is, where more stands.

import { Button } from "@utrecht/component-library-react";
import { useState } from "react";
import { changeGroup } from "@/api/failures";
import type { GroupView } from "@/api/types";
import { useSession } from "@/app/session";
import { ErrorPanel } from "@/components/ErrorPanel";
import { TextareaField, TextField } from "@/components/Field";
import { Foreign } from "@/components/Foreign";
import { useGroupTexts } from "./texts";

const LINK = /^(https:\/\/\S*)?$/;

interface Props {
  readonly group: GroupView;
  readonly tag: string;
  readonly onChanged: () => void;
}

export function KnownForm({ group, tag, onChanged }: Props) {
  const t = useGroupTexts();
  const { may } = useSession();
  const [note, setNote] = useState(group.note);
  const [owner, setOwner] = useState(group.owner);
  const [link, setLink] = useState(group.link);
  const [error, setError] = useState<unknown>(null);
  const wrong = !LINK.test(link);
  const changed = note !== group.note || owner !== group.owner || link !== group.link;

  async function save() {
    if (wrong) return;
    setError(null);
    try {
      await changeGroup(group.id, { note, owner, link }, tag);
      onChanged();
    } catch (thrown) {
      setError(thrown);
    }
  }

  return (
    <section className="zh-card" aria-labelledby="known">
      <h2 id="known">{t.known}</h2>
      {group.link && (
        <p>
          <a href={group.link} rel="noreferrer noopener" target="_blank">
            <Foreign text={group.link} />
          </a>
        </p>
      )}
      {may("notitie") ? (
        <form
          className="zh-stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <TextareaField
            label={t.note}
            hint={t.noteHint}
            value={note}
            maxLength={2000}
            onChange={(event) => setNote(event.target.value)}
          />
          <div className="zh-known">
            <TextField
              label={t.owner}
              hint={t.ownerHint}
              value={owner}
              maxLength={100}
              onChange={(event) => setOwner(event.target.value)}
            />
            <TextField
              label={t.link}
              hint={t.linkHint}
              error={wrong ? t.linkWrong : undefined}
              type="url"
              value={link}
              maxLength={300}
              onChange={(event) => setLink(event.target.value)}
            />
          </div>
          {error !== null && <ErrorPanel error={error} onAgain={onChanged} />}
          {changed && (
            <div>
              <Button type="submit" appearance="secondary-action-button">
                {t.save}
              </Button>
            </div>
          )}
        </form>
      ) : (
        <p>
          <Foreign text={group.note || "–"} />
        </p>
      )}
    </section>
  );
}
