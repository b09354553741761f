/**
 * kpatch-build's inner half: from diffs against the running kernel's source to
 * a loadable patch module, or to the reason why there can be none.
 */

import type { BuildWarning, FunctionDetail, FunctionNote } from "../user/kpatch/buildJob";
import { applyMarks } from "./applyMarks";
import { callbackReasons, callbacksOf, type Callback } from "./callbacks";
import { compare, type Changes } from "./compare";
import { compileTree, type FileMap } from "./compile";
import { correlate } from "./correlate";
import { detailsOf } from "./details";
import type { Diagnostic } from "./diagnostics";
import type { KernelImage } from "./image";
import { include, type Included } from "./include";
import { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { exportCallbacks, takeMarks } from "./marks";
import { patchInfo } from "./modinfo";
import { ARGUMENTS_LENGTH } from "./object";
import { makeModule } from "./module";
import type { KlpFunction } from "./moduleSections";
import { bareName } from "./names";
import { applyDiffs, type ApplyResult } from "./patch";
import type { Reason } from "./reasons";
import { compileScope } from "./scope";
import { patchedModules } from "./shared";
import { treeReasons } from "./sources";
import { PATCH_INIT } from "./tree";
import { undefinedSymbols } from "./undefined";
import { verify } from "./verify";
import { warningsOf } from "./warnings";

export interface PatchRequest {
  /** The source the running kernel was built from. */
  tree: FileMap;
  image: KernelImage;
  /** Unified diffs, applied in order. */
  diffs?: string[];
  /** Instead of diffs: the texts of the files they touch; null: the file is gone. */
  patched?: Record<string, string | null>;
  /** Name of the module, as it will appear in /sys/kernel/livepatch. */
  name: string;
  /** Atomic replace: the patch takes the place of all earlier ones. */
  replace: boolean;
  /** Compile every file even where the touched ones would do; for tests. */
  whole?: boolean;
  /** Compile the original too, and say what both sides are. */
  details?: boolean;
  /** Path names of the functions that count as changed, whatever the comparison finds. */
  changed?: string[];
  /** Told the name of each step when it is done; for measurements. */
  onStep?: (step: "apply" | "compile" | "compare" | "include" | "verify" | "write") => void;
}

export interface Findings {
  notes: FunctionNote[];
  warnings: BuildWarning[];
  details?: FunctionDetail[];
}

export type PatchOutcome =
  | ({ kind: "built"; ko: Uint8Array; objects: string[] } & Findings)
  /** Every function compares equal; touched are the files that differ. */
  | ({ kind: "no-change"; touched: string[] } & Findings)
  | ({ kind: "refused"; reasons: Reason[] } & Findings)
  /** Imports that the machine does not have. */
  | ({ kind: "undefined"; symbols: string[] } & Findings)
  | { kind: "compile-error"; diagnostics: Diagnostic[]; text: string }
  | { kind: "apply-failed"; reasons: string[] };

/** Never throws for what a patch author can do wrong. */
export async function buildPatch(request: PatchRequest): Promise<PatchOutcome> {
  // 1. Apply the diffs, and see that they are about the kernel that runs.
  const applied = patchedTree(request);
  if (applied.kind === "apply-failed") return applied;
  const foreign = treeReasons(request.tree, request.image.sources);
  if (foreign.length > 0) return { kind: "refused", notes: [], warnings: [], reasons: foreign };
  const { touched } = applied;
  const { files, marks } = takeMarks(applied.files, touched);
  // What is linked into every patch is no part of any.
  const init = request.tree.get(PATCH_INIT);
  if (init !== undefined) files.set(PATCH_INIT, init);
  request.onStep?.("apply");

  // 2. Compile the patched tree; the original is known by its digests.
  const { scope, entries } = compileScope(request, files, touched);
  const countArguments = request.image.globals.some((g) => g.name === ARGUMENTS_LENGTH);
  const compiled = await compileTree(exportCallbacks(files, marks), entries, countArguments);
  if (compiled.kind === "compile-error") return compiled;
  const { object } = compiled;
  const kernel = new KernelIndex(request.image);
  keepKinds(object, kernel);
  request.onStep?.("compile");

  // 3. Pair old and new, and compare; what the author marked does not count.
  const found = compare(correlate(kernel, object, new Set([PATCH_INIT]), scope), request.changed);
  const marked = applyMarks(found, marks, kernel, object);
  const { changes } = marked;
  request.onStep?.("compare");

  // 4. Choose what becomes part of the patch.
  const callbacks = callbacksOf(changes.added, marks, kernel);
  const included = include(
    changes,
    object,
    callbacks.map((c) => c.name),
  );
  for (const module of patchedModules(included, kernel)) kernel.prefer(module);
  const findings: Findings = {
    notes: notesOf(changes, included, callbacks, marked.notes),
    warnings: warningsOf(changes, included, marks, kernel, object),
  };
  const compared = { tree: request.tree, entries, countArguments, touched, patched: object, changes };
  if (request.details) findings.details = await detailsOf(compared);
  request.onStep?.("include");

  // 5. Refuse what cannot be changed while the kernel runs.
  const reasons = [
    ...marked.reasons,
    ...callbackReasons(callbacks, marks, kernel, object),
    ...verify(changes, included, kernel, object),
  ].sort(byFile);
  if (reasons.length > 0) return { kind: "refused", ...findings, reasons };
  if (included.changed.length + included.added.length === 0) {
    return { kind: "no-change", ...findings, touched };
  }
  const symbols = undefinedSymbols(included, kernel, object);
  if (symbols.length > 0) return { kind: "undefined", ...findings, symbols };
  request.onStep?.("verify");

  // 6. Write the module.
  const ko = writePatch(request, kernel, object, included, callbacks);
  return { kind: "built", ...findings, ko, objects: patchedObjects(included, callbacks, kernel) };
}

function patchedTree({ tree, diffs, patched }: PatchRequest): ApplyResult {
  if (!patched) return applyDiffs(tree, diffs ?? []);
  const files = new Map(tree);
  for (const [path, text] of Object.entries(patched)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return { kind: "applied", files, touched: Object.keys(patched).sort() };
}

/** What is traced in the running kernel stays so, whatever the tree says now; new functions are. */
function keepKinds(object: KObject, kernel: KernelIndex): void {
  for (const f of object.functions.values()) {
    if (f.kind !== "inline") f.kind = kernel.functions.get(f.name)?.kind ?? "traced";
  }
}

const byFile = (a: { file: string }, b: { file: string }): number =>
  a.file < b.file ? -1 : a.file > b.file ? 1 : 0;

/** `vmlinux` or the modules that changed functions are in, sorted. */
function patchedObjects(included: Included, callbacks: Callback[], kernel: KernelIndex): string[] {
  const called = callbacks.map(({ object }) => (object ? `${object}.ko` : "vmlinux"));
  const changed = included.changed.flatMap((name) => {
    const owners = kernel.ownersOf(name);
    return owners.length > 0 ? owners.map((module) => `${module}.ko`) : ["vmlinux"];
  });
  const objects = [...called, ...changed];
  return objects.length > 0 ? [...new Set(objects)].sort() : ["vmlinux"];
}

/** By object, changed functions before new ones. */
function notesOf(
  changes: Changes,
  included: Included,
  callbacks: Callback[],
  marks: FunctionNote[],
): FunctionNote[] {
  const added = changes.added.filter((f) => included.added.includes(f.name));
  const isCallback = new Set(callbacks.map((c) => c.name));
  const notes = [
    ...marks,
    ...changes.changed.map(({ orig }) => note(orig, "changed")),
    ...added.filter((f) => isCallback.has(f.name)).map((f) => note(f, "callback")),
    ...added.map((f) => note(f, "new")),
  ];
  return notes.sort(byFile);
}

function note(f: { file: string; name: string }, kind: FunctionNote["kind"]): FunctionNote {
  return { file: f.file, kind, func: bareName(f.name) };
}

function writePatch(
  request: PatchRequest,
  kernel: KernelIndex,
  object: KObject,
  included: Included,
  callbacks: Callback[],
): Uint8Array {
  const init = [...object.functions.values()].filter((f) => f.file === PATCH_INIT);
  const replaced = included.changed.filter((name) => !included.renewed.has(name));
  return makeModule({
    object,
    kernel,
    include: [...included.changed, ...included.added, ...init.map((f) => f.name)],
    renewed: included.renewed,
    modinfo: patchInfo(request.name, [], request.image.build),
    klp: {
      replace: request.replace,
      functions: replaced.flatMap((name) => klpFunctions(name, kernel)),
      callbacks,
    },
  });
}

/** One for each object that has the function. sympos is 0, "the only one", unless the name occurs more than once. */
function klpFunctions(name: string, kernel: KernelIndex): KlpFunction[] {
  const owners = kernel.ownersOf(name);
  const entry = { oldName: bareName(name), sympos: kernel.sympos(kernel.functions.get(name)!), name };
  return owners.length > 0 ? owners.map((object) => ({ object, ...entry })) : [{ object: null, ...entry }];
}
