// golden.test.ts - what the patch builder answers to each kind of edit: the
// table of kpatch.md 2.9, with our substrate's own cases.
import { createTwoFilesPatch } from "diff";
import { beforeAll, describe, expect, test } from "vitest";
import { buildPatch, type PatchOutcome } from "../../src/kbuild/buildPatch";
import { linkKernel, type LinkedKernel } from "../../src/kbuild/link";
import { compileSample, ENTRIES, sampleTree } from "./sampleTree";
import { words } from "./words";

const MEMINFO = "fs/proc/meminfo.ts";
const TASK = "kernel/sched/task.ts";
const FTRACE = "kernel/trace/ftrace.ts";
const CORE = "kernel/sched/core.ts";

let kernel: LinkedKernel;
const tree = sampleTree();

beforeAll(async () => {
  kernel = linkKernel(await compileSample(tree), { entries: ENTRIES });
});

type Edit = [file: string, from: string | RegExp, to: string];

async function answer(...edits: Edit[]): Promise<string[]> {
  return words(await outcome(...edits));
}

function outcome(...edits: Edit[]): Promise<PatchOutcome> {
  const files = new Map(tree);
  for (const [file, from, to] of edits) {
    const text = files.get(file)!;
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`edit changes nothing in ${file}`);
    files.set(file, edited);
  }
  const diffs = [...files].map(([file, text]) =>
    tree.get(file) === text ? "" : createTwoFilesPatch(`a/${file}`, `b/${file}`, tree.get(file)!, text),
  );
  const request = { tree, image: kernel.image, name: "livepatch_test", replace: true };
  return buildPatch({ ...request, diffs: diffs.filter(Boolean) });
}

describe("edits that change nothing", () => {
  const cases: [string, Edit][] = [
    [
      "a blank line and a comment",
      [MEMINFO, "export function clamp_value", "\n// clamps\nexport function clamp_value"],
    ],
    ["whitespace inside a function", [MEMINFO, "return arg;", "return    arg ;"]],
    ["a local variable renamed", [MEMINFO, /\bsum\b/g, "total"]],
    [
      "a new static function, not called",
      [MEMINFO, "export function clamp", "function unused(): void {}\nexport function clamp"],
    ],
    ["a new static variable, not used", [MEMINFO, "const LIMIT", "let unused: i32 = 4;\nconst LIMIT"]],
    [
      "a new class",
      [TASK, "export const enum State", "@unmanaged export class Foo { a: i32; }\nexport const enum State"],
    ],
  ];
  test.each(cases)("%s", async (_name, edit) => {
    expect(await answer(edit)).toEqual(["no functional changes found"]);
  });

  test("two functions reordered", async () => {
    const text = tree.get(CORE)!;
    const moved = /export function switches\(\)[^}]*}\n/.exec(text)![0];
    const reordered = text
      .replace(moved, "")
      .replace("export function schedule", `${moved}export function schedule`);
    expect(await answer([CORE, text, reordered])).toEqual(["no functional changes found"]);
  });
});

