/**
 * Decides whether a set of changes can be made while the kernel runs.
 * @see reasons.ts for the words and the whys.
 */

import type { Changes, DataChange, LayoutChange } from "./compare";
import type { Included } from "./include";
import { initFunctions } from "./initCode";
import type { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { bareName, fileOf } from "./names";
import type { Reason, ReasonId } from "./reasons";
import { newSleepers } from "./sleepers";

/** @returns why the patch is refused; empty when it is not. */
export function verify(changes: Changes, included: Included, kernel: KernelIndex, object: KObject): Reason[] {
  const found = [
    ...dataReasons(changes.data, kernel),
    ...initReasons(changes, kernel),
    ...notraceReasons(changes),
    ...moduleInitReasons(changes),
    ...signatureReasons(changes, kernel),
    ...layoutReasons(changes.layouts),
    ...sleepReasons(included, kernel, object),
  ];
  return found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** Findings of one kind, collected by the file they are about. */
function reasons(
  id: ReasonId,
  findings: { file: string; detail: string }[],
  summary: (count: number) => string,
): Reason[] {
  const byFile = new Map<string, string[]>();
  for (const { file, detail } of findings) {
    byFile.set(file, [...(byFile.get(file) ?? []), detail]);
  }
  return [...byFile].map(([file, details]) => ({
    id,
    file,
    details,
    summary: summary(details.length),
  }));
}

/** Refusals that kpatch words without detail lines: one for each finding. */
function plain(id: ReasonId, name: string, summary: string): Reason {
  return { id, file: fileOf(name), details: [], summary };
}

function dataReasons(data: DataChange[], kernel: KernelIndex): Reason[] {
  const values = data
    .filter((d) => d.kind === "value")
    .map((d) => ({
      file: fileOf(d.name),
      detail: `changed section .data.${bareName(d.name)} not selected for inclusion`,
    }));
  const others = data.flatMap((d) => {
    const bare = bareName(d.name);
    if (d.kind === "zeroed") return plain("data-value", d.name, `symbol changed sections: ${bare}`);
    if (d.kind === "size") return plain("data-size", d.name, `object size mismatch: ${bare}`);
    if (d.kind === "value") return [];
    const section = `${isBss(d.name, kernel) ? ".bss" : ".data"}.${bare}`;
    return plain("data-type", d.name, `${section} section header details differ from ${section}`);
  });
  return [...reasons("data-value", values, (n) => `${n} unsupported section change(s)`), ...others];
}

function isBss(name: string, kernel: KernelIndex): boolean {
  const init = kernel.globals.get(name)?.init;
  return init !== undefined && "text" in init && / 0$/.test(init.text);
}

/** One finding a file, however many functions: kpatch sees the section. */
function initReasons(changes: Changes, kernel: KernelIndex): Reason[] {
  const init = initFunctions(kernel);
  const files = new Set(
    changes.changed.filter(({ orig }) => init.has(orig.name)).map(({ orig }) => orig.file),
  );
  const detail = "changed section .init.text not selected for inclusion";
  const findings = [...files].map((file) => ({ file, detail }));
  return reasons("init", findings, (n) => `${n} unsupported section change(s)`);
}

function notraceReasons(changes: Changes): Reason[] {
  const findings = changes.changed
    .filter(({ orig }) => orig.kind === "notrace")
    .map(({ orig }) => ({
      file: orig.file,
      detail: `function ${bareName(orig.name)} doesn't have patchable function entry, unable to patch`,
    }));
  return reasons("notrace", findings, (n) => `${n} function(s) can not be patched`);
}

/** Linux has sections of their own for them, which kpatch does not touch. */
const INIT_SECTIONS: Record<string, string> = { init_module: ".init.text", cleanup_module: ".exit.text" };

function moduleInitReasons(changes: Changes): Reason[] {
  const findings = changes.changed
    .filter(({ orig }) => orig.module && INIT_SECTIONS[bareName(orig.name)])
    .map(({ orig }) => ({
      file: orig.file,
      detail: `changed section ${INIT_SECTIONS[bareName(orig.name)]} not selected for inclusion`,
    }));
  return reasons("module-init", findings, (n) => `${n} unsupported section change(s)`);
}

function signatureReasons(changes: Changes, kernel: KernelIndex): Reason[] {
  const findings = changes.changed
    .filter(({ orig, resigned }) => resigned && isReachedFromOutside(orig.name, kernel))
    .map(({ orig }) => ({
      file: orig.file,
      detail: `function ${bareName(orig.name)} changed its signature, but its address is taken`,
    }));
  return reasons("signature", findings, (n) => `${n} function(s) can not be patched`);
}

/** By pointer, or by the host: what no caller's code shows. */
function isReachedFromOutside(name: string, kernel: KernelIndex): boolean {
  return kernel.data.has(`fn:${name}`) || kernel.image.entries.includes(name);
}

function layoutReasons(layouts: LayoutChange[]): Reason[] {
  const findings = layouts
    .filter((l) => l.field !== "")
    .map((l) => ({
      file: fileOf(l.name),
      detail: `struct ${bareName(l.name)}: field ${l.field} ${l.to ? `moved from ${l.from} to ${l.to}` : "was removed"}`,
    }));
  return reasons("layout", findings, (n) => `${n} unsupported layout change(s)`);
}

function sleepReasons(included: Included, kernel: KernelIndex, object: KObject): Reason[] {
  const findings = newSleepers(included, kernel, object).map(({ name, caller }) => ({
    file: object.functions.get(name)!.file,
    detail: `function ${bareName(name)} would sleep, but is called from atomic context by ${caller}`,
  }));
  return reasons("atomic", findings, (n) => `${n} function(s) can not be patched`);
}
