/**
 * kpatch-build's inner half: from diffs against the running kernel's source to
 * a loadable patch module, or to the reason why there can be none.
 */

import { compare, type Changes } from "./compare";
import { compileTree, type FileMap } from "./compile";
import { correlate } from "./correlate";
import type { Diagnostic } from "./diagnostics";
import type { KernelImage } from "./image";
import { include, type Included } from "./include";
import { interfaceOf } from "./interface";
import { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { patchInfo } from "./modinfo";
import { ARGUMENTS_LENGTH } from "./object";
import { makeModule } from "./module";
import type { KlpFunction } from "./moduleSections";
import { bareName, fileOf, objectName } from "./names";
import { applyDiffs } from "./patch";
import type { Reason } from "./reasons";
import { kernelFiles, PATCH_INIT } from "./tree";
import { verify } from "./verify";

export interface PatchRequest {
  /** The source the running kernel was built from. */
  tree: FileMap;
  image: KernelImage;
  /** Unified diffs, applied in order. */
  diffs: string[];
  /** Name of the module, as it will appear in /sys/kernel/livepatch. */
  name: string;
  /** Atomic replace: the patch takes the place of all earlier ones. */
  replace: boolean;
  /** Compile every file even where the touched ones would do; for tests. */
  whole?: boolean;
  /** Told the name of each step when it is done; for measurements. */
  onStep?: (step: "apply" | "compile" | "compare" | "include" | "verify" | "write") => void;
}

/** What create-diff-object says on stdout about one function. */
export interface FunctionNote {
  file: string;
  kind: "changed" | "new" | "callback";
  func: string;
}

/** Something the author should know that stops nothing. */
export interface Warning {
  file: string;
  text: string;
}

export interface Findings {
  notes: FunctionNote[];
  warnings: Warning[];
}

export type PatchOutcome =
  | ({ kind: "built"; ko: Uint8Array; objects: string[] } & Findings)
  /** Every function compares equal; touched are the files that differ. */
  | ({ kind: "no-change"; touched: string[] } & Findings)
  | ({ kind: "refused"; reasons: Reason[] } & Findings)
  | { kind: "compile-error"; diagnostics: Diagnostic[]; text: string }
  | { kind: "apply-failed"; reasons: string[] };

/** Never throws for what a patch author can do wrong. */
export async function buildPatch(request: PatchRequest): Promise<PatchOutcome> {
  // 1. Apply the diffs.
  const applied = applyDiffs(request.tree, request.diffs);
  if (applied.kind === "apply-failed") return applied;
  request.onStep?.("apply");

  // 2. Compile the patched tree; the original is known by its digests.
  const { files, touched } = applied;
  const init = files.has(PATCH_INIT) ? [PATCH_INIT] : [];
  const modules = touchedModules(request.image, touched);
  const scope = request.whole || modules.length > 0 ? null : bodiesOnly(request.tree, files, touched);
  const entries = scope === null ? [...kernelFiles(files), ...modules] : [...scope];
  const compiled = await compileTree(files, [...entries, ...init], countsArguments(request.image));
  if (compiled.kind === "compile-error") return compiled;
  const { object } = compiled;
  request.onStep?.("compile");

  // 3. Pair old and new, and compare.
  const kernel = new KernelIndex(request.image);
  const changes = compare(correlate(kernel, object, new Set(init), scope));
  request.onStep?.("compare");

  // 4. Choose what becomes part of the patch.
  const included = include(changes, object);
  const findings = { notes: notesOf(changes, included), warnings: warningsOf(changes) };
  request.onStep?.("include");

  // 5. Refuse what cannot be changed while the kernel runs.
  const reasons = verify(changes, included, kernel, object);
  if (reasons.length > 0) return { kind: "refused", ...findings, reasons };
  if (included.changed.length + included.added.length === 0) {
    return { kind: "no-change", ...findings, touched };
  }
  request.onStep?.("verify");

  // 6. Write the module.
  const ko = writePatch(request, kernel, object, included);
  return { kind: "built", ...findings, ko, objects: patchedObjects(included, kernel) };
}

/** Files of the modules that any of the touched files belongs to. */
function touchedModules(image: KernelImage, touched: string[]): string[] {
  const hit = image.modules.filter((m) => m.files.some((file) => touched.includes(file)));
  return [...new Set(hit.flatMap((m) => m.files))].sort();
}

/** `vmlinux` or the modules that changed functions are in, sorted. */
function patchedObjects(included: Included, kernel: KernelIndex): string[] {
  const owners = included.changed.map((name) => kernel.functions.get(name)!.module);
  const objects = owners.map((module) => (module ? `${module}.ko` : "vmlinux"));
  return objects.length > 0 ? [...new Set(objects)].sort() : ["vmlinux"];
}

/** Functions of a patch that the kernel calls around a transition, by their names. */
const CALLBACKS = new Set(["klp_pre_patch", "klp_post_patch", "klp_pre_unpatch", "klp_post_unpatch"]);

/** The touched files when they differ in bodies of functions alone, else null. */
function bodiesOnly(before: FileMap, after: FileMap, touched: string[]): Set<string> | null {
  const kernel = new Set(kernelFiles(after));
  const same = (file: string): boolean => {
    const old = before.get(file);
    if (old === undefined || !kernel.has(file)) return false;
    return interfaceOf(old) === interfaceOf(after.get(file)!);
  };
  return touched.length > 0 && touched.every(same) ? new Set(touched) : null;
}

/** Whether this kernel's calls of functions with optional arguments say how many they pass. */
function countsArguments(image: KernelImage): boolean {
  return image.globals.some((g) => g.name === ARGUMENTS_LENGTH);
}

/** By object, changed functions before new ones. */
function notesOf(changes: Changes, included: Included): FunctionNote[] {
  const added = changes.added.filter((f) => included.added.includes(f.name));
  const notes = [
    ...changes.changed.map(({ orig }) => note(orig, "changed")),
    ...added.filter((f) => CALLBACKS.has(bareName(f.name))).map((f) => note(f, "callback")),
    ...added.map((f) => note(f, "new")),
  ];
  return notes.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

function note(f: { file: string; name: string }, kind: FunctionNote["kind"]): FunctionNote {
  return { file: f.file, kind, func: bareName(f.name) };
}

function warningsOf(changes: Changes): Warning[] {
  const grown = changes.layouts.filter((l) => l.field === "");
  return grown.map(({ name, from, to }) => ({
    file: fileOf(name),
    text: `struct ${bareName(name)} grew from ${from} to ${to} bytes; existing objects did not`,
  }));
}

const NOTE_WORDS = { changed: "changed function", new: "new function", callback: "found callback" };

/** `fs/proc/meminfo.o: changed function: meminfo_proc_show`, one line each. */
export function findingLines({ notes, warnings }: Findings): string[] {
  return [
    ...notes.map(({ file, kind, func }) => `${objectName(file)}: ${NOTE_WORDS[kind]}: ${func}`),
    ...warnings.map(({ file, text }) => `${objectName(file)}: WARNING: ${text}`),
  ];
}

function writePatch(
  request: PatchRequest,
  kernel: KernelIndex,
  object: KObject,
  included: Included,
): Uint8Array {
  const init = [...object.functions.values()].filter((f) => f.file === PATCH_INIT);
  const replaced = included.changed.filter((name) => !included.renewed.has(name));
  return makeModule({
    object,
    kernel: request.image,
    include: [...included.changed, ...included.added, ...init.map((f) => f.name)],
    renewed: included.renewed,
    modinfo: patchInfo(request.name, [], request.image.build),
    klp: {
      replace: request.replace,
      functions: replaced.map((name) => klpFunction(name, kernel)),
    },
  });
}

/** sympos is 0, "the only one", unless the name occurs more than once. */
function klpFunction(name: string, kernel: KernelIndex): KlpFunction {
  const f = kernel.functions.get(name)!;
  return { object: f.module ?? null, oldName: bareName(name), sympos: kernel.sympos(f), name };
}
