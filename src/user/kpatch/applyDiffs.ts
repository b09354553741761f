// applyDiffs.ts - patch(1) with -p1 on a source tree held in memory, told in its words.
import { creates, escapes, removes, strip } from "../patch/fileNames.ts";
import { linesOf, outcomeText, Patching } from "../patch/hunks.ts";
import { type FilePatch, parseDiff, STRIPPED } from "../patch/parseDiff.ts";

export type Tree = Map<string, string>;

/** One patch file. */
export interface PatchText {
  name: string;
  diff: string;
}

export interface Applied {
  tree: Tree;
  /** Files that were changed, added or removed, sorted. */
  changed: string[];
  /** Names of the patch files with hunks that were found elsewhere, or in other context. */
  drifted: string[];
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

/** Applies patches in order; the given tree is left alone. */
export function applyPatches(tree: Tree, patches: PatchText[]): Applied | NotApplied {
  const result: Tree = new Map(tree);
  const changed = new Set<string>();
  const log: string[] = [];
  const drifted: string[] = [];
  for (const patch of patches) {
    const begin = log.length;
    const reasons = applyOne(result, patch.diff, changed, log);
    if (reasons.length > 0) return { failed: patch.name, reasons, log };
    if (log.slice(begin).some((line) => line.startsWith("Hunk"))) drifted.push(patch.name);
  }
  return { tree: result, changed: [...changed].sort(), drifted, log };
}

/** The changed files' texts; null: the file is gone. */
export const patchedFiles = ({ tree, changed }: Applied): Record<string, string | null> =>
  Object.fromEntries(changed.map((path) => [path, tree.get(path) ?? null]));

function applyOne(tree: Tree, diff: string, changed: Set<string>, log: string[]): string[] {
  const files = parseDiff(diff);
  const unreadable =
    files.length === 0 && diff !== ""
      ? "Only garbage was found in the patch input."
      : files.at(-1)?.broken?.trimEnd();
  if (unreadable !== undefined) {
    log.push(`patch: **** ${unreadable}`);
    return [`patch: **** ${unreadable}`];
  }
  return files.flatMap((file) => {
    const lines = applyFile(tree, file, changed, log);
    log.push(...lines);
    return lines;
  });
}

/** Empty, or why the file's part of the patch does not apply. */
function applyFile(tree: Tree, file: FilePatch, changed: Set<string>, log: string[]): string[] {
  const [from, to] = [strip(file.oldName, 1), strip(file.newName, 1)];
  const path = from !== null && tree.has(from) ? from : (to ?? from);
  if (path === null || escapes(path)) return ["patch: **** Ignoring potentially dangerous file name"];
  const adds = creates(file);
  const old = tree.get(path);
  if (old === undefined && !adds) return notFound(tree, file);
  if (file.strippedCR) log.push(STRIPPED);
  log.push(`checking file ${path}`);
  if (old !== undefined && adds)
    return [`The next patch would create the file ${path},`, "which already exists!"];
  const patching = new Patching(linesOf(old ?? ""), FUZZ);
  const failed = applyHunks(patching, file, path, log);
  if (failed.length > 0) return failed;
  const text = patching.text();
  if (removes(file) && text === "") tree.delete(path);
  else tree.set(path, text);
  changed.add(path);
  return [];
}

/** patch(1)'s words; what to write instead is ours, for names that lack the directory that -p1 takes off. */
function notFound(tree: Tree, file: FilePatch): string[] {
  const whole = [file.oldName, file.newName].find((name) => name !== null && tree.has(name));
  const bar = "-".repeat(26);
  return [
    `can't find file to patch at input line ${file.line}`,
    "Perhaps you used the wrong -p or --strip option?",
    "The text leading up to this was:",
    bar,
    ...file.leading.map((line) => `|${line}`),
    bar,
    ...(whole === undefined
      ? []
      : [`(-p1 takes a directory off each name: a/${whole}, as \`git diff\` writes it)`]),
  ];
}

/** Where hunks do not fit; empty when all do. */
function applyHunks(patching: Patching, file: FilePatch, path: string, log: string[]): string[] {
  const outcomes = file.hunks.map((hunk) => patching.apply(hunk));
  const said = outcomes.map((outcome, i) => ({ ok: outcome.ok, text: outcomeText(outcome, i + 1) }));
  log.push(...said.flatMap(({ ok, text }) => (ok && text !== null ? [text] : [])));
  const failures = said.flatMap(({ ok, text }) => (ok ? [] : [text!]));
  if (failures.length === 0) return [];
  const word = file.hunks.length === 1 ? "hunk" : "hunks";
  return [...failures, `${failures.length} out of ${file.hunks.length} ${word} FAILED -- file ${path}`];
}
