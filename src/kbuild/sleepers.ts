/**
 * Finds functions a patch makes sleep although somebody outside the patch
 * calls them directly: that caller was built for a callee that never sleeps.
 * Callers by pointer are safe, for any pointer may lead to a sleeping function.
 */

import type { Included } from "./include";
import type { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { bareName } from "./names";

export interface NewSleeper {
  name: string;
  /** Bare name of a caller that was not built for it. */
  caller: string;
}

export function newSleepers(included: Included, kernel: KernelIndex, object: KObject): NewSleeper[] {
  const inside = new Set([...included.changed, ...included.added]);
  const sleeps = sleepingFunctions(inside, kernel, object);
  return included.changed
    .filter((name) => sleeps.has(name) && !included.renewed.has(name))
    .filter((name) => !kernel.functions.get(name)!.sleepable)
    .flatMap((name) => {
      const outside = inKernelFirst(kernel.callersOf(name), kernel).filter((c) => !inside.has(c));
      const atomic = outside.find((c) => !kernel.functions.get(c)!.sleepable);
      const caller = atomic ?? outside[0];
      if (caller) return [{ name, caller: bareName(caller) }];
      const isEntry = kernel.image.entries.includes(name);
      return isEntry ? [{ name, caller: "the machine" }] : [];
    });
}

/** A reader looks for a caller in the kernel before he looks into modules. */
function inKernelFirst(callers: string[], kernel: KernelIndex): string[] {
  const inModule = (name: string) => (kernel.functions.get(name)!.module ? 1 : 0);
  return [...callers].sort((a, b) => inModule(a) - inModule(b));
}

/** The functions of the patch that may sleep, by the same rule as asyncify. */
export function sleepingFunctions(inside: Set<string>, kernel: KernelIndex, object: KObject): Set<string> {
  const known = new Map<string, boolean>();
  const sleeps = (name: string): boolean => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    known.set(name, false);
    const f = object.functions.get(name);
    const outside = !inside.has(name) && f?.kind !== "inline";
    const result = outside
      ? isSwitch(name, object) || (kernel.functions.get(name)?.sleepable ?? false)
      : f!.indirect || f!.callees.some(sleeps);
    known.set(name, result);
    return result;
  };
  // A cycle may have been cut before its sleeping member was seen.
  for (let size = -1; size !== count(known);) {
    size = count(known);
    for (const [name, value] of known) if (!value) known.delete(name);
    for (const name of inside) sleeps(name);
  }
  return new Set([...inside].filter((name) => known.get(name)));
}

function count(known: Map<string, boolean>): number {
  return [...known.values()].filter(Boolean).length;
}

function isSwitch(name: string, object: KObject): boolean {
  const i = object.functionImports.get(name);
  return i?.module === "env" && i.base === "switch_to";
}
