/** Tells whether a tree is the one a kernel was built from. */

import { digestText } from "./digest";
import type { Reason } from "./reasons";
import { isKernelFile } from "./tree";

/** Of the files vmlinux is made of. */
export function sourceDigests(files: ReadonlyMap<string, string>): Record<string, string> {
  const kernel = [...files].filter(([path]) => isKernelFile(path));
  return Object.fromEntries(kernel.map(([path, text]) => [path, digestText(text)]));
}

/** Refuses a tree with other sources than the running kernel's: a diff against it means something else. */
export function treeReasons(tree: ReadonlyMap<string, string>, sources: Record<string, string>): Reason[] {
  const found = sourceDigests(tree);
  const paths = [...new Set([...Object.keys(found), ...Object.keys(sources)])].sort();
  return paths
    .filter((path) => found[path] !== sources[path])
    .map((file) => ({
      id: "tree",
      file,
      details: [`couldn't find matching ${file.replace(/^.*\//, "")} local symbols in vmlinux symbol table`],
      summary: "source is not what the running kernel was built from",
    }));
}
