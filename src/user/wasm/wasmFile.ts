// wasmFile.ts - what is in a Wasm binary, as nm and objdump look at it.

/** The bytes are no Wasm module, or break off. */
export class NotWasm extends Error {}

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export class Cursor {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  byte(): number {
    if (this.at >= this.end) throw new NotWasm();
    return this.bytes[this.at++]!;
  }

  u32(): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 35; unit *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    throw new NotWasm();
  }

  signed(bits: number): bigint {
    let [value, shift] = [0n, 0n];
    for (let byte = 0x80; byte >= 0x80; shift += 7n) {
      byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (shift > 70n) throw new NotWasm();
    }
    return BigInt.asIntN(Math.min(bits, Number(shift)), value);
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.end) throw new NotWasm();
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }
}

export interface WasmSection {
  id: number;
  /** `Code`, or a custom section's own name. */
  name: string;
  start: number;
  end: number;
  /** Where the contents of a custom section begin, behind its name. */
  body: number;
}

const SECTION_NAMES =
  "Custom Type Import Function Table Memory Global Export Start Elem Code Data DataCount Tag".split(" ");

export interface WasmFunction {
  index: number;
  name: string;
  type: number;
  /** Offsets of the body in the file, its locals first. */
  start: number;
  end: number;
}

export interface WasmImport {
  module: string;
  name: string;
  kind: number;
}

export interface WasmFile {
  bytes: Uint8Array;
  sections: WasmSection[];
  imports: WasmImport[];
  /** Names of the functions and the globals by index, imported ones first. */
  functionNames: Map<number, string>;
  globalNames: Map<number, string>;
  functions: WasmFunction[];
  exports: Map<string, { kind: number; index: number }>;
  /** Table entries that are set from the start: which function is in them. */
  table: Map<number, number>;
}

/** The last part of a path name: `fs/proc/x/y` is y; a trampoline stays one. */
export const bareName = (name: string): string => {
  const [, kind, path] = /^(?:(\w+):)?(.*)$/s.exec(name)!;
  const last = path!.slice(path!.lastIndexOf("/") + 1);
  return kind === undefined ? last : `${kind}:${last}`;
};

const FUNCTION = 0;
const TABLE = 1;
const MEMORY = 2;
const GLOBAL = 3;

function readSections(bytes: Uint8Array): WasmSection[] {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw new NotWasm();
  const cursor = new Cursor(bytes, MAGIC.length);
  const out: WasmSection[] = [];
  while (cursor.at < bytes.length) {
    const id = cursor.byte();
    const size = cursor.u32();
    const start = cursor.at;
    const inner = new Cursor(bytes, start, start + size);
    const name = id === 0 ? inner.name() : (SECTION_NAMES[id] ?? `section${id}`);
    out.push({ id, name, start, end: start + size, body: inner.at });
    cursor.take(size);
  }
  return out;
}

export const sectionCursor = (bytes: Uint8Array, s: WasmSection): Cursor => new Cursor(bytes, s.body, s.end);

function limits(c: Cursor): void {
  const flags = c.byte();
  c.u32();
  if (flags & 1) c.u32();
}

function readImports(c: Cursor): WasmImport[] {
  return Array.from({ length: c.u32() }, () => {
    const [module, name, kind] = [c.name(), c.name(), c.byte()];
    if (kind === FUNCTION) c.u32();
    else if (kind === TABLE) {
      c.byte();
      limits(c);
    } else if (kind === MEMORY) limits(c);
    else {
      c.byte();
      c.byte();
      if (kind !== GLOBAL) c.u32();
    }
    return { module, name, kind };
  });
}

function readNames(c: Cursor): { functions: Map<number, string>; globals: Map<number, string> } {
  const out = { functions: new Map<number, string>(), globals: new Map<number, string>() };
  while (c.at < c.end) {
    const id = c.byte();
    const size = c.u32();
    const inner = new Cursor(c.bytes, c.at, c.at + size);
    c.take(size);
    const names = id === 1 ? out.functions : id === 7 ? out.globals : null;
    if (names) for (let left = inner.u32(); left > 0; left--) names.set(inner.u32(), inner.name());
  }
  return out;
}

function readExports(c: Cursor): WasmFile["exports"] {
  const out: WasmFile["exports"] = new Map();
  for (let left = c.u32(); left > 0; left--) out.set(c.name(), { kind: c.byte(), index: c.u32() });
  return out;
}

const I32_CONST = 0x41;

/** Plain segments at a constant place; those of modules are placed at load time. */
function readElements(c: Cursor): Map<number, number> {
  const table = new Map<number, number>();
  for (let left = c.u32(); left > 0; left--) {
    if (c.u32() !== 0 || c.byte() !== I32_CONST) break;
    const first = Number(c.signed(32));
    c.byte();
    for (let [i, count] = [0, c.u32()]; i < count; i++) table.set(first + i, c.u32());
  }
  return table;
}

/** Throws NotWasm. */
export function readWasm(bytes: Uint8Array): WasmFile {
  const sections = readSections(bytes);
  const cursor = (id: number): Cursor | null => {
    const found = sections.find((s) => s.id === id);
    return found ? sectionCursor(bytes, found) : null;
  };
  const imports = cursor(2) ? readImports(cursor(2)!) : [];
  const named = sections.find((s) => s.id === 0 && s.name === "name");
  const names = named ? readNames(sectionCursor(bytes, named)) : null;
  const functionNames = names?.functions ?? new Map<number, string>();
  const before = imports.filter((i) => i.kind === FUNCTION).length;
  const types = cursor(3);
  const code = cursor(10);
  if (code) code.u32();
  const functions = Array.from({ length: types?.u32() ?? 0 }, (_, i): WasmFunction => {
    const [index, type, size] = [before + i, types!.u32(), code!.u32()];
    const start = code!.at;
    code!.take(size);
    return { index, name: functionNames.get(index) ?? `func[${index}]`, type, start, end: start + size };
  });
  const exports = cursor(7) ? readExports(cursor(7)!) : new Map<string, { kind: number; index: number }>();
  imports
    .filter((i) => i.kind === FUNCTION)
    .forEach((i, n) => functionNames.has(n) || functionNames.set(n, i.name));
  const table = cursor(9) ? readElements(cursor(9)!) : new Map<number, number>();
  const globalNames = names?.globals ?? new Map<number, string>();
  return { bytes, sections, imports, functionNames, globalNames, functions, exports, table };
}
