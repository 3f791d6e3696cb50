// The content of a message on a page: hidden until somebody asks to see it.

import { ErrorPanel } from "@/components/ErrorPanel";
import { Loading } from "@/components/Loading";
import { ContentView } from "./content/ContentView";
import { MaskBar } from "./content/MaskBar";
import { useContent } from "./content/useContent";
import { useFailureTexts } from "./texts";

interface Props {
  /** Of a failure, a message or an event. */
  readonly id: string;
  readonly connection?: string;
  /** Why it failed, if it did. */
  readonly reason?: string;
}

export function ContentSection({ id, connection = "", reason = "" }: Props) {
  const t = useFailureTexts();
  const { content, error, again, until, show } = useContent(id, connection);
  return (
    <section aria-labelledby="content-title">
      <h2 id="content-title" className="zh-section">
        {t.content.title}
      </h2>
      {error && <ErrorPanel error={error} onAgain={() => void again()} />}
      {!content && !error && <Loading />}
      {content && (
        <div className="zh-stack">
          <MaskBar masked={content.masked} until={until} onShow={show} />
          <ContentView key={`${content.message} ${content.masked}`} content={content} reason={reason} />
        </div>
      )}
    </section>
  );
}
