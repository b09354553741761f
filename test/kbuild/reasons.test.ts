// reasons.test.ts - every reason of the table is given by some edit, and every
// row of the table says why, what to do and where to read on.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildPatch, type PatchOutcome } from "../../src/kbuild/buildPatch";
import { EXPLANATIONS, type ReasonId } from "../../src/kbuild/reasons";
import {
  CORE,
  COUNTING,
  EditedSample,
  FTRACE,
  HELLO,
  MEMINFO,
  ONE,
  TASK,
  TWO,
  type Edit,
} from "./editSample";

let sample: EditedSample;

beforeAll(async () => {
  sample = await EditedSample.make();
});

const CASES: [ReasonId, string, Edit[]][] = [
  [
    "data-value",
    "changed section .data.opened not selected for inclusion",
    [[MEMINFO, "opened: i32 = State.SLEEPING", "opened: i32 = 7"]],
  ],
  ["data-size", "object size mismatch: buffer", [[MEMINFO, "memory.data(256, 8)", "memory.data(512, 8)"]]],
  [
    "data-type",
    ".bss.nr_switches section header details differ from .bss.nr_switches",
    [
      [CORE, "nr_switches: u64", "nr_switches: u32"],
      [CORE, "switches(): u64", "switches(): u32"],
    ],
  ],
  [
    "static-local",
    "static local variables of ticks can not be paired: there were 1, now 2",
    [[CORE, "return load<i32>(counter);", "return load<i32>(counter) + load<i32>(memory.data(4, 4));"]],
  ],
  [
    "static-local",
    "reference to static local variable ticks.data in ticks was removed",
    [[CORE, /const counter[^}]*}/, "return step;\n}"]],
  ],
  [
    "init",
    "changed section .init.text not selected for inclusion",
    [[CORE, "nr_switches = 0; // At boot.", "nr_switches = 1; // At boot."]],
  ],
  [
    "module-init",
    "changed section .init.text not selected for inclusion",
    [[HELLO, "proc_read(2, 500)", "proc_read(2, 501)"]],
  ],
  [
    "module-init",
    "changed section .exit.text not selected for inclusion",
    [[HELLO, "cleanup_module(): void {}", "cleanup_module(): void { count = 0; }"]],
  ],
  [
    "notrace",
    "function ftrace_caller doesn't have patchable function entry, unable to patch",
    [[FTRACE, "hits++", "hits += 2"]],
  ],
  [
    "atomic",
    "function clamp_value would sleep, but is called from atomic context by show_total",
    [[MEMINFO, "return v > LIMIT", "schedule();\n  return v > LIMIT"]],
  ],
  [
    "signature",
    "function show_free changed its signature, but its address is taken",
    [
      [MEMINFO, "show_free(arg: i32)", "show_free(arg: i32, more: i32)"],
      [MEMINFO, "[show_total, show_free]", "[show_total, show_total]"],
    ],
  ],
  [
    "signature",
    "function proc_read changed its signature, but the machine calls it",
    [
      [MEMINFO, "proc_read(which: i32, arg: i32)", "proc_read(which: i32, arg: i32, more: i32)"],
      [HELLO, "proc_read(2, 500)", "proc_read(2, 500, 0)"],
    ],
  ],
  [
    "removed",
    "function set_current was removed, but the machine calls it",
    [[TASK, /export function set_current[^}]*}/, ""]],
  ],
  [
    "layout",
    "struct ProcOps: field show moved from offset 0 to 4",
    [[MEMINFO, "show: ShowFunc;\n  mode: u16;", "mode: u16;\n  show: ShowFunc;"]],
  ],
  [
    "layout",
    "struct ProcOps: field mode changed its type from u16 to u8",
    [
      [MEMINFO, "mode: u16;", "mode: u8;"],
      [MEMINFO, "o.mode = 0o444", "o.mode = 4"],
    ],
  ],
  [
    "layout",
    "struct Task: field flags was removed from offset 4",
    [
      [TASK, "  flags: u8;\n", ""],
      [MEMINFO, " + <i32>current.flags", ""],
    ],
  ],
  [
    "callback",
    "extra pre-patch callback for object: vmlinux",
    [
      [MEMINFO, /$/, "\nexport function klp_pre_patch(obj: usize): i32 { return 0; }\n"],
      [CORE, /$/, "\nfunction other(obj: usize): i32 { return 0; }\nKPATCH_PRE_PATCH_CALLBACK(other);\n"],
    ],
  ],
  [
    "callback",
    "pre_patch callback klp_pre_patch is not (obj: usize): i32",
    [[MEMINFO, /$/, "\nexport function klp_pre_patch(): void {}\n"]],
  ],
  [
    "callback",
    "post_patch callback switches is a function of the kernel",
    [[CORE, /$/, "\nKPATCH_POST_PATCH_CALLBACK(switches);\n"]],
  ],
  [
    "mark",
    "KPATCH_IGNORE_FUNCTION: can't find nobody",
    [[MEMINFO, /$/, "\nKPATCH_IGNORE_FUNCTION(nobody);\n"]],
  ],
  [
    "mark",
    "KPATCH_IGNORE_SECTION: can't find .nope",
    [[MEMINFO, /$/, '\nKPATCH_IGNORE_SECTION(".nope");\n']],
  ],
  ["mark", "KPATCH_FORCE_UNSAFE: can't find nobody", [[MEMINFO, /$/, "\nKPATCH_FORCE_UNSAFE(nobody);\n"]]],
  [
    "shared",
    "multiple parent matches for samples/livepatch/counting.o: one.ko two.ko",
    [[COUNTING, "counted += by", "counted += 2 * by"]],
  ],
  [
    "shared",
    "multiple parent matches for samples/livepatch/one.o: one.ko two.ko",
    [
      [ONE, "+ 1;", "+ 2;"],
      [TWO, "+ 1;", "+ 2;"],
    ],
  ],
];

