/**
 * Decides whether a set of changes can be made while the kernel runs.
 * @see reasons.ts for the whys; dataReasons.ts, callbacks.ts and shared.ts for the rest.
 */

import type { Changes } from "./compare";
import { dataReasons, layoutReasons, staticLocalReasons } from "./dataReasons";
import type { Included } from "./include";
import { bootSections } from "./initCode";
import type { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { bareName } from "./names";
import type { Reason } from "./reasons";
import { byFile } from "./reasonList";
import { sharedReasons } from "./shared";
import { newSleepers } from "./sleepers";

/** @returns why the patch is refused; empty when it is not. */
export function verify(changes: Changes, included: Included, kernel: KernelIndex, object: KObject): Reason[] {
  return [
    ...dataReasons(changes.data, kernel),
    ...staticLocalReasons(changes, kernel, object),
    ...bootReasons(changes, kernel),
    ...notraceReasons(changes),
    ...signatureReasons(changes, kernel, object),
    ...removedReasons(changes, kernel),
    ...layoutReasons(changes.layouts),
    ...sleepReasons(included, kernel, object),
    ...sharedReasons(included, kernel, object),
  ];
}

/** One finding for a section of a file, however many functions: kpatch sees the section. */
function bootReasons(changes: Changes, kernel: KernelIndex): Reason[] {
  const sections = bootSections(kernel);
  const changed = changes.changed.map(({ orig }) => orig).filter((f) => sections.has(f.name));
  const places = new Map(
    changed.map(({ name, file, module }) => {
      const detail = `changed section ${sections.get(name)} not selected for inclusion`;
      return [`${file} ${detail}`, { file, module, detail }] as const;
    }),
  );
  const found = [...places.values()];
  const summary = (n: number) => `${n} unsupported section change(s)`;
  const inKernel = found.filter((f) => f.module === undefined);
  const inModules = found.filter((f) => f.module !== undefined);
  return [...byFile("init", inKernel, summary), ...byFile("module-init", inModules, summary)];
}

function notraceReasons(changes: Changes): Reason[] {
  const findings = changes.changed
    .filter(({ orig }) => orig.kind === "notrace")
    .map(({ orig }) => ({
      file: orig.file,
      detail: `function ${bareName(orig.name)} doesn't have patchable function entry, unable to patch`,
    }));
  return byFile("notrace", findings, (n) => `${n} function(s) can not be patched`);
}

/** Callers by name are compiled with the patch; calls through a pointer show in nobody's code. */
function signatureReasons(changes: Changes, kernel: KernelIndex, object: KObject): Reason[] {
  const findings = changes.changed.flatMap(({ orig: { name, file }, resigned }) => {
    if (!resigned) return [];
    const taken = kernel.data.has(`fn:${name}`) ? `its address is taken${takers(name, object)}` : "";
    const why = taken || (kernel.image.entries.includes(name) && "the machine calls it");
    return why ? [{ file, detail: `function ${bareName(name)} changed its signature, but ${why}` }] : [];
  });
  return byFile("signature", findings, (n) => `${n} function(s) can not be patched`);
}

/** ` by A, B`: the functions and tables that hold a function's address. */
function takers(name: string, object: KObject): string {
  const functions = [...object.functions.values()].filter((f) => f.data.includes(`fn:${name}`));
  const item = (data: string) => data === `fn:${name}`;
  const tables = [...object.data.values()].filter(
    (d) => d.kind === "buffer" && d.relocs.some(({ target }) => "data" in target && item(target.data)),
  );
  const names = [...functions, ...tables].map((taker) => bareName(taker.name));
  return names.length > 0 ? ` by ${names.join(", ")}` : "";
}

/** Whoever calls a removed function by name no longer compiles; but the machine is no part of the tree. */
function removedReasons(changes: Changes, kernel: KernelIndex): Reason[] {
  const findings = changes.removed
    .filter(({ name }) => kernel.image.entries.includes(name))
    .map(({ name, file }) => ({
      file,
      detail: `function ${bareName(name)} was removed, but the machine calls it`,
    }));
  return byFile("removed", findings, (n) => `${n} function(s) still referenced`);
}

function sleepReasons(included: Included, kernel: KernelIndex, object: KObject): Reason[] {
  const findings = newSleepers(included, kernel, object).map(({ name, caller }) => ({
    file: object.functions.get(name)!.file,
    detail: `function ${bareName(name)} would sleep, but is called from atomic context by ${caller}`,
  }));
  return byFile("atomic", findings, (n) => `${n} function(s) can not be patched`);
}
