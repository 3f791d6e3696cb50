// Whose turn it is, in the language of the reader.

import { useComponentTexts } from "./texts";

export function useFaultName(): (fault: string) => string {
  const { fault: names } = useComponentTexts();
  return (fault) => (fault in names ? names[fault as keyof typeof names] : fault);
}

export function FaultLabel({ fault }: { readonly fault: string }) {
  return useFaultName()(fault);
}
