import { beforeAll, expect, test } from "vitest";
import { linkKernel, type LinkedKernel } from "../../src/kbuild/link";
import { SampleMachine } from "./sampleMachine";
import { compileSample, ENTRIES, sampleTree } from "./sampleTree";

const ALL = [...ENTRIES, "attach", "patch"];
let kernel: LinkedKernel;

beforeAll(async () => {
  kernel = linkKernel(await compileSample(sampleTree()), { entries: ALL });
});

function f(bare: string) {
  return kernel.image.functions.find((x) => x.name.endsWith(`/${bare}`))!;
}

test("a call through direct calls, pointers and tables gives its result", () => {
  const machine = new SampleMachine(kernel);
  machine.call("proc_init");
  expect(machine.call("proc_read", 0, 7)).toBe(14 + 10);
  expect(machine.call("proc_read", 1, 7)).toBe(7);
  expect(machine.call("proc_read", 2, 80)).toBe(100 + 10);
  expect(machine.lines).toEqual(["MemTotal 7", "MemFree 7", "MemTotal 80"]);
});

test("a task sleeps inside nested frames and resumes where it was", () => {
  const machine = new SampleMachine(kernel);
  const task = machine.newTask("worker", 2);
  machine.run(task);
  expect(task.state).toBe("asleep");
  const names = machine.frames(task).map((id) => kernel.image.functions.find((x) => x.body === id)?.name);
  expect(names).toEqual([
    "kernel/sched/core/schedule",
    "fs/proc/meminfo/meminfo_proc_show",
    "fs/proc/meminfo/worker",
  ]);
  machine.run(task);
  expect(machine.frames(task)).toHaveLength(4);
  machine.run(task);
  machine.run(task);
  expect(task).toMatchObject({ state: "done", result: 60 });
  expect(machine.lines).toEqual([
    "enter 0",
    "leave 0",
    "enter 1",
    "enter 0",
    "leave 0",
    "leave 60",
    "worker done 60",
  ]);
});

test("only functions that may sleep are asyncified", () => {
  expect(f("schedule").sleepable).toBe(true);
  expect(f("worker").sleepable).toBe(true);
  expect(f("proc_read").sleepable).toBe(true); // Calls a function pointer.
  expect(f("clamp_value").sleepable).toBe(false);
});

test("an attached site runs the trampoline and keeps the result", () => {
  const machine = new SampleMachine(kernel);
  machine.call("attach", f("show_total").site);
  expect(machine.call("proc_read", 0, 7)).toBe(24);
  expect(machine.global("kernel/trace/ftrace/hits").value).toBe(1);
  const regs = kernel.image.data.find((d) => d.name.endsWith("/ftrace_regs"))!;
  expect(machine.view().getBigInt64(regs.address, true)).toBe(7n);
});

test("a return handler sees the result, and only when the call returns", () => {
  const machine = new SampleMachine(kernel);
  machine.call("attach", f("meminfo_proc_show").site);
  machine.global("kernel/trace/ftrace/ftrace_graph_active").value = 1;
  const task = machine.newTask("worker", 1);
  machine.run(task);
  expect(machine.lines).toEqual(["enter 0"]);
  machine.run(task);
  expect(machine.lines.at(-2)).toMatch(/^ 0$/);
  expect(machine.lines.at(-1)).toBe("worker done 0");
});

test("the symbol table names every function, in the order of its entries", () => {
  const machine = new SampleMachine(kernel);
  const { kallsyms_addr, kallsyms_num } = kernel.image.symbols as {
    kallsyms_addr: number;
    kallsyms_num: number;
  };
  const view = machine.view();
  const bytes = new Uint8Array(machine.memory.buffer);
  const text = (at: number) => new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
  let name = kallsyms_addr + 24 * kallsyms_num;
  const entries = Array.from({ length: kallsyms_num }, (_, i) => {
    const w = (n: number) => view.getUint32(kallsyms_addr + 24 * i + 4 * n, true);
    const entry = [text(name), w(1) === 0 ? "" : text(w(1)), w(2), w(4), String.fromCharCode(w(5))];
    name = bytes.indexOf(0, name) + 1;
    return entry;
  });
  const clamp = f("clamp_value");
  expect(clamp.site).toBe(1);
  expect(entries[0]).toEqual(["clamp_value", "fs/proc/meminfo.ts", 1, clamp.size, "T"]);
  expect(entries.find((e) => e[0] === "ftrace_caller")?.[2]).toBe(0);
  const traced = entries.filter((e) => e[2] === 1).map((e) => e[0]);
  expect(traced.indexOf("pr") + 1).toBe(f("pr").site);
  expect(entries.find((e) => e[0] === "pr")?.at(-1)).toBe("t");
  expect(entries.find((e) => e[0] === "init_task")?.at(-1)).toBe("B");
  expect(clamp.size).toBeGreaterThan(5);
});

test("the same tree gives the same bytes", async () => {
  const again = linkKernel(await compileSample(sampleTree()), { entries: ALL });
  expect(Buffer.from(again.wasm).equals(Buffer.from(kernel.wasm))).toBe(true);
  expect(again.image).toEqual(kernel.image);
});

test("bodies keep their names for backtraces", () => {
  const text = new TextDecoder("latin1").decode(kernel.wasm);
  expect(text).toContain("fs/proc/meminfo/meminfo_proc_show");
});
