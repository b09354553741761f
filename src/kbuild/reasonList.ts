import type { Reason, ReasonId } from "./reasons";

export interface Finding {
  file: string;
  detail: string;
}

/** Findings of one kind, as one reason for each file. */
export function byFile(id: ReasonId, findings: Finding[], summary: (count: number) => string): Reason[] {
  const files = new Map<string, string[]>();
  for (const { file, detail } of findings) files.set(file, [...(files.get(file) ?? []), detail]);
  return [...files].map(([file, details]) => ({ id, file, details, summary: summary(details.length) }));
}
