/** Applies unified diffs to a tree held in memory, as patch -p1 does. */

import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import type { FileMap } from "./compile";

export interface ApplyFailure {
  file: string;
  /** Number of the hunk that does not fit, from 1; 0 for the file as a whole. */
  hunk: number;
  /** Where it was expected, and how many hunks the file has. */
  line: number;
  hunks: number;
  message: string;
}

export type ApplyResult =
  { kind: "applied"; files: FileMap; touched: string[] } | { kind: "apply-failed"; failures: ApplyFailure[] };

/** Lines of context that may differ, as in GNU patch. */
const FUZZ = 2;

/** Applies the diffs in order; `files` stays as it is. */
export function applyDiffs(files: FileMap, diffs: string[]): ApplyResult {
  const result: FileMap = new Map(files);
  const touched = new Set<string>();
  const failures: ApplyFailure[] = [];
  for (const patch of diffs.flatMap(parse)) {
    if (patch instanceof Error) {
      failures.push(failure("", 0, 0, 0, patch.message));
      continue;
    }
    const applied = applyOne(result, patch);
    if (typeof applied === "string") touched.add(applied);
    else failures.push(applied);
  }
  if (failures.length > 0) return { kind: "apply-failed", failures };
  return { kind: "applied", files: result, touched: [...touched].sort() };
}

function parse(diff: string): (StructuredPatch | Error)[] {
  try {
    const patches = parsePatch(diff).filter((p) => p.hunks.length > 0);
    return patches.length > 0 ? patches : [new Error("Only garbage was found in the patch input.")];
  } catch (error) {
    return [new Error(`malformed patch: ${(error as Error).message}`)];
  }
}

/** @returns the file's path, or why it could not be done. */
function applyOne(files: FileMap, patch: StructuredPatch): string | ApplyFailure {
  const from = stripped(patch.oldFileName);
  const to = stripped(patch.newFileName);
  const path = to ?? from ?? "";
  const old = from === undefined ? "" : files.get(from);
  if (old === undefined) {
    return failure(path, 0, 0, patch.hunks.length, `can't find file to patch: ${from}`);
  }
  if (from === undefined && files.has(path)) {
    return failure(
      path,
      0,
      0,
      patch.hunks.length,
      `The next patch would create the file ${path}, which already exists!`,
    );
  }
  const text = applyPatch(old, patch, { fuzzFactor: FUZZ });
  if (text === false) return firstFailing(old, path, patch);
  if (from !== undefined) files.delete(from);
  if (to !== undefined) files.set(to, text);
  return path;
}

/** The first hunk that does not fit once those before it are in. */
function firstFailing(old: string, path: string, patch: StructuredPatch): ApplyFailure {
  const fits = (n: number) =>
    applyPatch(old, { ...patch, hunks: patch.hunks.slice(0, n) }, { fuzzFactor: FUZZ }) !== false;
  const hunks = patch.hunks.length;
  let n = 1;
  while (n < hunks && fits(n)) n++;
  const line = patch.hunks[n - 1]!.oldStart;
  return failure(path, n, line, hunks, `Hunk #${n} FAILED at ${line}.`);
}

function failure(file: string, hunk: number, line: number, hunks: number, message: string): ApplyFailure {
  return { file, hunk, line, hunks, message };
}

/** A path without its first component; undefined for /dev/null. */
function stripped(name: string | undefined): string | undefined {
  if (name === undefined || name === "/dev/null") return undefined;
  return name.split("/").slice(1).join("/") || name;
}
