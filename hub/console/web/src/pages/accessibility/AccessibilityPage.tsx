// The accessibility statement of the console.

import { Heading2, Paragraph } from "@utrecht/component-library-react";
import { PageHead } from "@/app/PageHead";
import "./accessibility.css";
import { useAccessibilityTexts } from "./texts";

export function Component() {
  const t = useAccessibilityTexts();
  return (
    <article className="zh-statement">
      <PageHead title={t.title}>
        <Paragraph>{t.intro}</Paragraph>
      </PageHead>
      <Heading2>{t.status}</Heading2>
      <Paragraph>{t.statusText}</Paragraph>
      <Heading2>{t.how}</Heading2>
      <ul>
        {Object.values(t.points).map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <Heading2>{t.known}</Heading2>
      <ul>
        {Object.values(t.knownPoints).map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <Heading2>{t.tell}</Heading2>
      <Paragraph>{t.tellText}</Paragraph>
    </article>
  );
}
