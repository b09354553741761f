import { createTwoFilesPatch } from "diff";
import { beforeAll, expect, test } from "vitest";
import { buildPatch } from "../../src/kbuild/buildPatch";
import { linkKernel, type LinkedKernel } from "../../src/kbuild/link";
import { SampleMachine, type SampleTask } from "./sampleMachine";
import { callModule, klpFuncs, loadModule, modinfo, type LoadedModule } from "./sampleModule";
import { compileSample, ENTRIES, sampleTree } from "./sampleTree";

const MEMINFO = "fs/proc/meminfo.ts";
const tree = sampleTree();
let kernel: LinkedKernel;

beforeAll(async () => {
  kernel = linkKernel(await compileSample(tree), { entries: ENTRIES });
});

async function built(edit: (text: string) => string, replace = true): Promise<Uint8Array> {
  const old = tree.get(MEMINFO)!;
  const diffs = [createTwoFilesPatch(`a/${MEMINFO}`, `b/${MEMINFO}`, old, edit(old))];
  const outcome = await buildPatch({ tree, image: kernel.image, diffs, name: "livepatch_meminfo", replace });
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  return outcome.ko;
}

/** Loads a patch and lets its init function attach it, as the kernel would. */
function enable(machine: SampleMachine, ko: Uint8Array, tableBase = 1000): LoadedModule {
  const module = loadModule(machine, ko, tableBase);
  const [[, name, , position]] = klpFuncs(module);
  const old = kernel.image.functions.find((f) => f.name.endsWith(`/${name}`))!;
  const structModule = module.memoryBase + 0x8000;
  const view = machine.view();
  view.setUint32(module.memoryBase, structModule, true);
  view.setUint32(structModule, old.site, true);
  view.setUint32(structModule + 4, tableBase + symbolCount(module) + position, true);
  expect(callModule(machine, module, "init_module")).toBe(0);
  return module;
}

function symbolCount(module: LoadedModule): number {
  return [...module.symbols.values()].filter((s) => s.id !== 0).length;
}

function names(machine: SampleMachine, module: LoadedModule, task: SampleTask): string[] {
  return machine.frames(task).map((id) => {
    const own = [...module.symbols].find(([, s]) => s.id === id);
    return own
      ? `${own[0]} [new]`
      : kernel.image.functions.find((f) => f.body === id)!.name.replace(/^.*\//, "");
  });
}

/** Other locals live across the call: another frame. */
function edit(text: string): string {
  return text
    .replace('pr("enter", depth);', 'pr("enter v2", depth);\n  const before: i64 = depth * 3;')
    .replace("clamp_value(depth * 60)", "clamp_value(depth * 70) + note(depth)")
    .replace('pr("leave", value);', 'pr("leave v2", before);')
    .replace(
      "export function proc_init",
      "function note(v: i32): i32 { noted += v; return noted; }\nlet noted: i32 = 5;\nexport function proc_init",
    );
}

test("a patch says which function of which object it replaces", async () => {
  const module = loadModule(new SampleMachine(kernel), await built(edit, false));
  expect(klpFuncs(module)).toEqual([["vmlinux", "meminfo_proc_show", 0, 0]]);
  const words = new DataView(module.sections.get(".klp.funcs")!.slice().buffer);
  expect([words.getUint32(0, true), words.getUint32(4, true)]).toEqual([1, 0]);
  expect(modinfo(module)).toEqual([
    "livepatch=Y",
    "license=GPL",
    "depends=",
    "name=livepatch_meminfo",
    "vermagic=7.3.4-patchbay SMP preempt mod_unload ",
    `patchbay_build=${kernel.image.build}`,
  ]);
});

test("a patched task runs the new function, others the old one", async () => {
  const machine = new SampleMachine(kernel);
  const module = enable(machine, await built(edit));
  const [one, two] = [machine.newTask("worker", 1), machine.newTask("worker", 1)];
  machine.setPatched(one, true);
  machine.run(one);
  machine.run(two);
  expect(names(machine, module, one)).toEqual(["schedule", "meminfo_proc_show [new]", "worker"]);
  expect(names(machine, module, two)).toEqual(["schedule", "meminfo_proc_show", "worker"]);
  machine.run(one);
  machine.run(two);
  expect([one.result, two.result]).toEqual([5, 0]);
  expect(machine.lines).toEqual([
    "enter v2 0",
    "enter 0",
    "leave v2 0",
    "worker done 5",
    "leave 0",
    "worker done 0",
  ]);
});

test("old frames resume in old code, nested and recursive, whatever is patched meanwhile", async () => {
  const machine = new SampleMachine(kernel);
  const task = machine.newTask("worker", 4);
  for (let i = 0; i < 4; i++) machine.run(task);
  const before = machine.frames(task);
  const module = enable(machine, await built(edit));
  machine.setPatched(task, true);
  expect(names(machine, module, task).filter((n) => n === "meminfo_proc_show")).toHaveLength(3);
  machine.run(task);
  expect(machine.lines.slice(-1)).toEqual(["leave 0"]);
  expect(machine.frames(task)).toEqual(before.slice(0, 1).concat(before.slice(2)));
  while (task.state !== "done") machine.run(task);
  // worker(3) calls the new function: recursive, sleeping once a level.
  expect(machine.lines.slice(-9)).toEqual([
    "enter v2 3",
    "enter v2 2",
    "enter v2 1",
    "enter v2 0",
    "leave v2 0",
    "leave v2 3",
    "leave v2 6",
    "leave v2 9",
    `worker done ${task.result}`,
  ]);
});

test("a task in the old function and one in the new sleep and wake in turn", async () => {
  const machine = new SampleMachine(kernel);
  const [old, fresh] = [machine.newTask("worker", 3), machine.newTask("worker", 3)];
  const module = enable(machine, await built(edit));
  machine.setPatched(fresh, true);
  for (let i = 0; i < 3; i++) {
    machine.run(old);
    machine.run(fresh);
  }
  // Both are inside meminfo_proc_show(1); now each is moved to the other side.
  machine.setPatched(old, true);
  machine.setPatched(fresh, false);
  expect(names(machine, module, old)).not.toContain("meminfo_proc_show [new]");
  expect(names(machine, module, fresh)).not.toContain("meminfo_proc_show");
  while (old.state !== "done") machine.run(old);
  while (fresh.state !== "done") machine.run(fresh);
  // note() adds 0, 1, 0 for the new task's calls and 2 for the old one's last.
  expect(old.result).toBe(0 + 60 + (100 + 8));
  expect(fresh.result).toBe(0 + 5 + (70 + 6) + 100);
});

test("a patched function keeps the variables the old one had for itself", async () => {
  const file = "kernel/sched/core.ts";
  const old = tree.get(file)!;
  const edited = old.replace("load<i32>(counter) + step", "load<i32>(counter) + 100 * step");
  const diffs = [createTwoFilesPatch(`a/${file}`, `b/${file}`, old, edited)];
  const outcome = await buildPatch({ tree, image: kernel.image, diffs, name: "x", replace: true });
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  const machine = new SampleMachine(kernel);
  const site = kernel.image.functions.find((f) => f.name.endsWith("/ticks"))!.site;
  const oldTicks = machine.table.get(site) as (step: number) => number;
  expect([oldTicks(1), oldTicks(1)]).toEqual([1, 2]);
  const module = loadModule(machine, outcome.ko);
  expect(callModule(machine, module, "ticks", 1)).toBe(102);
  expect(oldTicks(1)).toBe(103);
});

test("the same diff gives the same bytes", async () => {
  const [a, b] = [await built(edit), await built(edit)];
  expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);
});
