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
import { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { patchInfo } from "./modinfo";
import { makeModule } from "./module";
import type { KlpFunction } from "./moduleSections";
import { bareName, fileOf, objectName } from "./names";
import { applyDiffs, type ApplyFailure } from "./patch";
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
}

export type PatchOutcome =
  | { kind: "built"; ko: Uint8Array; log: string[]; objects: string[] }
  | { kind: "no-change"; touched: string[] }
  | { kind: "refused"; log: string[]; reasons: Reason[] }
  | { kind: "compile-error"; diagnostics: Diagnostic[]; text: string }
  | { kind: "apply-failed"; failures: ApplyFailure[] };

/** Never throws for what a patch author can do wrong. */
export async function buildPatch(request: PatchRequest): Promise<PatchOutcome> {
  // 1. Apply the diffs.
  const applied = applyDiffs(request.tree, request.diffs);
  if (applied.kind === "apply-failed") return applied;

  // 2. Compile the patched tree; the original is known by its digests.
  const { files, touched } = applied;
  const init = files.has(PATCH_INIT) ? [PATCH_INIT] : [];
  const compiled = await compileTree(files, [...kernelFiles(files), ...init]);
  if (compiled.kind === "compile-error") return compiled;
  const { object } = compiled;

  // 3. Pair old and new, and compare.
  const kernel = new KernelIndex(request.image);
  const changes = compare(correlate(kernel, object, new Set(init)));

  // 4. Choose what becomes part of the patch.
  const included = include(changes, object);
  const log = reportLines(changes, included);

  // 5. Refuse what cannot be changed while the kernel runs.
  const reasons = verify(changes, included, kernel, object);
  if (reasons.length > 0) return { kind: "refused", log, reasons };
  if (included.changed.length + included.added.length === 0) return { kind: "no-change", touched };

  // 6. Write the module.
  const ko = writePatch(request, kernel, object, included);
  return { kind: "built", ko, log, objects: ["vmlinux"] };
}

/** `fs/proc/meminfo.o: changed function: meminfo_proc_show`, by object. */
function reportLines(changes: Changes, included: Included): string[] {
  const line = (file: string, what: string, name: string) =>
    `${objectName(file)}: ${what} function: ${bareName(name)}`;
  const lines = [
    ...changes.changed.map(({ orig }) => line(orig.file, "changed", orig.name)),
    ...changes.added.filter((f) => included.added.includes(f.name)).map((f) => line(f.file, "new", f.name)),
  ];
  const grown = changes.layouts
    .filter((l) => l.field === "")
    .map((l) => {
      const sizes = `from ${l.from} to ${l.to} bytes`;
      return `${objectName(fileOf(l.name))}: WARNING: struct ${bareName(l.name)} grew ${sizes}; existing objects did not`;
    });
  return [...lines.sort(byObject), ...grown];
}

function byObject(a: string, b: string): number {
  const [x, y] = [a.split(":")[0]!, b.split(":")[0]!];
  return x < y ? -1 : x > y ? 1 : 0;
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
  return { object: null, oldName: bareName(name), sympos: kernel.sympos(f), name };
}
