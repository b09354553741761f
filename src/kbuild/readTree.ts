/** Reads a source tree of the disk; for builds in Node only. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { FileMap } from "./compile";

/** Every file below `root`, by path relative to it, in the order of names. */
export function readTree(root: string): FileMap {
  const files: FileMap = new Map();
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir).sort()) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) walk(path);
      else files.set(relative(root, path), readFileSync(path, "utf8"));
    }
  };
  walk(root);
  return files;
}