describe("edits that make a patch", () => {
  const cases: [string, Edit[], string[]][] = [
    ["a body", [[MEMINFO, "depth * 60", "depth * 61"]], ["changed function: meminfo_proc_show"]],
    ["a string literal", [[MEMINFO, '"enter"', '"entering"']], ["changed function: meminfo_proc_show"]],
    ["a constant", [[MEMINFO, "LIMIT = 100", "LIMIT = 90"]], ["changed function: clamp_value"]],
    [
      "the order of calls",
      [[MEMINFO, /(store<i32>\(buffer, value\);)\n(.*)\n/, "$2\n$1\n"]],
      ["changed function: meminfo_proc_show"],
    ],
    [
      "a function whose address is taken elsewhere",
      [[MEMINFO, "return arg;", "return arg + 1;"]],
      ["changed function: show_free"],
    ],
    [
      "a new static function, called",
      [
        [MEMINFO, "return arg;", "return twice(arg);"],
        [
          MEMINFO,
          "export function clamp",
          "function twice(x: i32): i32 { return x * 2; }\nexport function clamp",
        ],
      ],
      ["changed function: show_free", "new function: twice"],
    ],
    [
      "a new exported function, not called",
      [
        [
          MEMINFO,
          "export function clamp",
          "export function extra(): i32 { return 7; }\nexport function clamp",
        ],
      ],
      ["new function: extra"],
    ],
    [
      "a callback and nothing else",
      [
        [
          MEMINFO,
          "export function clamp",
          "export function klp_pre_patch(obj: usize): i32 { return 0; }\nexport function clamp",
        ],
      ],
      ["found callback: klp_pre_patch", "new function: klp_pre_patch"],
    ],
    [
      "a new variable, used",
      [
        [MEMINFO, "return arg;", "calls++; return arg;"],
        [MEMINFO, "const LIMIT", "let calls: i32 = 5;\nconst LIMIT"],
      ],
      [
        "changed function: show_free",
        "WARNING: new variable calls: its value is lost when the patch is unloaded or replaced",
      ],
    ],
    [
      "a function renamed, its caller follows",
      [[MEMINFO, /\bpr\(/g, "print_line("]],
      [
        "changed function: meminfo_proc_show",
        "changed function: show_free",
        "changed function: show_total",
        "changed function: worker",
        "new function: print_line",
      ],
    ],
    [
      "an argument added, the callers follow",
      [
        [MEMINFO, "clamp_value(v: i32)", "clamp_value(v: i32, by: i32)"],
        [MEMINFO, "LIMIT : v;", "LIMIT : v + by;"],
        [MEMINFO, "clamp_value(arg * 2)", "clamp_value(arg * 2, 1)"],
        [MEMINFO, "clamp_value(depth * 60)", "clamp_value(depth * 60, 2)"],
      ],
      [
        "changed function: clamp_value",
        "changed function: meminfo_proc_show",
        "changed function: show_total",
      ],
    ],
    [
      "a function and its calls deleted",
      [
        [MEMINFO, /export function clamp_value[^}]*}\n/, ""],
        [MEMINFO, "clamp_value(arg * 2)", "(arg * 2)"],
        [MEMINFO, "clamp_value(depth * 60)", "(depth * 60)"],
      ],
      [
        "changed function: meminfo_proc_show",
        "changed function: show_total",
        "WARNING: clamp_value is exported no more; modules that are built from now on can not use it",
      ],
    ],
  ];
  test.each(cases)("%s", async (_name, edits, lines) => {
    const spoken = lines.map((line) => {
      const ours = line.startsWith("WARNING: ");
      const object = "fs/proc/meminfo.o: ";
      return ours ? line.replace("WARNING: ", `patchbay: WARNING: ${object}`) : object + line;
    });
    expect(await answer(...edits)).toEqual(spoken);
  });

  test("an enum constant changes every user", async () => {
    expect(await answer([TASK, "SLEEPING = 1", "SLEEPING = 2"])).toEqual([
      "ERROR: changed section .data.opened not selected for inclusion",
      "ERROR: fs/proc/meminfo.o: 1 unsupported section change(s)",
      "ERROR: changed section .data.last_state not selected for inclusion",
      "ERROR: kernel/sched/core.o: 1 unsupported section change(s)",
    ]);
    expect(await answer([TASK, "RUNNING = 0", "RUNNING = 3"])).toEqual([
      "kernel/sched/core.o: changed function: schedule",
    ]);
  });

  test("an accessor changes those it melts into", async () => {
    const used: Edit = [MEMINFO, "return arg;", "return <i32>current.comm;"];
    const files = new Map(tree).set(MEMINFO, tree.get(MEMINFO)!.replace(used[1], used[2]));
    const other = linkKernel(await compileSample(files), { entries: ENTRIES });
    const text = files.get(TASK)!;
    const diff = createTwoFilesPatch(
      `a/${TASK}`,
      `b/${TASK}`,
      text,
      text.replace("+ offsetof", "+ 8 + offsetof"),
    );
    const request = { tree: files, image: other.image, name: "x", replace: true, diffs: [diff] };
    expect(words(await buildPatch(request))).toEqual(["fs/proc/meminfo.o: changed function: show_free"]);
  });

  test("a struct that grew is named beside the changed function", async () => {
    const grown: Edit = [TASK, "parent: Task | null;", "parent: Task | null;\n  extra: u64;"];
    expect(await answer([MEMINFO, "depth * 60", "depth * 61"], grown)).toEqual([
      "fs/proc/meminfo.o: changed function: meminfo_proc_show",
      "patchbay: WARNING: kernel/sched/task.o: struct Task: new field extra (u64) at offset 32, size 32 became 40 bytes; objects that exist have no room for it",
    ]);
  });

  test("an exported function made static stays the same", async () => {
    const hidden: Edit = [MEMINFO, "export function clamp_value", "function clamp_value"];
    expect(await answer(hidden)).toEqual([
      "patchbay: WARNING: fs/proc/meminfo.o: clamp_value is exported no more; modules that are built from now on can not use it",
      "no functional changes found",
    ]);
  });
});

