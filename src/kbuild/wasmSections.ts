/** Reads and writes sections of a Wasm binary: what Binaryen does not offer. */

const HEADER = 8;
const CUSTOM = 0;
const IMPORT = 2;
const CODE = 10;
const DATA = 11;

export interface Section {
  id: number;
  /** Name of a custom section, else "". */
  name: string;
  /** Contents; for custom sections what follows the name. */
  bytes: Uint8Array;
}

export function leb(value: number): number[] {
  const out: number[] = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    out.push(value ? low | 0x80 : low);
  } while (value);
  return out;
}

export function sleb(value: number): number[] {
  const out: number[] = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    const done = value === (low & 0x40 ? -1 : 0);
    out.push(done ? low : low | 0x80);
    if (done) return out;
  }
}

/** Reads numbers and names from one place to the next. */
export class Cursor {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  u32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++]!;
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
  }

  take(n: number): Uint8Array {
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }
}

export function readSections(wasm: Uint8Array): Section[] {
  const cursor = new Cursor(wasm);
  cursor.at = HEADER;
  const sections: Section[] = [];
  while (cursor.at < wasm.length) {
    const id = cursor.take(1)[0]!;
    const body = new Cursor(cursor.take(cursor.u32()));
    const name = id === CUSTOM ? body.name() : "";
    sections.push({ id, name, bytes: body.bytes.subarray(body.at) });
  }
  return sections;
}

export function writeSections(sections: Section[]): Uint8Array {
  const parts: Uint8Array[] = [new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])];
  for (const s of sections) {
    const name = s.id === CUSTOM ? text(s.name) : [];
    const size = name.length + s.bytes.length;
    parts.push(new Uint8Array([s.id, ...leb(size), ...name]), s.bytes);
  }
  return concat(parts);
}

export function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...leb(bytes.length), ...bytes];
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

export function custom(name: string, bytes: Uint8Array): Section {
  return { id: CUSTOM, name, bytes };
}

/** Bytes of each function's body, by the names in the name section. */
export function functionSizes(wasm: Uint8Array): Map<string, number> {
  const sections = readSections(wasm);
  const names = functionNames(sections);
  const code = new Cursor(sections.find((s) => s.id === CODE)!.bytes);
  const sizes = new Map<string, number>();
  const first = importedFunctions(sections);
  const count = code.u32();
  for (let i = 0; i < count; i++) {
    const size = code.u32();
    code.take(size);
    sizes.set(names.get(first + i) ?? "", size);
  }
  return sizes;
}

function functionNames(sections: Section[]): Map<number, string> {
  const names = new Map<number, string>();
  const section = sections.find((s) => s.name === "name");
  if (!section) return names;
  const cursor = new Cursor(section.bytes);
  while (cursor.at < section.bytes.length) {
    const kind = cursor.u32();
    const map = new Cursor(cursor.take(cursor.u32()));
    if (kind !== 1) continue;
    for (let n = map.u32(); n > 0; n--) names.set(map.u32(), map.name());
  }
  return names;
}

function importedFunctions(sections: Section[]): number {
  return imports(sections).filter((i) => i.kind === FUNCTION).length;
}

/** Index of an imported global. */
export function importedGlobal(sections: Section[], module: string, base: string): number {
  const globals = imports(sections).filter((i) => i.kind === GLOBAL);
  return globals.findIndex((i) => i.module === module && i.base === base);
}

const FUNCTION = 0;
const TABLE = 1;
const MEMORY = 2;
const GLOBAL = 3;

interface Import {
  module: string;
  base: string;
  kind: number;
}

function imports(sections: Section[]): Import[] {
  const section = sections.find((s) => s.id === IMPORT);
  if (!section) return [];
  const cursor = new Cursor(section.bytes);
  return Array.from({ length: cursor.u32() }, () => {
    const module = cursor.name();
    const base = cursor.name();
    const kind = cursor.u32();
    skipType(cursor, kind);
    return { module, base, kind };
  });
}

/** Steps over what an import's description says behind its kind. */
function skipType(cursor: Cursor, kind: number): void {
  if (kind === TABLE) cursor.u32(); // Element type.
  if (kind === TABLE || kind === MEMORY) {
    if (cursor.u32() & 1) cursor.u32();
    cursor.u32();
  } else if (kind === GLOBAL) {
    cursor.u32(); // Type.
    cursor.u32(); // Mutable or not.
  } else cursor.u32();
}

/** Puts a data section where it belongs: right behind the code. */
export function insertData(sections: Section[], bytes: Uint8Array): Section[] {
  const at = sections.findIndex((s) => s.id === CODE) + 1;
  const data = { id: DATA, name: "", bytes };
  return [...sections.slice(0, at), data, ...sections.slice(at)];
}