/** Boot code: the sample has none of its own. */
const INIT: Edit = [
  CORE,
  /$/,
  "\nexport function start_kernel(): void {\n  sched_init();\n}\n\nfunction sched_init(): void {\n  nr_switches = 0; // At boot.\n}\n",
];

test.each(CASES)("%s: %s", async (id, detail, edits) => {
  const made = id === "init" ? await EditedSample.make(INIT) : sample;
  expectReason(await made.build(...edits), id, detail);
});

function expectReason(outcome: PatchOutcome, id: ReasonId, detail: string): void {
  if (outcome.kind !== "refused") throw new Error(JSON.stringify({ ...outcome, ko: null }));
  const found = outcome.reasons.filter((r) => r.id === id);
  const said = found.flatMap((r) => [...r.details, r.summary]);
  expect(
    said.some((line) => line.startsWith(detail)),
    said.join("\n"),
  ).toBe(true);
}

test("tree: a diff against edited source", async () => {
  const tree = new Map(sample.tree).set(CORE, `${sample.tree.get(CORE)}\nexport const EXTRA = 1;\n`);
  const diffs = [
    `--- a/${MEMINFO}\n+++ b/${MEMINFO}\n@@ -1 +1 @@\n-${firstLine(MEMINFO)}\n+// ${firstLine(MEMINFO)}\n`,
  ];
  const request = { tree, image: sample.kernel.image, name: "x", replace: true, diffs };
  expectReason(
    await buildPatch(request),
    "tree",
    "couldn't find matching core.ts local symbols in vmlinux symbol table",
  );
});

const firstLine = (file: string): string => sample.tree.get(file)!.split("\n")[0];

test("every reason of the table is in a case above", () => {
  const reached = new Set<ReasonId>([...CASES.map(([id]) => id), "tree"]);
  expect([...reached].sort()).toEqual(Object.keys(EXPLANATIONS).sort());
});

test("every reason says why, what to do, and where the author's guide says more", () => {
  const path = join(import.meta.dirname, "../../docs/author-guide.md");
  const guide = existsSync(path) ? readFileSync(path, "utf8") : "";
  for (const { why, advice, section } of Object.values(EXPLANATIONS)) {
    expect(why).toMatch(/\.$/);
    expect(advice).toMatch(/\.$/);
    expect(guide).toContain(`<a id="${section}"></a>`);
  }
});
