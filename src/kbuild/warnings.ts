/** What stops nothing, but an author should know; most of it kpatch does not say. */

import type { BuildWarning } from "../user/kpatch/buildJob";
import type { Changes } from "./compare";
import { staticLocals } from "./dataReasons";
import type { Included } from "./include";
import type { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { layoutText, type LayoutChange } from "./layoutChanges";
import type { Mark } from "./marks";
import { bareName, fileOf } from "./names";

export function warningsOf(
  changes: Changes,
  included: Included,
  marks: Mark[],
  kernel: KernelIndex,
  object: KObject,
): BuildWarning[] {
  return [
    ...newStaticLocals(changes, kernel, object),
    ...grownStructs(changes.layouts),
    ...newVariables(changes, included, kernel, object),
    ...goneExports(changes, kernel),
    ...unsafeMarks(marks),
  ];
}

/** create-diff-object's own warning. */
function newStaticLocals(changes: Changes, kernel: KernelIndex, object: KObject): BuildWarning[] {
  return changes.changed.flatMap(({ orig: { name, file } }) => {
    if (staticLocals(kernel.data.keys(), name).length > 0) return [];
    return staticLocals(object.data.keys(), name).map((local) => ({
      file,
      text: `unable to correlate static local variable ${bareName(local)} used by ${bareName(name)}, assuming variable is new`,
      ours: false,
    }));
  });
}

function grownStructs(layouts: LayoutChange[]): BuildWarning[] {
  const grown = layouts.filter((l) => l.kind === "added" || l.kind === "resized");
  const names = [...new Set(grown.map((l) => l.name))];
  return names.map((name) => ({
    file: fileOf(name),
    text: `struct ${bareName(name)}: ${grown
      .filter((l) => l.name === name)
      .map(layoutText)
      .join(", ")}; objects that exist have no room for it`,
    ours: true,
    advice: "Attach the new field by a shadow variable (klp_shadow_alloc), or touch it in new objects only.",
    section: "layout",
  }));
}

/** Variables the patch brings along: their values come and go with it. */
function newVariables(
  changes: Changes,
  included: Included,
  kernel: KernelIndex,
  object: KObject,
): BuildWarning[] {
  const changed = changes.changed.map(({ orig }) => orig.name);
  const locals = new Set(changed.flatMap((name) => staticLocals(object.data.keys(), name)));
  const used = [...included.changed, ...included.added].flatMap((name) => {
    const { globals, data } = object.functions.get(name)!;
    const buffers = data.filter((item) => object.data.get(item)?.kind === "buffer");
    const isNew = (item: string) => !kernel.globals.has(item) && !kernel.data.has(item) && !locals.has(item);
    return [...globals.filter((item) => object.globals.has(item)), ...buffers].filter(isNew);
  });
  return [...new Set(used)].map((name) => ({
    file: fileOf(name),
    text: `new variable ${bareName(name)}: its value is lost when the patch is unloaded or replaced`,
    ours: true,
    advice: "Let a later patch take it over from a callback, or keep it in a shadow variable.",
    section: "new-variable",
  }));
}

function goneExports(changes: Changes, kernel: KernelIndex): BuildWarning[] {
  const isGone = (name: string) =>
    kernel.functions.get(name)!.exported && !kernel.functions.get(name)!.module;
  const gone = [...changes.removed.map(({ name }) => name), ...changes.hidden].filter(isGone);
  return gone.map((name) => ({
    file: fileOf(name),
    text: `${bareName(name)} is exported no more; modules that are built from now on can not use it`,
    ours: true,
    advice: "Keep the exported name as it was, and let it call the new function.",
    section: "exports",
  }));
}

function unsafeMarks(marks: Mark[]): BuildWarning[] {
  return marks
    .filter(({ kind }) => kind === "force_unsafe")
    .map(({ file, name }) => ({
      file,
      text: `KPATCH_FORCE_UNSAFE(${name}) is for kpatch.ko; livepatch looks at every stack all the same`,
      ours: true,
      advice:
        "If the transition does not end, write 1 to the patch's file force: the module then stays for ever.",
      section: "marks",
    }));
}
