// Something is on its way. It says so to who listens, and holds the place for who looks.

import { useComponentTexts } from "./texts";

export function Loading() {
  const t = useComponentTexts();
  return (
    <p className="zh-loading" role="status">
      {t.loading}
    </p>
  );
}
