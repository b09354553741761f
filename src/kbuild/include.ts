/**
 * Chooses what becomes part of the patch: every changed function, and from
 * there whatever new function something included refers to. A new function
 * that its file exports comes along even when nothing calls it; another that
 * nothing refers to is dropped.
 */

import type { Changes } from "./compare";
import type { KFunction, KObject } from "./kobject";

export interface Included {
  /** Changed functions, by path name. */
  changed: string[];
  /** New functions, by path name. */
  added: string[];
  /** Changed functions that are new under an old name: see FunctionChange. */
  renewed: Set<string>;
}

/** @param callbacks new functions that the kernel calls */
export function include(changes: Changes, object: KObject, callbacks: string[]): Included {
  const added = new Map(changes.added.map((f) => [f.name, f]));
  const taken = new Set<string>();
  const visit = (f: KFunction): void => {
    for (const name of references(f, object)) {
      const target = added.get(name);
      if (!target || taken.has(name)) continue;
      taken.add(name);
      visit(target);
    }
  };
  const roots = changes.added.filter((f) => f.exported || callbacks.includes(f.name));
  for (const f of roots) taken.add(f.name);
  for (const f of [...roots, ...changes.changed.map((c) => c.patched)]) visit(f);
  return {
    changed: changes.changed.map((c) => c.patched.name),
    added: changes.added.map((f) => f.name).filter((name) => taken.has(name)),
    renewed: new Set(changes.changed.filter((c) => c.resigned).map((c) => c.patched.name)),
  };
}

/** Functions that a function calls or whose address it can get at. */
export function references(f: KFunction, object: KObject): Set<string> {
  const functions = new Set(f.callees);
  const seen = new Set<string>();
  const data = [...f.data];
  for (const callee of f.callees) {
    const melted = object.functions.get(callee);
    if (melted?.kind === "inline") for (const name of references(melted, object)) functions.add(name);
  }
  for (let name = data.pop(); name !== undefined; name = data.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const { target } of object.data.get(name)?.relocs ?? []) {
      if ("site" in target) functions.add(target.site);
      else data.push(target.data);
    }
  }
  return functions;
}
