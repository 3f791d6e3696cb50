// Pages in place of one that cannot be shown.

import { Button, Paragraph } from "@utrecht/component-library-react";
import { Link } from "react-router";
import { PageHead } from "./PageHead";
import { useShellTexts } from "./texts";

export function MissingPage() {
  const t = useShellTexts();
  return (
    <>
      <PageHead title={t.notFound} />
      <Paragraph>{t.notFoundWhy}</Paragraph>
      <Link className="utrecht-link" to="/">
        {t.toOverview}
      </Link>
    </>
  );
}

export function NoRightPage() {
  const t = useShellTexts();
  return (
    <>
      <PageHead title={t.noRight} />
      <Paragraph>{t.noRightWhy}</Paragraph>
    </>
  );
}

export function BrokenPage({ error }: { readonly error: unknown }) {
  const t = useShellTexts();
  return (
    <div className="zh-broken">
      <PageHead title={t.broken} />
      <Paragraph>{t.brokenNext}</Paragraph>
      {error instanceof Error && <code>{error.name}</code>}
      <Button appearance="primary-action-button" onClick={() => window.location.reload()}>
        {t.reload}
      </Button>
    </div>
  );
}