describe("edits that are refused", () => {
  const one = (detail: string) => [
    `ERROR: ${detail}`,
    "ERROR: fs/proc/meminfo.o: 1 unsupported section change(s)",
  ];
  const cases: [string, Edit[], string[]][] = [
    [
      "the first value of a variable",
      [[MEMINFO, "opened: i32 = State.SLEEPING", "opened: i32 = 7"]],
      one("changed section .data.opened not selected for inclusion"),
    ],
    [
      "the first value, with a function that uses it",
      [
        [MEMINFO, "opened: i32 = State.SLEEPING", "opened: i32 = 7"],
        [MEMINFO, "depth * 60", "depth * 61"],
      ],
      one("changed section .data.opened not selected for inclusion"),
    ],
    [
      "a zeroed variable gets a first value",
      [[CORE, "nr_switches: u64 = 0", "nr_switches: u64 = 1"]],
      ["ERROR: kernel/sched/core.o: symbol changed sections: nr_switches"],
    ],
    [
      "a table's value",
      [[MEMINFO, "[1, 10, 100, 1000]", "[1, 10, 100, 2000]"]],
      one("changed section .data.table not selected for inclusion"),
    ],
    [
      "a table re-pointed to another function",
      [[MEMINFO, "[show_total, show_free]", "[show_free, show_total]"]],
      one("changed section .data.shows not selected for inclusion"),
    ],
    [
      "an array grown",
      [[MEMINFO, "memory.data(256, 8)", "memory.data(512, 8)"]],
      ["ERROR: fs/proc/meminfo.o: object size mismatch: buffer"],
    ],
    [
      "a variable's type widened",
      [
        [MEMINFO, "let opened: i32", "let opened: i64"],
        [MEMINFO, "opened += State.SLEEPING", "opened += <i64>State.SLEEPING"],
      ],
      ["ERROR: fs/proc/meminfo.o: .data.opened section header details differ from .data.opened"],
    ],
    [
      "a function without a slot",
      [[FTRACE, "hits++", "hits += 2"]],
      [
        "ERROR: function ftrace_caller doesn't have patchable function entry, unable to patch",
        "ERROR: kernel/trace/ftrace.o: 1 function(s) can not be patched",
      ],
    ],
    [
      "a struct field moved",
      [[MEMINFO, "show: ShowFunc;\n  mode: u16;", "mode: u16;\n  show: ShowFunc;"]],
      [
        "ERROR: fs/proc/meminfo.o: object size mismatch: ops",
        "ERROR: struct ProcOps: field show moved from offset 0 to 4",
        "ERROR: struct ProcOps: field mode moved from offset 4 to 0",
        "ERROR: fs/proc/meminfo.o: 2 unsupported layout change(s)",
      ],
    ],
    [
      "a function that would sleep in atomic context",
      [[MEMINFO, "return v > LIMIT", "schedule();\n  return v > LIMIT"]],
      [
        "ERROR: function clamp_value would sleep, but is called from atomic context by show_total",
        "ERROR: fs/proc/meminfo.o: 1 function(s) can not be patched",
      ],
    ],
    [
      "another signature of a function whose address is taken",
      [
        [MEMINFO, "show_free(arg: i32)", "show_free(arg: i32, more: i32)"],
        [MEMINFO, "[show_total, show_free]", "[show_total, show_total]"],
      ],
      [
        "ERROR: changed section .data.shows not selected for inclusion",
        "ERROR: fs/proc/meminfo.o: 1 unsupported section change(s)",
        "ERROR: function show_free changed its signature, but its address is taken",
        "ERROR: fs/proc/meminfo.o: 1 function(s) can not be patched",
      ],
    ],
  ];
  test.each(cases)("%s", async (_name, edits, lines) => {
    const all = await answer(...edits);
    expect(all).toEqual(expect.arrayContaining(lines));
    expect(all.filter((line) => !lines.includes(line))).toEqual([]);
  });
});

describe("edits that are no patch at all", () => {
  test("a compile error says where", async () => {
    expect(await answer([MEMINFO, "return arg;", "return nothing;"])).toEqual([
      "fs/proc/meminfo.ts:36: Cannot find name 'nothing'.",
    ]);
  });

  test("code that would run at load time", async () => {
    expect(await answer([MEMINFO, /$/, "\nproc_init();\n"])).toEqual([
      expect.stringMatching(/^fs\/proc\/meminfo\.ts:72: .*top-level code would have to run at load time/),
    ]);
  });

  test("a hunk that does not apply is named", async () => {
    const diff = "--- a/x.ts\n+++ b/x.ts\n@@ -1,1 +1,1 @@\n-a\n+b\n";
    const far = `--- a/${MEMINFO}\n+++ b/${MEMINFO}\n@@ -36,1 +36,1 @@\n-  return args;\n+  return 1;\n`;
    const request = { tree, image: kernel.image, name: "x", replace: true };
    expect(words(await buildPatch({ ...request, diffs: [diff] }))).toEqual([
      "can't find file to patch at input line 3",
      "Perhaps you used the wrong -p or --strip option?",
      "The text leading up to this was:",
      "--------------------------",
      "|--- a/x.ts",
      "|+++ b/x.ts",
      "--------------------------",
    ]);
    expect(words(await buildPatch({ ...request, diffs: [far] }))).toEqual([
      "Hunk #1 FAILED at 36.",
      "1 out of 1 hunk FAILED -- file fs/proc/meminfo.ts",
    ]);
    expect(words(await buildPatch({ ...request, diffs: ["rubbish"] }))).toEqual([
      "patch: **** Only garbage was found in the patch input.",
    ]);
  });
});
