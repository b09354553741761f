/** Reads out of a Wasm module's code whom each of its functions calls. */

import { Cursor, readSections } from "../kbuild/wasmSections.ts";

/** A call through the table. */
export interface TableCall {
  type: string;
  /** The entry: the value of an imported global ("": none) plus a number; null: known when it runs. */
  entry: { base: string; at: number } | null;
  /** The entry lies in the module's own memory: it may be a symbol that is bound late. */
  late: boolean;
}

export interface CodeFunction {
  /** "module.name" of an import, else "". */
  imported: string;
  type: string;
  /** Functions called by name. */
  calls: number[];
  tableCalls: TableCall[];
  /** Imported globals that are used for something other than a call. */
  reads: string[];
}

export interface WasmCode {
  /** Imports first, as Wasm counts them. */
  functions: CodeFunction[];
  exports: Map<string, number>;
  /** What it puts into the table, from its base on. */
  table: number[];
}

const enum SectionId {
  TYPE = 1,
  IMPORT = 2,
  FUNCTION = 3,
  EXPORT = 7,
  ELEMENT = 9,
  CODE = 10,
}

const enum Kind {
  FUNCTION = 0,
  TABLE = 1,
  MEMORY = 2,
  GLOBAL = 3,
}

const enum Op {
  BR_TABLE = 0x0e,
  CALL = 0x10,
  CALL_INDIRECT = 0x11,
  RETURN_CALL = 0x12,
  RETURN_CALL_INDIRECT = 0x13,
  SELECT_TYPED = 0x1c,
  GLOBAL_GET = 0x23,
  I32_LOAD = 0x28,
  I32_CONST = 0x41,
  F32_CONST = 0x43,
  F64_CONST = 0x44,
  I32_ADD = 0x6a,
  PREFIX = 0xfc,
}

/** Numbers behind an operation, where there are any: [first, last operation, how many]. */
const NUMBERS = [
  [0x02, 0x04, 1],
  [0x0c, 0x0d, 1],
  [0x10, 0x10, 1],
  [0x11, 0x11, 2],
  [0x12, 0x12, 1],
  [0x13, 0x13, 2],
  [0x20, 0x26, 1],
  [0x28, 0x3e, 2],
  [0x3f, 0x42, 1],
  [0xd0, 0xd0, 1],
  [0xd2, 0xd2, 1],
] as const;

/** Operations that no compiler of ours writes. */
const UNKNOWN = 255;
const NOT_OURS = [
  [0x06, 0x0a],
  [0x14, 0x19],
  [0x1d, 0x1f],
  [0x27, 0x27],
  [0xc5, 0xcf],
  [0xd3, 0xfb],
  [0xfd, 0xff],
] as const;

const numbersBehind = new Uint8Array(256);
for (const [first, last, n] of NUMBERS) numbersBehind.fill(n, first, last + 1);
for (const [first, last] of NOT_OURS) numbersBehind.fill(UNKNOWN, first, last + 1);

/** A module that is valid Wasm, but not of our making. */
export class ForeignCode extends Error {}

/** Behind the prefix, by the second byte: conversions have none. */
const BULK_NUMBERS = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

const MEMORY_BASE = "env.__memory_base";

interface Instruction {
  op: number;
  /** The first number behind it. */
  n: number;
}

const NOTHING: Instruction = { op: 0, n: 0 };

/** @throws ForeignCode */
export function readCode(wasm: Uint8Array): WasmCode {
  const sections = new Map(readSections(wasm).map(({ id, bytes }) => [id, bytes]));
  const items = <T>(id: SectionId, read: (c: Cursor) => T): T[] => {
    const c = new Cursor(sections.get(id) ?? new Uint8Array(1));
    return Array.from({ length: c.u32() }, () => read(c));
  };
  const types = items(SectionId.TYPE, readType);
  const functions: CodeFunction[] = [];
  const globals: string[] = [];
  const declare = (imported: string, type: string) =>
    functions.push({ imported, type, calls: [], tableCalls: [], reads: [] });
  for (const { name, kind, type } of items(SectionId.IMPORT, readImport)) {
    if (kind === Kind.FUNCTION) declare(name, types[type]!);
    if (kind === Kind.GLOBAL) globals.push(name);
  }
  let next = functions.length;
  for (const type of items(SectionId.FUNCTION, (c) => c.u32())) declare("", types[type]!);
  items(SectionId.CODE, (c) => readBody(new Cursor(c.take(c.u32())), functions[next++]!, types, globals));
  const exported = items(SectionId.EXPORT, readExport).filter(({ kind }) => kind === Kind.FUNCTION);
  return {
    functions,
    exports: new Map(exported.map(({ name, index }) => [name, index])),
    table: items(SectionId.ELEMENT, readElements).flat(),
  };
}

