/** What kpatch-build prints for an outcome of buildPatch(), without our explanations. */

import type { PatchOutcome } from "../../src/kbuild/buildPatch";
import { complaintLines, noteLine, warningLines } from "../../src/user/kpatch/findings";

export function words(o: PatchOutcome): string[] {
  if (o.kind === "compile-error") return o.diagnostics.map((d) => `${d.file}:${d.line}: ${d.message}`);
  if (o.kind === "apply-failed") return o.reasons;
  const found = [...o.notes.map(noteLine), ...o.warnings.map((w) => warningLines(w)[0])];
  if (o.kind === "built") return found;
  if (o.kind === "no-change") return [...found, "no functional changes found"];
  if (o.kind === "undefined") return [`Undefined symbols: ${o.symbols.join(" ")}`];
  return o.reasons.flatMap((r) => complaintLines(r).slice(0, -1));
}
