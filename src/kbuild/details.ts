/** The intermediate results of a patch build, for klp-build's work folder. */

import type { FunctionDetail, SideDetail } from "../user/kpatch/buildJob";
import type { Changes } from "./compare";
import { compileTree, type FileMap } from "./compile";
import type { KFunction, KObject } from "./kobject";
import { signature } from "./wat";

interface Compared {
  tree: FileMap;
  /** What was compiled of the patched tree: the same is of the original. */
  entries: string[];
  countArguments: boolean;
  touched: string[];
  patched: KObject;
  changes: Changes;
}

export async function detailsOf(compared: Compared): Promise<FunctionDetail[]> {
  const { tree, touched, patched, changes, countArguments } = compared;
  const entries = compared.entries.filter((file) => tree.has(file));
  const compiled = await compileTree(tree, entries, countArguments);
  if (compiled.kind !== "compiled") throw new Error(`the running kernel's source: ${compiled.text}`);
  const orig = compiled.object;
  const wanted = new Set(changes.changed.map(({ orig: f }) => f.name));
  for (const f of [...orig.functions.values(), ...patched.functions.values()]) {
    if (f.kind !== "inline" && touched.includes(f.file)) wanted.add(f.name);
  }
  return [...wanted].sort().map((name) => {
    const [before, after] = [orig.functions.get(name), patched.functions.get(name)];
    return { name, file: (after ?? before)!.file, orig: side(before), patched: side(after) };
  });
}

function side(f: KFunction | undefined): SideDetail | undefined {
  if (!f) return undefined;
  const type = signature(f.params, f.results);
  return { checksum: f.digest, text: `(func ${f.name}${type && ` ${type}`}\n${f.body.trim()}\n)\n` };
}
