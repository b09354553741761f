/**
 * Pairs what the running kernel has with what the patched tree makes.
 * Names are paths, so pairing is by name; what has no twin is new or gone.
 * Model: create-diff-object's kpatch_correlate_elfs(), without its heuristics
 * for the names compilers invent.
 */

import type { ImageData, ImageFunction, ImageGlobal } from "./image";
import type { KernelIndex } from "./kernelIndex";
import { fileOf } from "./names";
import type { KData, KFunction, KGlobal, KLayout, KObject } from "./kobject";

export interface Pair<Orig, Patched> {
  name: string;
  orig?: Orig;
  patched?: Patched;
}

export interface Correlation {
  /** Without those that melt into others: their callers' digests cover them. */
  functions: Pair<ImageFunction, KFunction>[];
  globals: Pair<ImageGlobal, KGlobal>[];
  /** Buffers; strings and function objects are known by what they are. */
  data: Pair<ImageData, KData>[];
  layouts: Pair<KLayout, KLayout>[];
}

/**
 * @param foreign files of the object that are no part of the kernel
 * @param scope the files that can differ, when not all were compiled
 */
export function correlate(
  kernel: KernelIndex,
  whole: KObject,
  foreign: Set<string>,
  scope: Set<string> | null = null,
): Correlation {
  const object = scope === null ? whole : within(whole, scope, kernel);
  const functions = filterMap(object.functions, (f) => f.kind !== "inline" && !foreign.has(f.file));
  // What only other files made of a file (its generics) is not compiled with it.
  const compiled = (f: ImageFunction) =>
    scope === null || (scope.has(f.file) && (whole.functions.has(f.name) || !f.name.includes("<")));
  const originals = filterMap(kernel.functions, (f) => f.kind !== "inline" && compiled(f));
  const folders = [...foreign].map((file) => `${file.replace(/\.ts$/, "")}/`);
  const isOurs = (name: string) => !folders.some((folder) => name.startsWith(folder));
  return {
    functions: pairs(originals, functions),
    globals: pairs(
      kernel.globals,
      filterMap(object.globals, (g) => isOurs(g.name)),
    ),
    data: pairs(
      filterMap(kernel.data, (d) => !d.name.startsWith("fn:")),
      filterMap(object.data, (d) => d.kind === "buffer" && isOurs(d.name)),
    ),
    layouts: pairs(kernel.layouts, object.layouts),
  };
}

/** The part of an object that comes from some files, and what only they made of others (another kind of a generic). */
function within(object: KObject, scope: Set<string>, kernel: KernelIndex): KObject {
  return {
    ...object,
    functions: filterMap(object.functions, (f) => scope.has(f.file) || !kernel.functions.has(f.name)),
    globals: filterMap(object.globals, (g) => scope.has(fileOf(g.name))),
    data: filterMap(object.data, (d) => scope.has(fileOf(d.name))),
  };
}

function filterMap<T>(map: Map<string, T>, keep: (value: T) => boolean): Map<string, T> {
  return new Map([...map].filter(([, value]) => keep(value)));
}

function pairs<A, B>(orig: Map<string, A>, patched: Map<string, B>): Pair<A, B>[] {
  const names = new Set([...orig.keys(), ...patched.keys()]);
  return [...names].map((name) => ({
    name,
    orig: orig.get(name),
    patched: patched.get(name),
  }));
}
