// Back to the list of plans.

import { Link } from "react-router";
import { usePlanTexts } from "./texts";

export function PlansLink() {
  const t = usePlanTexts();
  return (
    <Link className="utrecht-link" to="/plans">
      {t.plan.back}
    </Link>
  );
}
