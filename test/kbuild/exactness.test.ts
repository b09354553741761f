// exactness.test.ts - no function is called changed that is not, and none is
// missed: what the compiler copies around is reported where it ended up, and
// what an edit shifts is no change.
import { beforeAll, describe, expect, test } from "vitest";
import { EditedSample, HELLO, MEMINFO, TASK, type Edit } from "./editSample";
import { words } from "./words";

/** What the compiler copies, each kind with its users. */
const COPIED = `
export const STEP = 10;
export const enum Mode { QUIET = 1, LOUD = 2 }
// @ts-ignore: decorator
@inline function scaled(v: i32): i32 { return v * 5; }
export function scale_a(v: i32): i32 { return scaled(v) + 1; }
export function scale_b(v: i32): i32 { return scaled(v) + 2; }
function times(v: i32, by: i32 = 3): i32 { return v * by; }
export function times_default(v: i32): i32 { return times(v); }
export function times_given(v: i32): i32 { return times(v, 3); }
function larger<T>(a: T, b: T): T { return a > b ? a : b; }
export function larger_int(v: i32): i32 { return larger<i32>(v, 1); }
export function larger_long(v: i64): i64 { return larger<i64>(v, 1); }
@unmanaged class Pair {
  a: i32;
  b: i32;
  get sum(): i32 { return this.a + this.b; }
  swap(): void { const a = this.a; this.a = this.b; this.b = a; }
}
export function pair_sum(p: usize): i32 { return changetype<Pair>(p).sum; }
export function pair_swap(p: usize): void { changetype<Pair>(p).swap(); }
export function by_step(v: i32): i32 { return v + STEP; }
export function is_loud(mode: i32): bool { return mode == Mode.LOUD; }
`;

let sample: EditedSample;

beforeAll(async () => {
  sample = await EditedSample.make(
    [MEMINFO, /$/, COPIED],
    [HELLO, "clamp_value, proc_read", "STEP, Mode, clamp_value, proc_read"],
    [HELLO, /$/, "\nexport function hello_step(v: i32): i32 { return v * STEP; }\n"],
    [HELLO, /$/, "\nexport function hello_loud(v: i32): bool { return v == Mode.LOUD; }\n"],
  );
});

const answer = async (...edits: Edit[]): Promise<string[]> => words(await sample.build(...edits));

const changed = (...functions: string[]): string[] =>
  functions.map((name) => {
    const object = name.startsWith("hello") ? "samples/livepatch/hello.o" : "fs/proc/meminfo.o";
    return `${object}: changed function: ${name}`;
  });

describe("what the compiler copies is reported where it ended up", () => {
  const cases: [string, Edit[], string[]][] = [
    ["an @inline function: all its callers", [[MEMINFO, "v * 5", "v * 6"]], changed("scale_a", "scale_b")],
    [
      "a default argument: those who leave it out",
      [[MEMINFO, "by: i32 = 3", "by: i32 = 4"]],
      changed("times_default"),
    ],
    [
      "a generic function: each of its kinds",
      [[MEMINFO, "a > b", "a < b"]],
      changed("larger<i32>", "larger<i64>"),
    ],
    ["a getter: those who read it", [[MEMINFO, "this.a + this.b", "this.a - this.b"]], changed("pair_sum")],
    ["a method: itself", [[MEMINFO, "this.b = a;", "this.b = a + 1;"]], changed("Pair#swap")],
    [
      "a constant: its users, in modules too",
      [[MEMINFO, "STEP = 10", "STEP = 11"]],
      changed("by_step", "hello_step"),
    ],
    [
      "an enum: its users, in modules too",
      [[MEMINFO, "LOUD = 2", "LOUD = 3"]],
      changed("is_loud", "hello_loud"),
    ],
    [
      "a table of constants named elsewhere",
      [[TASK, "DEAD = 16", "DEAD = 17"]],
      ["no functional changes found"],
    ],
    ["a type's name", [[MEMINFO, /ShowFunc/g, "Shower"]], ["no functional changes found"]],
  ];
  test.each(cases)("%s", async (_name, edits, lines) => {
    expect(await answer(...edits)).toEqual(lines);
  });
});

describe("what an edit shifts is no change", () => {
  const cases: [string, Edit[], string[]][] = [
    ["lines", [[MEMINFO, /^/, "// One.\n\n\n// Two.\n"]], ["no functional changes found"]],
    ["strings", [[MEMINFO, 'pr("leave"', 'pr("leaving"']], changed("meminfo_proc_show")],
    [
      "static data",
      [
        [
          MEMINFO,
          "const LIMIT",
          'const first = memory.data(4096, 16);\nconst hello = "quite another string";\nconst LIMIT',
        ],
        [MEMINFO, "return arg;", "return arg + load<i32>(first) + hello.length;"],
      ],
      [
        ...changed("show_free"),
        "patchbay: WARNING: fs/proc/meminfo.o: new variable first: its value is lost when the patch is unloaded or replaced",
      ],
    ],
    [
      "table indices and types",
      [
        [MEMINFO, "type ShowFunc", "function a_first(x: f64, y: i64): f32 { return <f32>x; }\ntype ShowFunc"],
        [MEMINFO, "return arg;", "const f = a_first;\n  return arg + <i32>f(1, 2);"],
      ],
      [...changed("show_free"), "fs/proc/meminfo.o: new function: a_first"],
    ],
    [
      "parameters' names",
      [[MEMINFO, "show_free(arg: i32)", "show_free(arg: i32 /* what */)"]],
      ["no functional changes found"],
    ],
    [
      "enum members that are added",
      [[TASK, "DEAD = 16,", "STOPPED = 4,\n  DEAD = 16,"]],
      ["no functional changes found"],
    ],
  ];
  test.each(cases)("%s", async (_name, edits, lines) => {
    expect(await answer(...edits)).toEqual(lines);
  });
});

test("one more local is one more in the code that is compared, which is not optimised: a change", async () => {
  const value = "const value = clamp_value(depth * 60);";
  const edit: Edit = [MEMINFO, value, value.replace("value", "other") + "\n  const value = other;"];
  expect(await answer(edit)).toEqual(changed("meminfo_proc_show"));
});
