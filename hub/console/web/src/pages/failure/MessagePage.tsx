// A message that did not fail, or not any more: how it came in, what it became, what went out.

import { useParams, useSearchParams } from "react-router";
import { PageHead } from "@/app/PageHead";
import { CopyButton } from "@/components/CopyButton";
import { ContentSection } from "./ContentSection";
import { useFailureTexts } from "./texts";

export function Component() {
  const t = useFailureTexts();
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  return (
    <>
      <PageHead title={t.message} above={t.messageIntro}>
        <p className="zh-row zh-small zh-soft">
          <span className="zh-mono">{id}</span>
          <CopyButton text={id} />
        </p>
      </PageHead>
      <ContentSection id={id} connection={search.get("connection") ?? ""} />
    </>
  );
}
