// Takes groups together into one of them.

import { useState } from "react";
import { mergeGroups } from "@/api/failures";
import type { GroupView } from "@/api/types";
import { SelectField } from "@/components/Field";
import { ReasonDialog } from "@/components/ReasonDialog";
import { useGroupTexts } from "./texts";

interface Props {
  readonly groups: readonly GroupView[];
  readonly onClose: () => void;
  readonly onMerged: (into: string) => void;
}

export function MergeDialog({ groups, onClose, onMerged }: Props) {
  const t = useGroupTexts();
  const [into, setInto] = useState(groups[0]?.id ?? "");
  return (
    <ReasonDialog
      title={t.mergeTitle}
      action={t.mergeTitle}
      onClose={onClose}
      onConfirm={async (reason) => {
        const others = groups.map(({ id }) => id).filter((id) => id !== into);
        await mergeGroups(into, others, reason);
        onMerged(into);
      }}
    >
      <p>{t.mergeWhat}</p>
      <SelectField
        label={t.mergeInto}
        options={groups.map(({ id, reason, stage }) => ({ value: id, label: `${reason} (${stage})` }))}
        value={into}
        onChange={(event) => setInto(event.target.value)}
      />
    </ReasonDialog>
  );
}
