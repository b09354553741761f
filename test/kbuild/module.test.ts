import { beforeAll, expect, test } from "vitest";
import { buildModule } from "../../src/kbuild/buildModule";
import { buildOutOfTree } from "../../src/kbuild/outOfTree";
import { linkKernel, type LinkedKernel } from "../../src/kbuild/link";
import { SampleMachine } from "./sampleMachine";
import { callModule, loadModule, modinfo } from "./sampleModule";
import { compileSample, ENTRIES, sampleTree } from "./sampleTree";

const HELLO = "samples/livepatch/hello.ts";
let kernel: LinkedKernel;
let ko: Uint8Array;

beforeAll(async () => {
  kernel = linkKernel(await compileSample(sampleTree()), { entries: ENTRIES });
  ko = buildModule(await compileSample(sampleTree(), [HELLO]), kernel.image, HELLO).ko;
});

test("a module calls the kernel, and the kernel calls it by pointer", () => {
  const machine = new SampleMachine(kernel);
  const hello = loadModule(machine, ko);
  expect(callModule(machine, hello, "init_module")).toBe(0);
  expect(machine.call("proc_read", 2, 3)).toBe(4);
  expect(machine.lines).toEqual(["hello 41", "hello 42"]);
});

test("a module's loop sleeps in its own frames and resumes", () => {
  const machine = new SampleMachine(kernel);
  const hello = loadModule(machine, ko);
  callModule(machine, hello, "init_module");
  machine.exports["hello_loop"] = ((...args: number[]) =>
    callModule(machine, hello, "hello_loop", ...args)) as never;
  const task = machine.newTask("hello_loop");
  machine.run(task);
  expect(task.state).toBe("asleep");
  expect(machine.frames(task).at(-1)).toBe(hello.symbols.get("hello_loop")!.id);
  machine.run(task);
  machine.run(task);
  expect(task).toMatchObject({ state: "done", result: 1 + 2 });
});

test("a parameter lies in memory where .param says", () => {
  const machine = new SampleMachine(kernel);
  const hello = loadModule(machine, ko);
  const param = new DataView(hello.sections.get(".param")!.slice().buffer);
  const offset = param.getUint32(4 + 8, true);
  expect(hello.symbols.get("times")!.value).toBe(offset);
  expect(machine.view().getInt32(hello.memoryBase + offset, true)).toBe(2);
  machine.view().setInt32(hello.memoryBase + offset, 0, true);
  expect(callModule(machine, hello, "hello_loop")).toBe(0);
});

test("an endless loop in a module runs out of fuel", () => {
  const machine = new SampleMachine(kernel);
  const hello = loadModule(machine, ko);
  expect(() => callModule(machine, hello, "forever")).toThrow("soft lockup");
});

test("modinfo comes from the source's constants, in modinfo's order", () => {
  const hello = loadModule(new SampleMachine(kernel), ko);
  expect(modinfo(hello)).toEqual([
    "description=Says hello",
    "author=Somebody",
    "license=GPL",
    "depends=",
    "name=hello",
    "vermagic=7.3.4-patchbay SMP preempt mod_unload ",
    `patchbay_build=${kernel.image.build}`,
    "parm=times:how often (default=2) (int)",
  ]);
});

test("modinfo's strings are not in the module's memory", () => {
  const text = Buffer.from(ko).toString("utf16le") + Buffer.from(ko.slice(1)).toString("utf16le");
  expect(text).not.toContain("Somebody");
  expect(text).toContain("hello");
});

const outside = (sources: Record<string, string>, parts = Object.keys(sources)) =>
  buildOutOfTree(kernel.image, {
    tree: Object.fromEntries(sampleTree()),
    sources,
    parts,
    name: "my-clamp",
    kernel: null,
  });

test("a module from outside of the tree is built from its own sources alone", async () => {
  const main = `import { clamp_value } from "fs/proc/meminfo";
    import { add_one } from "./more";
    export const MODULE_LICENSE = "GPL";
    export function init_module(): i32 { return add_one(clamp_value(700)); }`;
  const more = `export function add_one(n: i32): i32 { return n + 1; }`;
  const outcome = await outside({ "my-clamp.ts": main, "more.ts": more }, ["my-clamp.ts"]);
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  expect(outcome.own).toEqual(["my-clamp.ts", "more.ts"]);
  expect(outcome.tree).toContain("fs/proc/meminfo.ts");
  const machine = new SampleMachine(kernel);
  const module = loadModule(machine, outcome.ko);
  expect([...module.symbols.keys()].sort()).toEqual(["add_one", "init_module"]);
  expect(callModule(machine, module, "init_module")).toBe(101);
});

test("an import that climbs out of the module's directory is the tree's", async () => {
  const text = `import { clamp_value } from "../../fs/proc/meminfo";
    export function init_module(): i32 { return clamp_value(700); }`;
  expect((await outside({ "x.ts": text })).kind).toBe("built");
  expect((await outside({ "deep/er/x.ts": text })).kind).toBe("built");
});

test("what is wrong with a module from outside is an answer", async () => {
  expect(await outside({ "x.ts": "export function f(): i32 { return 1; }" })).toEqual({ kind: "no-module" });
  expect(await outside({ "x.ts": "export function init_module(): i32 { return nope(); }" })).toMatchObject({
    kind: "compile-error",
    diagnostics: [{ file: "x.ts", line: 1, column: 45, message: "Cannot find name 'nope'." }],
  });
  expect(
    await outside({
      "x.ts": 'import { a } from "./gone";\nexport function init_module(): i32 { return a(); }',
    }),
  ).toMatchObject({
    kind: "compile-error",
    diagnostics: [{ file: "x.ts", line: 1 }],
  });
});
