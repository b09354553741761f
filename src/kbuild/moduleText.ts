/** Writes the text of a module: step 0 of passes.ts for what is not vmlinux. */

import { functionImport, functionText, globalImport, memoryAndTable } from "./assemble";
import { OBJECT_HEADER } from "./ascFacts";
import { addFuel, BARK } from "./fuel";
import type { KernelIndex } from "./kernelIndex";
import type { KFunction, KObject, KReloc } from "./kobject";
import type { ModuleLayout } from "./moduleLayout";
import { siteName } from "./passes";
import type { Resolver } from "./symbolic";
import { id, signature } from "./wat";

export const MEMORY_BASE = "__memory_base";
export const TABLE_BASE = "__table_base";
export const APPLY_RELOCS = "__wasm_apply_data_relocs";

export function gotFunction(name: string): string {
  return `GOT.func:${name}`;
}

function gotMem(name: string): string {
  return `GOT.mem:${name}`;
}

export function moduleText(
  name: string,
  object: KObject,
  kernel: KernelIndex,
  layout: ModuleLayout,
  fuel: string,
  direct: string[],
): string {
  const resolver = moduleResolver(kernel, layout);
  const functions = [...layout.traced, ...layout.others];
  const parts = [
    ...memoryAndTable(),
    ...baseImports(),
    ...kernelImports(kernel, layout, fuel, direct),
    ...environment(object, kernel, functions),
    ...functions.map((f) => functionText({ ...f, body: addFuel(f.body, fuel) }, resolver)),
    relocateText(layout),
  ];
  // Engines show the module's name in the stack of a trap.
  return `(module ${id(name.replaceAll("-", "_"))}\n${parts.join("\n")}\n)`;
}

/** Address of a byte of the module's own memory. */
function own(offset: number): string {
  return `(i32.add (global.get ${id(MEMORY_BASE)}) (i32.const ${offset}))`;
}

/** Value of a symbol that is bound late. */
function loaded(cell: number): string {
  return `(i32.load ${own(cell)})`;
}

function moduleResolver(kernel: KernelIndex, layout: ModuleLayout): Resolver {
  return {
    data: (name, offset) => dataAddress(layout, name, offset),
    callee: (name) => (isTraced(kernel, layout, name) ? siteName(name) : name),
    variable: (name) => {
      const theirs = kernel.globals.get(name);
      const cell = layout.lateCell(name);
      if (theirs && cell !== undefined) return { type: theirs.type, address: loaded(cell) };
      const g = layout.variables.get(name);
      return g && { type: g.type, address: own(layout.variableAddress(name)) };
    },
  };
}

function dataAddress(layout: ModuleLayout, name: string, offset: number): string {
  if (!layout.kernelData(name)) return own(layout.data.address(name) + offset);
  const fixed = layout.functionObject(name);
  if (fixed !== undefined) return `(i32.const ${fixed + offset})`;
  // The kernel makes these when they are asked for, without the compiler's header.
  if (name.startsWith("fn:")) return plus(`(global.get ${id(gotMem(name))})`, offset - OBJECT_HEADER);
  const cell = layout.lateCell(name);
  const base = cell === undefined ? `(global.get ${id(gotMem(name))})` : loaded(cell);
  return plus(base, offset);
}

const plus = (base: string, offset: number): string =>
  offset === 0 ? base : `(i32.add ${base} (i32.const ${offset}))`;

function isTraced(kernel: KernelIndex, layout: ModuleLayout, name: string): boolean {
  return layout.has(name) || layout.gotFunctions.has(name) || kernel.functions.get(name)?.kind === "traced";
}

function baseImports(): string[] {
  return [
    `(import "env" "${MEMORY_BASE}" (global ${id(MEMORY_BASE)} i32))`,
    `(import "env" "${TABLE_BASE}" (global ${id(TABLE_BASE)} i32))`,
    `(import "env" "watchdog_bark" (func ${id(BARK)}))`,
    // Exported so that it stays imported: the data segment needs it in any case.
    `(export "memory" (memory $memory))`,
  ];
}

/** Sites, data, globals and the functions called directly. */
function kernelImports(kernel: KernelIndex, layout: ModuleLayout, fuel: string, direct: string[]): string[] {
  const functionType = (name: string) => {
    const f = kernel.functions.get(name)!;
    return signature(f.params, f.results);
  };
  return [
    ...[...layout.gotFunctions].map((name) => got("GOT.func", name, gotFunction(name))),
    ...[...layout.gotData].map((name) => got("GOT.mem", name, gotMem(name))),
    ...[...new Set([...layout.globals, fuel])].map((name) => {
      const { type } = kernel.globals.get(name)!;
      return `(import "vmlinux" ${JSON.stringify(name)} (global ${id(name)} (mut ${type})))`;
    }),
    ...direct.map((name) => {
      const internal = kernel.functions.get(name)!.kind === "traced" ? siteName(name) : name;
      return `(import "vmlinux" ${JSON.stringify(name)} (func ${id(internal)} ${functionType(name)}))`;
    }),
  ];
}

function got(module: string, name: string, internal: string): string {
  return `(import "${module}" ${JSON.stringify(name)} (global ${id(internal)} i32))`;
}

/** What comes from the host, and the constants the linker knows. */
function environment(object: KObject, kernel: KernelIndex, functions: KFunction[]): string[] {
  const called = new Set(functions.flatMap((f) => f.callees));
  const read = new Set(functions.flatMap((f) => f.globals));
  const imports = [...object.functionImports.values()].filter((i) => called.has(i.name)).map(functionImport);
  for (const i of object.globalImports.values()) {
    if (!read.has(i.name)) continue;
    const value = kernel.image.symbols[i.base];
    if (i.base === "__this_module") {
      imports.push(`(global ${id(i.name)} i32 (global.get ${id(MEMORY_BASE)}))`);
    } else if (value !== undefined) {
      imports.push(`(global ${id(i.name)} ${i.type} (${i.type}.const ${value}))`);
    } else imports.unshift(globalImport(i));
  }
  return imports;
}

/** The function that fills in the references inside the module's data. */
function relocateText(layout: ModuleLayout): string {
  const stores = [...layout.data.placed.values()].flatMap(({ item, address }) =>
    item.relocs
      .filter(({ target }) => layout.lateCell("site" in target ? target.site : target.data) === undefined)
      .map((r) => `(i32.store ${own(address + r.offset)} ${relocValue(layout, r)})`),
  );
  return `(func ${id(APPLY_RELOCS)}\n${stores.join("\n")}\n)\n(export "${APPLY_RELOCS}" (func ${id(APPLY_RELOCS)}))`;
}

function relocValue(layout: ModuleLayout, { target }: KReloc): string {
  if ("data" in target) return dataAddress(layout, target.data, target.addend);
  if (layout.throughKernel(target.site)) return `(global.get ${id(gotFunction(target.site))})`;
  return `(i32.add (global.get ${id(TABLE_BASE)}) (i32.const ${layout.position(target.site)}))`;
}
