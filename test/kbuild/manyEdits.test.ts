// manyEdits.test.ts - small edits of every kind that tempt a comparison to lie, each
// with all that is reported: functions that change, and those that only seem to.
import { beforeAll, describe, expect, test } from "vitest";
import { CORE, EditedSample, HELLO, MEMINFO, type Edit } from "./editSample";
import { words } from "./words";

/** A function for each way in which the compiler copies, counts or numbers something. */
const MORE = `
// @ts-ignore: decorator
@inline function scaled(v: i32): i32 { if (v == 3) return 7; return v * 5; }
export function scale_a(v: i32): i32 { return scaled(v) + 1; }
export function scale_b(v: i32): i32 { return scaled(v) + 2; }
export function plain(v: i32): i32 { return v; }
@unmanaged class Pair {
  a: i32;
  b: i32;
  get sum(): i32 { return this.a + this.b; }
  set both(v: i32) { this.a = v; this.b = v; }
  swap(): void { const a = this.a; this.a = this.b; this.b = a; }
  static zero(p: Pair): void { p.a = 0; p.b = 0; }
}
export function pair_sum(p: usize): i32 { return changetype<Pair>(p).sum; }
export function pair_both(p: usize): void { changetype<Pair>(p).both = 4; }
export function pair_zero(p: usize): void { Pair.zero(changetype<Pair>(p)); }
export function pair_swap(p: usize): void { changetype<Pair>(p).swap(); }
export function branches(v: i32): i32 { if (v > 4) return 1; else return 2; }
export function casts(v: i32): bool { return <u32>v > 5; }
export function lets(v: i32): i32 { const k = 5; let j = v + k; return j; }
export function cases(v: i32): i32 { switch (v) { case 1: return 10; case 2: return 20; default: return 0; } }
export function nameless(v: i32): i32 { const f = (x: i32): i32 => x + 1; return f(v); }
const top = (x: i32): i32 => x + 9;
export function nameless_top(v: i32): i32 { return top(v); }
const STEP = 10;
const DERIVED = STEP * 2;
let derived: i32 = STEP + 1;
export function get_derived(): i32 { return DERIVED + derived; }
namespace ns { export function inner(v: i32): i32 { return v + 6; } }
export function outer(v: i32): i32 { return ns.inner(v); }
export function scaled_float(x: f64): f64 { return x * 1.5; }
function hidden(v: i32): i32 { return v + 77; }
export function shown(v: i32): i32 { return hidden(v); }
let handler: (v: i32) => i32 = plain;
export function through(v: i32): i32 { return handler(v); }
export function loops(n: i32): i32 { let s = 0; for (let i = 0; i < n; i++) { if (i == 1) continue; s++; } return s; }
export function looked_up(i: i32): i32 { return load<i32>(memory.data<i32>([3, 5, 8]) + i * 4); }
export function like_an_address(): u32 { return 1509949800; }
export function largest(): i32 { return larger<i32>(1, 2); }
`;

const MODULE = `
@unmanaged class Parcel { a: i32; b: i32; }
export function parcel_sum(p: usize): i32 { return changetype<Parcel>(p).a + changetype<Parcel>(p).b; }
`;

let sample: EditedSample;

beforeAll(async () => {
  sample = await EditedSample.make(
    [MEMINFO, "{ schedule }", "{ schedule, larger }"],
    [MEMINFO, /$/, MORE],
    [CORE, /$/, "export function larger<T>(a: T, b: T): T { return a > b ? a : b; }\n"],
    [HELLO, /$/, MODULE],
  );
});

const NONE = ["no functional changes found"];
const at = (object: string, line: string): string => `${object}: ${line}`;
const meminfo = (...lines: string[]): string[] => lines.map((line) => at("fs/proc/meminfo.o", line));
const changed = (...names: string[]): string[] =>
  meminfo(...names.map((name) => `changed function: ${name}`));
const value = (name: string): string[] => [
  `ERROR: changed section .data.${name} not selected for inclusion`,
  "ERROR: fs/proc/meminfo.o: 1 unsupported section change(s)",
];

type Case = [name: string, edits: Edit[], said: string[]];

async function check(_name: string, edits: Edit[], said: string[]): Promise<void> {
  expect(words(await sample.build(...edits))).toEqual(said);
}

const M = MEMINFO;

