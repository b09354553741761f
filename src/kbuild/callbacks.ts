/** The functions of a patch that the kernel calls around a transition. */

import type { KernelIndex } from "./kernelIndex";
import type { KFunction, KObject } from "./kobject";
import { CALLBACK_KINDS, type CallbackKind, type Mark } from "./marks";
import { bareName, fileOf } from "./names";
import type { Reason } from "./reasons";
import { signature } from "./wat";

export interface Callback {
  /** Module the callback's file belongs to; null for vmlinux. */
  object: string | null;
  kind: CallbackKind;
  /** Path name of the function. */
  name: string;
}

/** Functions called klp_pre_patch and so on, and those that are marked. */
export function callbacksOf(added: KFunction[], marks: Mark[], kernel: KernelIndex): Callback[] {
  return added.flatMap((f) =>
    CALLBACK_KINDS.filter(
      (kind) =>
        bareName(f.name) === `klp_${kind}` ||
        marks.some((m) => m.kind === kind && m.file === f.file && m.name === bareName(f.name)),
    ).map((kind) => ({ object: kernel.moduleOf(f.file), kind, name: f.name })),
  );
}

export function callbackReasons(
  callbacks: Callback[],
  marks: Mark[],
  kernel: KernelIndex,
  object: KObject,
): Reason[] {
  const details: { file: string; detail: string }[] = [];
  const seen = new Set<string>();
  for (const { object: target, kind, name } of callbacks) {
    const place = `${kind.replace("_", "-")} callback for object: ${target ?? "vmlinux"}`;
    if (seen.has(place)) details.push({ file: fileOf(name), detail: `extra ${place}` });
    seen.add(place);
    const { params, results } = object.functions.get(name)!;
    if (signature(params, results) === signature(["i32"], kind === "pre_patch" ? ["i32"] : [])) continue;
    const form = `(obj: usize): ${kind === "pre_patch" ? "i32" : "void"}`;
    details.push({ file: fileOf(name), detail: `${kind} callback ${bareName(name)} is not ${form}` });
  }
  for (const { kind, name, file } of marks) {
    const path = `${file.replace(/\.ts$/, "")}/${name}`;
    const isOld = (CALLBACK_KINDS as readonly string[]).includes(kind) && kernel.functions.has(path);
    if (isOld) details.push({ file, detail: `${kind} callback ${name} is a function of the kernel` });
  }
  return details.map(({ file, detail }) => ({
    id: "callback",
    file,
    details: [detail],
    summary: "1 callback(s) can not be used",
  }));
}
