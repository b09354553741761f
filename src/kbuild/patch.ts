/** Applies diffs to a tree held in memory: the tools' patch(1), as one step of a build. */

import { applyPatches } from "../user/kpatch/applyDiffs";
import type { FileMap } from "./compile";

export type ApplyResult =
  | { kind: "applied"; files: FileMap; touched: string[] }
  /** In patch's words: which hunk, and where it was expected. */
  | { kind: "apply-failed"; reasons: string[] };

/** Applies the diffs in order; `files` stays as it is. */
export function applyDiffs(files: FileMap, diffs: string[]): ApplyResult {
  const patches = diffs.map((diff, i) => ({ name: `diff ${i + 1}`, diff }));
  const applied = applyPatches(files, patches);
  if ("failed" in applied) return { kind: "apply-failed", reasons: applied.reasons };
  return { kind: "applied", files: applied.tree, touched: applied.changed };
}
