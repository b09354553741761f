/** The sections of a .ko that are not code: see README.md for their layout. */

import type { Callback } from "./callbacks";
import { dataAtGlobal } from "./dataSection";
import type { KFunction } from "./kobject";
import { CALLBACK_KINDS } from "./marks";
import type { ModuleParam } from "./modinfo";
import type { ModuleLayout } from "./moduleLayout";
import { MEMORY_BASE } from "./moduleText";
import { bareName, fileOf } from "./names";
import {
  concat,
  custom,
  functionSizes,
  importedGlobal,
  insertData,
  leb,
  readSections,
  writeSections,
} from "./wasmSections";

/** One function a patch replaces. */
export interface KlpFunction {
  /** Module it belongs to; null for vmlinux. */
  object: string | null;
  /** Bare name and position among the functions of that name. */
  oldName: string;
  sympos: number;
  /** Path name of the replacement in this module. */
  name: string;
}

export interface KlpSection {
  replace: boolean;
  functions: KlpFunction[];
  callbacks: Callback[];
}

/** Adds data and the module's own sections to the code. */
export function moduleFile(
  code: Uint8Array,
  layout: ModuleLayout,
  input: { modinfo: [string, string][]; params?: ModuleParam[]; klp?: KlpSection },
): Uint8Array {
  const base = readSections(code);
  const image = layout.data.bytes(() => 0);
  const withData = insertData(base, dataAtGlobal(image, importedGlobal(base, "env", MEMORY_BASE)));
  const sections = [
    custom("dylink.0", dylink(layout)),
    ...withData,
    custom(".modinfo", modinfoBytes(input.modinfo)),
    custom(".symtab", symtab(layout, functionSizes(code))),
  ];
  if (input.params?.length) sections.push(custom(".param", paramBytes(input.params, layout)));
  if (input.klp) sections.push(custom(".klp.funcs", klpBytes(input.klp, layout)));
  return writeSections(sections);
}

const MEM_INFO = 1;
const ALIGN_16 = 4;

/** As the dynamic-linking convention has it: memory and table it needs. */
function dylink(layout: ModuleLayout): Uint8Array {
  const tables = 3 * layout.traced.length;
  const info = [...leb(layout.data.end), ...leb(ALIGN_16), ...leb(tables), ...leb(0)];
  return new Uint8Array([MEM_INFO, ...leb(info.length), ...info]);
}

function modinfoBytes(modinfo: [string, string][]): Uint8Array {
  return new TextEncoder().encode(modinfo.map(([key, value]) => `${key}=${value}\0`).join(""));
}

/** u32 words followed by NUL-terminated strings they give the offsets of. */
class Table {
  private readonly words: (number | string)[] = [];

  add(...words: (number | string)[]): void {
    this.words.push(...words);
  }

  bytes(): Uint8Array {
    const offsets = new Map<string, number>();
    const strings: Uint8Array[] = [];
    let end = 4 * this.words.length;
    for (const word of this.words) {
      if (typeof word === "number" || offsets.has(word)) continue;
      const bytes = new TextEncoder().encode(`${word}\0`);
      offsets.set(word, end);
      strings.push(bytes);
      end += bytes.length;
    }
    const view = new DataView(new ArrayBuffer(4 * this.words.length));
    this.words.forEach((word, i) =>
      view.setUint32(4 * i, typeof word === "number" ? word : offsets.get(word)!, true),
    );
    return concat([new Uint8Array(view.buffer), ...strings]);
  }
}

function symtab(layout: ModuleLayout, sizes: Map<string, number>): Uint8Array {
  const n = layout.traced.length;
  const variables = dataSymbols(layout);
  const table = new Table();
  table.add(n + variables.length, n);
  layout.traced.forEach((f, i) => addFunction(table, f, i, n, sizes));
  for (const { name, at, size, letter } of variables) {
    table.add(bareName(name), fileOf(name), at, 0, size, letter.charCodeAt(0));
  }
  return table.bytes();
}

/** Variables and buffers; what its file exports in upper case. */
function dataSymbols(layout: ModuleLayout): { name: string; at: number; size: number; letter: string }[] {
  const globals = [...layout.variables.values()].map(({ name, type, exported }) => ({
    name,
    at: layout.variableAddress(name),
    size: type === "i64" || type === "f64" ? 8 : 4,
    letter: exported ? "D" : "d",
  }));
  const buffers = [...layout.data.placed.values()]
    .filter(({ item }) => item.kind === "buffer" && /^[^:]+$/.test(item.name))
    .map(({ item, address }) => ({
      name: item.name,
      at: address,
      size: item.bytes.length,
      letter: item.exported ? "D" : "d",
    }));
  return [...globals, ...buffers];
}

function addFunction(
  table: Table,
  f: KFunction,
  position: number,
  n: number,
  sizes: Map<string, number>,
): void {
  const type = (f.exported ? "T" : "t").charCodeAt(0);
  table.add(bareName(f.name), f.file, position, n + position, sizes.get(f.name) ?? 0, type);
}

function parameterAddress({ type, global }: ModuleParam, layout: ModuleLayout): number {
  return type.startsWith("array") ? layout.data.address(global) : layout.variableAddress(global);
}

function paramBytes(params: ModuleParam[], layout: ModuleLayout): Uint8Array {
  const table = new Table();
  table.add(params.length);
  for (const p of params) table.add(p.name, p.type, parameterAddress(p, layout), p.size);
  return table.bytes();
}

function klpBytes(klp: KlpSection, layout: ModuleLayout): Uint8Array {
  const { functions, callbacks, replace } = klp;
  const table = new Table();
  const end = 8 + 16 * functions.length + 4 + 12 * callbacks.length;
  const relocs = layout.late.length > 0 ? end : 0;
  table.add(functions.length, (relocs << 1) | (replace ? 1 : 0));
  for (const f of functions) {
    table.add(f.object ?? 0, f.oldName, f.sympos, layout.position(f.name));
  }
  table.add(callbacks.length);
  for (const { object, kind, name } of callbacks) {
    table.add(object ?? 0, CALLBACK_KINDS.indexOf(kind), layout.position(name));
  }
  if (relocs) table.add(layout.late.length);
  for (const { object, symbol, offset, addend } of layout.late) {
    table.add(object, bareName(symbol), fileOf(symbol), offset, addend);
  }
  return table.bytes();
}
