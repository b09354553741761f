/** The sample kernel of this folder as a file map. */

import { join } from "node:path";
import { compileTree, type FileMap } from "../../src/kbuild/compile";
import { readTree } from "../../src/kbuild/readTree";
import { kernelFiles } from "../../src/kbuild/tree";
import type { KObject } from "../../src/kbuild/kobject";

export const ENTRIES = ["worker", "proc_read", "proc_init", "set_current"];

export function sampleTree(): FileMap {
  return readTree(join(import.meta.dirname, "samples/kernel"));
}

export async function compileSample(files: FileMap, more: string[] = []): Promise<KObject> {
  const entries = [...kernelFiles(files), ...more];
  const result = await compileTree(files, entries);
  if (result.kind !== "compiled") throw new Error(result.text);
  return result.object;
}
