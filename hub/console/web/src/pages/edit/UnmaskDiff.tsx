// The values of a correction are content: they are shown under the same rule.

import { unmask } from "@/api/content";
import { MaskBar } from "@/pages/failure/content/MaskBar";

interface Props {
  readonly failure: string;
  readonly hidden: boolean;
  readonly onShown: () => void;
}

export function UnmaskDiff({ failure, hidden, onShown }: Props) {
  if (!hidden) return null;
  return (
    <MaskBar
      masked
      until={null}
      onShow={async (reason) => {
        await unmask(failure, reason);
        onShown();
      }}
    />
  );
}