describe("what changes", () => {
  test.each<Case>([
    ["a cast alone", [[M, "<u32>v > 5", "v > 5"]], changed("casts")],
    ["a condition's sign", [[M, "v > 4", "v >= 4"]], changed("branches")],
    ["the order of cases", [[M, /(case 1: return 10;) (case 2: return 20;)/, "$2 $1"]], changed("cases")],
    ["a float", [[M, "x * 1.5", "x * 1.25"]], changed("scaled_float")],
    ["a number that looks like an address", [[M, "1509949800", "1509949804"]], changed("like_an_address")],
    ["a setter: those who assign", [[M, "this.b = v; }", "this.b = v + 1; }"]], changed("pair_both")],
    ["a static method: itself", [[M, "p.b = 0;", "p.b = 1;"]], changed("Pair.zero")],
    ["a function of a namespace", [[M, "v + 6", "v + 5"]], changed("ns.inner")],
    ["a function without a name", [[M, "x + 1;", "x + 11;"]], changed("nameless~anonymous|0")],
    ["one at the top level", [[M, "x + 9", "x + 8"]], changed("meminfo~anonymous|0")],
    ["a constant of a constant", [[M, "STEP * 2", "STEP * 3"]], changed("get_derived")],
    ["an argument's type", [[M, "lets(v: i32)", "lets(v: u8)"]], changed("lets")],
    ["a variable's first value", [[M, "STEP + 1;", "STEP + 2;"]], value("derived")],
    ["a buffer's first value, in a function", [[M, "[3, 5, 8]", "[3, 5, 9]"]], value("looked_up.data")],
    ["a pointer's first value", [[M, "i32 = plain;", "i32 = scale_a;"]], value("handler")],
    [
      "a method by another name",
      [
        [M, "swap(): void", "exchange(): void"],
        [M, ".swap()", ".exchange()"],
      ],
      meminfo("changed function: pair_swap", "new function: Pair#exchange"),
    ],
    [
      "a static function by another name",
      [[M, /\bhidden\b/g, "concealed"]],
      meminfo("changed function: shown", "new function: concealed"),
    ],
    [
      "@inline taken away",
      [[M, "@inline function scaled", "function scaled"]],
      meminfo("changed function: scale_a", "changed function: scale_b", "new function: scaled"),
    ],
    [
      "a generic of another file for another type",
      [[M, "{ return v; }", "{ return <i32>larger<u8>(<u8>v, 1); }"]],
      [
        at("fs/proc/meminfo.o", "changed function: plain"),
        at("kernel/sched/core.o", "new function: larger<u8>"),
      ],
    ],
    [
      "an argument that may be left out",
      [[M, "hidden(v: i32): i32 { return v", "hidden(v: i32, w: i32 = 0): i32 { return v"]],
      changed("hidden", "shown"),
    ],
    [
      "a struct of a module",
      [[HELLO, "a: i32; b: i32;", "b: i32; a: i32;"]],
      [
        "ERROR: struct Parcel: field a moved from offset 0 to 4",
        "ERROR: struct Parcel: field b moved from offset 4 to 0",
        "ERROR: samples/livepatch/hello.o: 2 unsupported layout change(s)",
      ],
    ],
    [
      "a struct of a module that grew",
      [[HELLO, "a: i32; b: i32;", "a: i32; b: i32; c: i32;"]],
      [
        "patchbay: WARNING: samples/livepatch/hello.o: struct Parcel: new field c (i32) at offset 8, size 8 became 12 bytes; objects that exist have no room for it",
        ...NONE,
      ],
    ],
  ])("%s", check);
});

describe("what changes nothing else", () => {
  test.each<Case>([
    [
      "an @inline function used by one more",
      [[M, "{ return v; }", "{ return scaled(v); }"]],
      changed("plain"),
    ],
    ["… by one less", [[M, "return scaled(v) + 1", "return v + 1"]], changed("scale_a")],
    ["… twice", [[M, "scaled(v) + 1", "scaled(scaled(v)) + 1"]], changed("scale_a")],
    ["a loop further up", [[M, "{ return v; }", "{ while (v > 9) v--; return v; }"]], changed("plain")],
    [
      "a nameless function in another one",
      [[M, "{ return v; }", "{ const h = (x: i32): i32 => x - 1; return h(v); }"]],
      meminfo("changed function: plain", "new function: plain~anonymous|0"),
    ],
  ])("%s", check);
});

describe("what changes nothing", () => {
  const braces = "if (v > 4) { return 1; } else { return 2; }";
  const [print, schedule] = [
    'import { print } from "../../host";\n',
    'import { schedule, larger } from "../../kernel/sched/core";\n',
  ];
  test.each<Case>([
    ["braces", [[M, "if (v > 4) return 1; else return 2;", braces]], NONE],
    ["parentheses", [[M, "x * 1.5", "(x * (1.5))"]], NONE],
    ["a number in another base", [[M, "STEP = 10", "STEP = 0xa"]], NONE],
    ["a float with a zero", [[M, "x * 1.5", "x * 1.50"]], NONE],
    ["a cast to the type it has", [[M, "const k = 5;", "const k = <i32>5;"]], NONE],
    ["a type that is inferred", [[M, "const k = 5;", "const k: i32 = 5;"]], NONE],
    ["let that may be const", [[M, "let j = v + k", "const j = v + k"]], NONE],
    ["an equal constant expression", [[M, "STEP * 2", "STEP + 10"]], NONE],
    ["an equal first value", [[M, "STEP + 1;", "11;"]], NONE],
    ["i++ and ++i", [[M, "i < n; i++", "i < n; ++i"]], NONE],
    ["a compound assignment", [[M, "opened += State.SLEEPING", "opened = opened + State.SLEEPING"]], NONE],
    ["an escape in a string", [[M, '"enter"', '"\\x65nter"']], NONE],
    ["imports in another order", [[M, print + schedule, schedule + print]], NONE],
    [
      "an import by another name",
      [
        [M, "{ schedule, larger }", "{ schedule as yield_cpu, larger }"],
        [M, "  schedule();", "  yield_cpu();"],
      ],
      NONE,
    ],
    [
      "a method that nobody calls",
      [[M, "get sum()", "diff(): i32 { return this.a - this.b; }\n  get sum()"]],
      NONE,
    ],
    [
      "a field by another name",
      [
        [M, "mode: u16", "perm: u16"],
        [M, "o.mode", "o.perm"],
      ],
      NONE,
    ],
    ["a function that is exported now", [[M, "function hidden", "export function hidden"]], NONE],
    ["a result that is unsigned now", [[M, "plain(v: i32): i32", "plain(v: i32): u32"]], NONE],
    ["what modinfo says of a module", [[HELLO, '"Says hello"', '"Says hi"']], NONE],
  ])("%s", check);
});
