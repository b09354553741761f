// opcodes.ts - Wasm's instructions by number, and what follows each.

/** What stands behind an instruction's number. */
export type Immediate =
  | "none"
  | "block"
  | "label"
  | "labels"
  | "function"
  | "indirect"
  | "local"
  | "global"
  | "table"
  | "memory"
  | "index"
  | "index2"
  | "types"
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "heap";

export interface Opcode {
  name: string;
  immediate: Immediate;
}

const table = new Map<number, Opcode>();

/** Instructions that follow each other from a number on; `-` is a gap. */
function from(first: number, immediate: Immediate, names: string): void {
  names.split(" ").forEach((name, i) => name === "-" || table.set(first + i, { name, immediate }));
}

from(0x00, "none", "unreachable nop");
from(0x02, "block", "block loop if");
from(0x05, "none", "else");
from(0x0b, "none", "end");
from(0x0c, "label", "br br_if");
from(0x0e, "labels", "br_table");
from(0x0f, "none", "return");
from(0x10, "function", "call");
from(0x11, "indirect", "call_indirect");
from(0x12, "function", "return_call");
from(0x13, "indirect", "return_call_indirect");
from(0x1a, "none", "drop select");
from(0x1c, "types", "select");
from(0x20, "local", "local.get local.set local.tee");
from(0x23, "global", "global.get global.set");
from(0x25, "table", "table.get table.set");
from(0x28, "memory", "i32.load i64.load f32.load f64.load");
from(0x2c, "memory", "i32.load8_s i32.load8_u i32.load16_s i32.load16_u");
from(0x30, "memory", "i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u");
from(
  0x36,
  "memory",
  "i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32",
);
from(0x3f, "index", "memory.size memory.grow");
from(0x41, "i32", "i32.const");
from(0x42, "i64", "i64.const");
from(0x43, "f32", "f32.const");
from(0x44, "f64", "f64.const");
from(
  0x45,
  "none",
  "i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u",
);
from(
  0x50,
  "none",
  "i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u",
);
from(0x5b, "none", "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge");
from(
  0x67,
  "none",
  "i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u",
);
from(0x71, "none", "i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr");
from(
  0x79,
  "none",
  "i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u",
);
from(0x83, "none", "i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr");
from(
  0x8b,
  "none",
  "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign",
);
from(
  0x99,
  "none",
  "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign",
);
from(0xa7, "none", "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u");
from(
  0xac,
  "none",
  "i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u",
);
from(0xb2, "none", "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64");
from(0xb7, "none", "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32");
from(0xbc, "none", "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64");
from(0xc0, "none", "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s");
from(0xd0, "heap", "ref.null");
from(0xd1, "none", "ref.is_null");
from(0xd2, "function", "ref.func");

/** Behind the prefix 0xfc. */
const PREFIXED = 0xfc00;
from(PREFIXED, "none", "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u");
from(PREFIXED + 4, "none", "i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u");
from(PREFIXED + 8, "index2", "memory.init");
from(PREFIXED + 9, "index", "data.drop");
from(PREFIXED + 10, "index2", "memory.copy");
from(PREFIXED + 11, "index", "memory.fill");
from(PREFIXED + 12, "index2", "table.init");
from(PREFIXED + 13, "index", "elem.drop");
from(PREFIXED + 14, "index2", "table.copy");
from(PREFIXED + 15, "table", "table.grow table.size table.fill");

export const opcode = (byte: number, next: number): Opcode | undefined =>
  table.get(byte === 0xfc ? PREFIXED + next : byte);