function readType(c: Cursor): string {
  c.take(1);
  const params = c.take(c.u32()).join();
  return `${params}>${c.take(c.u32()).join()}`;
}

function readImport(c: Cursor): { name: string; kind: number; type: number } {
  const name = `${c.name()}.${c.name()}`;
  const kind = c.u32();
  const type = c.u32();
  // A table says its type first, a global behind its type whether it is mutable.
  const limits = kind === Kind.TABLE ? c.u32() : kind === Kind.MEMORY ? type : 0;
  if (kind !== Kind.FUNCTION) c.u32();
  if (limits & 1) c.u32();
  return { name, kind, type };
}

function readExport(c: Cursor): { name: string; kind: number; index: number } {
  return { name: c.name(), kind: c.u32(), index: c.u32() };
}

/** A segment whose place in the table the caller knows. */
function readElements(c: Cursor): number[] {
  if (c.u32() !== 0) throw new ForeignCode();
  c.at++;
  c.u32();
  c.at++;
  return Array.from({ length: c.u32() }, () => c.u32());
}

function readBody(c: Cursor, f: CodeFunction, types: string[], globals: string[]): void {
  for (let n = c.u32(); n > 0; n--) {
    c.u32();
    c.at++;
  }
  // The newest three instructions.
  let [last, second, third] = [NOTHING, NOTHING, NOTHING];
  while (c.at < c.bytes.length) {
    const i = readInstruction(c);
    const called = i.op === Op.CALL_INDIRECT || i.op === Op.RETURN_CALL_INDIRECT;
    if (called) f.tableCalls.push(tableCall(types[i.n]!, [last, second, third], globals));
    else if (last.op === Op.GLOBAL_GET && last.n < globals.length) f.reads.push(globals[last.n]!);
    if (i.op === Op.CALL || i.op === Op.RETURN_CALL) f.calls.push(i.n);
    [third, second, last] = [second, last, i];
  }
}

/** behind: what the entry was made of, newest first. */
function tableCall(type: string, behind: Instruction[], globals: string[]): TableCall {
  const late = behind[0]!.op === Op.I32_LOAD && sum(behind.slice(1), globals)?.base === MEMORY_BASE;
  return { type, entry: sum(behind, globals), late };
}

/** A constant, an imported global, or such a global plus a constant. */
function sum([a, b, c]: Instruction[], globals: string[]): { base: string; at: number } | null {
  if (a?.op === Op.I32_CONST) return { base: "", at: a.n };
  if (a?.op === Op.GLOBAL_GET) return globalPlus(globals[a.n], 0);
  if (a?.op !== Op.I32_ADD || b?.op !== Op.I32_CONST || c?.op !== Op.GLOBAL_GET) return null;
  return globalPlus(globals[c.n], b.n);
}

const globalPlus = (base: string | undefined, at: number) => (base === undefined ? null : { base, at });

function readInstruction(c: Cursor): Instruction {
  const op = c.bytes[c.at++]!;
  if (op === Op.F32_CONST) c.at += 4;
  if (op === Op.F64_CONST) c.at += 8;
  let numbers = numbersBehind[op]!;
  if (op === Op.BR_TABLE) numbers = c.u32() + 1;
  if (op === Op.SELECT_TYPED) numbers = c.u32();
  if (op === Op.PREFIX) numbers = BULK_NUMBERS[c.u32()] ?? UNKNOWN;
  if (numbers === UNKNOWN) throw new ForeignCode();
  let n = 0;
  for (let i = 0; i < numbers; i++) {
    const number = c.u32();
    if (i === 0) n = number;
  }
  return { op, n };
}
