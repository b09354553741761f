/** Small edits of source files, and what becomes of a tree by them. */

import ts from "typescript";
import type { FileMap } from "../../../src/kbuild/compile.ts";
import type { ReasonId } from "../../../src/kbuild/reasons.ts";

/** Other text between two positions of a file. */
export interface Change {
  from: number;
  to: number;
  text: string;
}

/**
 * What the builder must say of an edit. any: built, or no change where the edit
 * makes no other code; unchanged: no change, and nothing else; otherwise the
 * reason for which it must be refused.
 */
export type Verdict = "any" | "unchanged" | ReasonId;

export interface Edit {
  kind: string;
  /** What was done, for a failure's report. */
  what: string;
  file: string;
  changes: Change[];
  verdict: Verdict;
}

/** A source file that edits are made of. */
export interface Source {
  file: string;
  text: string;
  node: ts.SourceFile;
}

export function sourceOf(files: FileMap, file: string): Source {
  const text = files.get(file)!;
  return { file, text, node: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, " ").slice(0, 120);

/** @param more what the edit needs elsewhere in the file */
export function makeEdit(
  { file, text }: Source,
  kind: string,
  change: Change,
  verdict: Verdict = "any",
  more: Change[] = [],
): Edit {
  const was = oneLine(text.slice(change.from, change.to));
  const what = `${file}: ${kind}: ${was} -> ${oneLine(change.text)}`;
  return { kind, what, file, changes: [change, ...more], verdict };
}

/** The place of a node, without what comes before it. */
export const span = (node: ts.Node, source: Source): { from: number; to: number } => ({
  from: node.getStart(source.node),
  to: node.getEnd(),
});

export function overlap(a: Edit, b: Edit): boolean {
  if (a.file !== b.file) return false;
  return a.changes.some((x) => b.changes.some((y) => x.from <= y.to && y.from <= x.to));
}

/** All edits at once: no two of them overlap. */
export function applied(files: FileMap, edits: Edit[]): FileMap {
  const after = new Map(files);
  for (const file of new Set(edits.map((e) => e.file))) {
    const changes = edits.filter((e) => e.file === file).flatMap((e) => e.changes);
    after.set(file, changed(files.get(file)!, changes));
  }
  return after;
}

function changed(text: string, changes: Change[]): string {
  let result = text;
  for (const { from, to, text: now } of [...changes].sort((a, b) => b.from - a.from)) {
    result = result.slice(0, from) + now + result.slice(to);
  }
  return result;
}
