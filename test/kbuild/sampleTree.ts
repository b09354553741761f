/** The sample kernel of this folder as a file map. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { compileTree, type FileMap } from "../../src/kbuild/compile";
import { kernelFiles } from "../../src/kbuild/tree";
import type { KObject } from "../../src/kbuild/kobject";

const ROOT = join(import.meta.dirname, "samples/kernel");

export const ENTRIES = ["worker", "proc_read", "proc_init", "set_current"];

export function sampleTree(): FileMap {
  const files: FileMap = new Map();
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir).sort()) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) walk(path);
      else files.set(relative(ROOT, path), readFileSync(path, "utf8"));
    }
  };
  walk(ROOT);
  return files;
}

export async function compileSample(files: FileMap, more: string[] = []): Promise<KObject> {
  const entries = [...kernelFiles(files), ...more];
  const result = await compileTree(files, entries);
  if (result.kind !== "compiled") throw new Error(result.text);
  return result.object;
}
