/** The host's and the loader's part for modules of the sample kernel. */

import { readSections } from "../../src/kbuild/wasmSections";
import type { SampleMachine } from "./sampleMachine";

export interface LoadedModule {
  memoryBase: number;
  tableBase: number;
  symbols: Map<string, { value: number; id: number; size: number; type: string }>;
  sections: Map<string, Uint8Array>;
}

const MEMORY_BASE = 0x30000;

/** Loads a module; where table entries are free is the caller's business. */
export function loadModule(
  machine: SampleMachine,
  ko: Uint8Array,
  tableBase = 1000,
  memoryBase = MEMORY_BASE,
): LoadedModule {
  const module = new WebAssembly.Module(ko.slice());
  const { image } = machine.kernel;
  const sites = new Map(image.functions.map((f) => [f.name, f.site]));
  const data = new Map(image.data.map((d) => [d.name, d.address]));
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {
    env: { ...machine.env(), __memory_base: memoryBase, __table_base: tableBase },
    "GOT.func": {},
    "GOT.mem": {},
    vmlinux: machine.exports as Record<string, WebAssembly.ImportValue>,
  };
  for (const i of WebAssembly.Module.imports(module)) {
    if (i.module === "GOT.func") imports["GOT.func"][i.name] = sites.get(i.name)!;
    if (i.module === "GOT.mem") imports["GOT.mem"][i.name] = data.get(i.name)!;
  }
  const instance = new WebAssembly.Instance(module, imports);
  (instance.exports["__wasm_apply_data_relocs"] as () => void)();
  const sections = new Map(readSections(ko).map((s) => [s.name, s.bytes]));
  const symbols = readSymtab(sections.get(".symtab")!, tableBase);
  return { memoryBase, tableBase, symbols, sections };
}

function readSymtab(bytes: Uint8Array, tableBase: number): LoadedModule["symbols"] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const word = (n: number) => view.getUint32(4 * n, true);
  const symbols: LoadedModule["symbols"] = new Map();
  for (let i = 0; i < word(0); i++) {
    const [name, , value, id, size, type] = Array.from({ length: 6 }, (_, k) => word(2 + 6 * i + k));
    const letter = String.fromCharCode(type);
    const base = /t/i.test(letter) ? tableBase : 0;
    symbols.set(cString(bytes, name), { value: value + base, id: base ? id + base : 0, size, type: letter });
  }
  return symbols;
}

export function cString(bytes: Uint8Array, at: number): string {
  return new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
}

/** Calls a function of a module through its site. */
export function callModule(
  machine: SampleMachine,
  module: LoadedModule,
  name: string,
  ...args: number[]
): number {
  const entry = machine.table.get(module.symbols.get(name)!.value) as (...args: number[]) => number;
  return entry(...args);
}

/** .modinfo as modinfo would print it. */
export function modinfo(module: LoadedModule): string[] {
  const text = new TextDecoder().decode(module.sections.get(".modinfo"));
  return text.split("\0").slice(0, -1);
}

/** Words of .klp.funcs: one [object, old name, sympos, position] for each. */
export function klpFuncs(module: LoadedModule): [string, string, number, number][] {
  const bytes = module.sections.get(".klp.funcs")!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const word = (n: number) => view.getUint32(4 * n, true);
  return Array.from({ length: word(0) }, (_, i) => {
    const [object, name, sympos, position] = Array.from({ length: 4 }, (_, k) => word(2 + 4 * i + k));
    return [object ? cString(bytes, object) : "vmlinux", cString(bytes, name), sympos, position];
  });
}
