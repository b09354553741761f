/**
 * Which functions of a kernel ran at boot and never run again: Linux marks
 * them __init and frees them. Ours stay in the image, so a patch of one would
 * load and do nothing; the patch builder refuses it, as kpatch does.
 *
 * Init code is what is named so and reached from start_kernel() alone.
 */
import type { KernelIndex } from "./kernelIndex";
import { bareName } from "./names";

/** What boot begins with. kernel_init's address is taken once, to make pid 1. */
const ROOTS = new Set(["start_kernel", "rest_init", "kernel_init", "do_initcalls"]);

const NAMED_INIT = /^init_|_init$/;

/** Linux has sections of their own for them, which kpatch does not touch. */
const MODULE_SECTIONS: Record<string, string> = { init_module: ".init.text", cleanup_module: ".exit.text" };

/** Functions whose time is past, or fixed, with the section they have in Linux. */
export function bootSections(kernel: KernelIndex): Map<string, string> {
  const found = new Map([...initFunctions(kernel)].map((name) => [name, ".init.text"]));
  for (const { name, module } of kernel.functions.values()) {
    const section = module && MODULE_SECTIONS[bareName(name)];
    if (section) found.set(name, section);
  }
  return found;
}

function initFunctions(kernel: KernelIndex): Set<string> {
  const init = new Set<string>();
  for (const name of kernel.functions.keys()) if (ROOTS.has(bareName(name))) init.add(name);
  for (let grown = true; grown;) {
    grown = false;
    for (const name of kernel.functions.keys()) {
      if (init.has(name) || !isInit(name, kernel, init)) continue;
      init.add(name);
      grown = true;
    }
  }
  return init;
}

function isInit(name: string, kernel: KernelIndex, init: Set<string>): boolean {
  if (!NAMED_INIT.test(bareName(name)) || kernel.data.has(`fn:${name}`)) return false;
  const callers = kernel.callersOf(name);
  return callers.length > 0 && callers.every((caller) => init.has(caller));
}
