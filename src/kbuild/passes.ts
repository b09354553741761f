/**
 * The order of the passes, the same for the kernel and for modules:
 *
 *   1. accessors melt into their callers; each function is optimised by itself
 *   2. asyncify, while calls are still direct, so that it sees who may sleep
 *   3. what asyncify touched records its frame when it unwinds
 *   4. only now calls go through slots
 *
 * Nothing is inlined across traced functions and equal functions stay apart:
 * each must keep a body of its own, or it could not be replaced alone.
 */

import binaryen from "assemblyscript/binaryen";
import { runPasses, type Module } from "./binaryenModule";

/**
 * While calls are direct, a function with a slot is called `@NAME`. In the end
 * `@NAME` is the call through the slot and `NAME` is the body.
 */
export function siteName(name: string): string {
  return `@${name}`;
}

const LOCAL_PASSES = [
  "dce",
  "remove-unused-names",
  "remove-unused-brs",
  "optimize-instructions",
  "precompute",
  "simplify-locals",
  "vacuum",
  "coalesce-locals",
  "simplify-locals",
  "vacuum",
  "reorder-locals",
];

/**
 * Step 1.
 * @param notrace functions called directly, which keep their bodies too
 */
export function optimizeFunctions(module: Module, notrace: string[]): void {
  for (const name of ["@*", ...notrace]) {
    runPasses(module, ["no-inline"], { "no-inline": name });
  }
  const inline = { always: 100, oneCaller: 0 };
  runPasses(module, ["inlining", ...LOCAL_PASSES], {}, inline);
}

/**
 * Step 2.
 * @param sleeping imports that may sleep, as `module.base`
 * @param atomic functions that never sleep, although they call through
 *   pointers; trampolines call some of them while a stack is being rewound
 * @returns names of the functions asyncify changed: those that may sleep
 */
export function asyncify(module: Module, sleeping: string[], atomic: string[]): Set<string> {
  const before = bodies(module);
  runPasses(module, ["asyncify"], {
    "asyncify-imports": sleeping.join(","),
    "asyncify-import-globals": "1",
    // The star, because a list that begins with @ would name a file.
    "asyncify-removelist": atomic.map((name) => `*${name}`).join(","),
  });
  const touched = new Set<string>();
  for (const [name, body] of bodies(module)) {
    if (before.get(name) !== body && before.has(name)) touched.add(name);
  }
  for (const name of ASYNCIFY_EXPORTS) {
    module.removeExport(name);
    module.removeFunction(name);
  }
  return touched;
}

/** The machine sets the two globals itself. */
const ASYNCIFY_EXPORTS = [
  "asyncify_start_unwind",
  "asyncify_stop_unwind",
  "asyncify_start_rewind",
  "asyncify_stop_rewind",
  "asyncify_get_state",
];

function bodies(module: Module): Map<string, number> {
  const result = new Map<string, number>();
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (!info.module) result.set(info.name, info.body);
  }
  return result;
}

/** For a page that loads the kernel: what asyncify left over goes, often used functions get short numbers. */
const SIZE_PASSES = [
  "rse",
  "vacuum",
  "remove-unused-brs",
  "remove-unused-names",
  "vacuum",
  "reorder-functions",
];

/** Step 4, second half: the stubs of slots.ts melt into their callers. */
export function meltStubs(module: Module): void {
  runPasses(
    module,
    ["inlining", ...LOCAL_PASSES, "remove-unused-module-elements", ...SIZE_PASSES],
    {},
    { always: 24, oneCaller: 1 << 20 },
  );
}

/** In place of meltStubs() where there are no slots: the same, with nothing inlined. */
export function optimizeLocals(module: Module): void {
  runPasses(module, [...LOCAL_PASSES, "remove-unused-module-elements"]);
}

/** In place of asyncify(): nothing sleeps, and only the state that trampolines look at is there. */
export function noAsyncify(module: Module): Set<string> {
  module.addGlobalImport("__asyncify_state", "env", "__asyncify_state", binaryen.i32, true);
  return new Set();
}
