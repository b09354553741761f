// fileNames.ts - which file a part of a diff is for, as patch(1) chooses.

import type { FilePatch } from "./parseDiff.ts";

const NOWHERE = "/dev/null";

/** The name without its first `count` folders; null when it has not so many. Infinity keeps the last part only. */
export function strip(name: string | null, count: number): string | null {
  if (name === null || name === NOWHERE) return null;
  if (count === Infinity) return name.slice(name.lastIndexOf("/") + 1) || null;
  let rest = name;
  for (let left = count; left > 0; left--) {
    const m = /^[^/]*\/+/.exec(rest);
    if (!m) return null;
    rest = rest.slice(m[0].length);
  }
  return rest === "" ? null : rest;
}

/** The names a part of a diff gives for its file, the old one first. */
export function candidates(file: FilePatch, count: number): string[] {
  const names = [file.oldName, file.newName, file.indexName].map((name) => strip(name, count));
  return [...new Set(names.filter((name) => name !== null))];
}

export const creates = (file: FilePatch): boolean =>
  file.oldName === NOWHERE || (file.hunks[0]?.oldCount === 0 && file.hunks[0].oldStart === 0);

export const removes = (file: FilePatch): boolean =>
  file.newName === NOWHERE || (file.hunks[0]?.newCount === 0 && file.hunks[0].newStart === 0);

/** Of several names: fewest folders, then the shortest. */
export function best(names: string[]): string | undefined {
  const depth = (name: string): number => name.split("/").length;
  return [...names].sort((a, b) => depth(a) - depth(b) || a.length - b.length)[0];
}

/** A name that leads out of the tree. */
export const escapes = (path: string): boolean => path.startsWith("/") || path.split("/").includes("..");
