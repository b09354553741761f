/**
 * Source that several modules are made of. Each has a copy of it, with
 * variables of its own, so a new version serves all of them only when it
 * touches none of these.
 */

import type { Included } from "./include";
import type { KernelIndex } from "./kernelIndex";
import type { KFunction, KObject } from "./kobject";
import { objectName } from "./names";
import type { Reason } from "./reasons";
import { byFile } from "./reasonList";

/** Symbols of modules that a function refers to. */
function foreign(f: KFunction, kernel: KernelIndex): string[] {
  return [...f.callees, ...f.globals, ...f.data].filter((name) => kernel.ownersOf(name).length > 0);
}

/** Modules whose own functions the patch changes: shared symbols are taken from there. */
export function patchedModules(included: Included, kernel: KernelIndex): string[] {
  const owners = included.changed.map((name) => kernel.ownersOf(name)).filter((list) => list.length === 1);
  return [...new Set(owners.flat())];
}

export function sharedReasons(included: Included, kernel: KernelIndex, object: KObject): Reason[] {
  const isAlone = patchedModules(included, kernel).length <= 1;
  const findings = [...included.changed, ...included.added].flatMap((name) => {
    const f = object.functions.get(name)!;
    const owners = kernel.ownersOf(name);
    const refers = foreign(f, kernel);
    const bad =
      owners.length > 1 ? refers[0] : isAlone ? undefined : refers.find((r) => kernel.ownersOf(r).length > 1);
    if (bad === undefined) return [];
    const parents = (owners.length > 1 ? owners : kernel.ownersOf(bad)).map((m) => `${m}.ko`);
    return [
      { file: f.file, detail: `multiple parent matches for ${objectName(f.file)}: ${parents.join(" ")}` },
    ];
  });
  const once = findings.filter((f, i) => findings.findIndex((g) => g.detail === f.detail) === i);
  return byFile("shared", once, () => "it belongs to several modules");
}
