/** Refusals about data: variables and buffers are in memory already. */

import type { Changes, DataChange } from "./compare";
import type { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { layoutText, type LayoutChange } from "./layoutChanges";
import { bareName, fileOf } from "./names";
import type { Reason, ReasonId } from "./reasons";
import { byFile } from "./reasonList";

/** Refusals that kpatch words without detail lines: one for each finding. */
function plain(id: ReasonId, name: string, summary: string): Reason {
  return { id, file: fileOf(name), details: [], summary };
}

export function dataReasons(data: DataChange[], kernel: KernelIndex): Reason[] {
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
  return [...byFile("data-value", values, (n) => `${n} unsupported section change(s)`), ...others];
}

function isBss(name: string, kernel: KernelIndex): boolean {
  const init = kernel.globals.get(name)?.init;
  return init !== undefined && "text" in init && / 0$/.test(init.text);
}

const isFatal = ({ kind }: LayoutChange): boolean =>
  kind === "moved" || kind === "retyped" || kind === "removed";

export function layoutReasons(layouts: LayoutChange[]): Reason[] {
  const findings = layouts.filter(isFatal).map((l) => ({
    file: fileOf(l.name),
    detail: `struct ${bareName(l.name)}: ${layoutText(l)}`,
  }));
  return byFile("layout", findings, (n) => `${n} unsupported layout change(s)`);
}

/** Buffers a function has for itself, which are known by their order alone: see data.ts. */
export function staticLocals(names: Iterable<string>, func: string): string[] {
  const own = `${func}.data`;
  return [...names].filter((name) => name === own || /^\.\d+$/.test(after(name, own)));
}

const after = (name: string, start: string): string =>
  name.startsWith(start) ? name.slice(start.length) : "";

export function staticLocalReasons(changes: Changes, kernel: KernelIndex, object: KObject): Reason[] {
  const findings = changes.changed.flatMap(({ orig }) => {
    const old = staticLocals(kernel.data.keys(), orig.name);
    const now = staticLocals(object.data.keys(), orig.name);
    if (old.length === 0 || old.length === now.length) return [];
    const bare = bareName(orig.name);
    const detail =
      now.length < old.length
        ? `reference to static local variable ${bareName(old.at(-1)!)} in ${bare} was removed`
        : `static local variables of ${bare} can not be paired: there were ${old.length}, now ${now.length}`;
    return [{ file: orig.file, detail }];
  });
  return byFile("static-local", findings, (n) => `${n} static local variable(s) can not be correlated`);
}
