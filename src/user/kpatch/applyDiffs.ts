// applyDiffs.ts - patch(1) with -p1 on a source tree held in memory, told in its words.
import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import type { PatchText } from "./buildJob.ts";

export type Tree = Map<string, string>;

export interface Applied {
  tree: Tree;
  /** Files that were changed, added or removed, sorted. */
  changed: string[];
  /** What `patch --dry-run` prints: for the log. */
  log: string[];
}

export interface NotApplied {
  /** Name of the patch file that failed. */
  failed: string;
  /** Lines that say where: `Hunk #1 FAILED at 12.` */
  reasons: string[];
  log: string[];
}

/** The version line that git format-patch puts under a diff, which would read as a removed line. */
export const withoutSignature = (diff: string): string => diff.replace(/^-- \n\d+\.\d+.*\n?/gm, "");

/** Lines that context may be off by, as patch(1). */
const FUZZ = 2;
const NOWHERE = "/dev/null";

/** Applies patches in order; the given tree is left alone. */
export function applyPatches(tree: Tree, patches: PatchText[]): Applied | NotApplied {
  const result: Tree = new Map(tree);
  const changed = new Set<string>();
  const log: string[] = [];
  for (const patch of patches) {
    const reasons = applyOne(result, patch.diff, changed, log);
    if (reasons.length > 0) return { failed: patch.name, reasons, log };
  }
  return { tree: result, changed: [...changed].sort(), log };
}

function applyOne(tree: Tree, diff: string, changed: Set<string>, log: string[]): string[] {
  let files: StructuredPatch[];
  try {
    files = parsePatch(diff);
  } catch (error) {
    return [`patch: **** malformed patch: ${error instanceof Error ? error.message : String(error)}`];
  }
  files = files.filter((file) => file.hunks.length > 0);
  if (files.length === 0) return ["patch: **** Only garbage was found in the patch input."];
  return files.flatMap((file) => {
    const lines = applyFile(tree, file, changed, log);
    log.push(...lines);
    return lines;
  });
}

/** Path in the tree: the first folder of `a/…` or `b/…` is dropped. */
function strip(name: string | undefined): string | null {
  if (name === undefined || name === NOWHERE) return null;
  const slash = name.indexOf("/");
  return slash < 0 ? name : name.slice(slash + 1);
}

/** Empty, or why the file's part of the patch does not apply. */
function applyFile(tree: Tree, file: StructuredPatch, changed: Set<string>, log: string[]): string[] {
  const [from, to] = [strip(file.oldFileName), strip(file.newFileName)];
  const path = from !== null && tree.has(from) ? from : (to ?? from);
  if (path === null || escapes(path)) return ["patch: **** Ignoring potentially dangerous file name"];
  const adds = from === null;
  const old = tree.get(path);
  log.push(`checking file ${path}`);
  if (old === undefined && !adds) return [`can't find file to patch: ${path}`];
  if (old !== undefined && adds)
    return [`The next patch would create the file ${path},`, "which already exists!"];
  const text = applyPatch(old ?? "", file, { fuzzFactor: FUZZ });
  if (text === false) return failedHunks(old ?? "", file);
  if (to === null && text === "") tree.delete(path);
  else tree.set(path, text);
  changed.add(path);
  return [];
}

const escapes = (path: string): boolean => path.startsWith("/") || path.split("/").includes("..");

/** The library says only that the file fails; so each hunk is tried alone. */
function failedHunks(old: string, file: StructuredPatch): string[] {
  const lines: string[] = [];
  let text = old;
  file.hunks.forEach((hunk, i) => {
    const next = applyPatch(text, { ...file, hunks: [hunk] }, { fuzzFactor: FUZZ });
    if (next === false) lines.push(`Hunk #${i + 1} FAILED at ${hunk.oldStart}.`);
    else text = next;
  });
  const path = strip(file.newFileName) ?? strip(file.oldFileName) ?? "";
  const word = file.hunks.length === 1 ? "hunk" : "hunks";
  return [...lines, `${lines.length} out of ${file.hunks.length} ${word} FAILED -- file ${path}`];
}
