// disassemble.ts - a function of a Wasm binary as text, one instruction a line.

import { type Immediate, opcode } from "./opcodes.ts";
import { Cursor, NotWasm, type WasmFile, type WasmFunction } from "./wasmFile.ts";

const TYPES: Record<number, string> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
  0x70: "funcref",
  0x6f: "externref",
};

const hex = (n: number, width: number): string => n.toString(16).padStart(width, "0");

const typeName = (byte: number): string => TYPES[byte] ?? `type 0x${hex(byte, 2)}`;

const labelled = (names: Map<number, string>, index: number): string => {
  const name = names.get(index);
  return name === undefined ? String(index) : `${index} <${name}>`;
};

/** What stands behind the instruction, as text. */
function operand(file: WasmFile, c: Cursor, kind: Immediate): string {
  switch (kind) {
    case "none":
      return "";
    case "block": {
      const type = c.signed(33);
      if (type >= 0n) return `type ${type}`;
      const byte = Number(type & 0x7fn);
      return byte === 0x40 ? "" : typeName(byte);
    }
    case "label":
    case "local":
    case "table":
    case "index":
      return String(c.u32());
    case "index2":
      return `${c.u32()} ${c.u32()}`;
    case "labels":
      return Array.from({ length: c.u32() + 1 }, () => c.u32()).join(" ");
    case "function":
      return labelled(file.functionNames, c.u32());
    case "indirect": {
      const type = c.u32();
      return `${c.u32()} (type ${type})`;
    }
    case "global":
      return labelled(file.globalNames, c.u32());
    case "memory":
      return `${c.u32()} ${c.u32()}`;
    case "types":
      return Array.from({ length: c.u32() }, () => typeName(c.byte())).join(" ");
    case "i32":
      return slot(file, c, c.signed(32));
    case "i64":
      return String(c.signed(64));
    case "f32":
      return float(c, 4);
    case "f64":
      return float(c, 8);
    case "heap":
      return typeName(c.byte());
  }
}

const CALL_INDIRECT = 0x11;
const RETURN_CALL_INDIRECT = 0x13;

/** A constant that the next instruction calls through is a table entry: the site of a function. */
function slot(file: WasmFile, c: Cursor, value: bigint): string {
  const next = c.bytes[c.at];
  const index = file.table.get(Number(value));
  if (index === undefined || (next !== CALL_INDIRECT && next !== RETURN_CALL_INDIRECT)) return String(value);
  return `${value} <${file.functionNames.get(index) ?? `func[${index}]`}>`;
}

function float(c: Cursor, size: 4 | 8): string {
  const bytes = c.take(size).slice();
  return String(size === 4 ? new Float32Array(bytes.buffer)[0]! : new Float64Array(bytes.buffer)[0]!);
}

const ROW = 9;

/** `0012ab: 20 00                      | local.get 0`; long ones go on in further rows. */
function lines(bytes: Uint8Array, start: number, end: number, text: string): string {
  let out = "";
  for (let at = start; at < end; at += ROW) {
    const row = Array.from(bytes.subarray(at, Math.min(at + ROW, end)), (b) => hex(b, 2)).join(" ");
    out += ` ${hex(at, 6)}: ${row.padEnd(3 * ROW - 1)} | ${at === start ? text : ""}`.trimEnd() + "\n";
  }
  return out;
}

function locals(file: WasmFile, c: Cursor): string {
  let [out, index] = ["", 0];
  for (let groups = c.u32(); groups > 0; groups--) {
    const start = c.at;
    const count = c.u32();
    const type = typeName(c.byte());
    const range = count === 1 ? `local[${index}]` : `local[${index}..${index + count - 1}]`;
    out += lines(file.bytes, start, c.at, `${range} type=${type}`);
    index += count;
  }
  return out;
}

export function disassemble(file: WasmFile, f: WasmFunction): string {
  const c = new Cursor(file.bytes, f.start, f.end);
  let out = `${hex(f.start, 6)} func[${f.index}] <${f.name}>:\n${locals(file, c)}`;
  let depth = 0;
  while (c.at < f.end) {
    const start = c.at;
    const byte = c.byte();
    const code = opcode(byte, byte === 0xfc ? c.u32() : 0);
    if (!code) throw new NotWasm();
    const text = `${code.name} ${operand(file, c, code.immediate)}`.trimEnd();
    if (code.name === "end" || code.name === "else") depth = Math.max(0, depth - 1);
    out += lines(file.bytes, start, c.at, "  ".repeat(depth) + text);
    if (code.immediate === "block" || code.name === "else") depth++;
  }
  return out;
}
