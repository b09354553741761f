/**
 * Functions that never sleep although they call through a function pointer.
 * Any pointer may lead to a sleeping function, so without this list asyncify
 * would reckon every caller of printf among those that may sleep.
 */

import type { KFunction, KObject } from "./kobject";
import { listed } from "./notrace";

/** One path name a line, `#` starts a comment. */
export const NOSLEEP_LIST = "nosleep.txt";

export function markAtomic(object: KObject, text: string | undefined): void {
  const names = listed(text);
  for (const f of object.functions.values()) {
    if (!names.has(f.name)) continue;
    f.atomic = true;
    f.indirect = false;
  }
}

/** @throws Error when a function that never sleeps calls one that may. */
export function checkAtomic(object: KObject, sleeps: (name: string) => boolean): void {
  for (const f of atomicFunctions(object)) {
    const callee = f.callees.find(sleeps);
    if (callee) throw new Error(`vmlinux: ${f.name} is in ${NOSLEEP_LIST}, but ${callee} may sleep`);
  }
}

export function atomicFunctions(object: KObject): KFunction[] {
  return [...object.functions.values()].filter((f) => f.atomic);
}
