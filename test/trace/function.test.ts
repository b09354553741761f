import { expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import type { SysCalls } from "../../src/user/sys.ts";
import { asInit, bootWith } from "../boot.ts";
import { readAll, Tracefs, TRACING, withTracefs } from "./tracefs.ts";

const ROW = /^ +init-1 {7}\[000\] \.\.\.\.\. +\d+\.\d{6}: /;
const HEADER = `# tracer: function
#
# entries-in-buffer/entries-written: N/N   #P:1
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |`;

test("the function tracer writes a row for every call, with its caller", async () => {
  const trace = await withTracefs(async (t, sys) => {
    await t.echo("set_ftrace_filter", "__x64_sys_getp*");
    await t.echo("current_tracer", "function");
    await sys.getpid();
    await sys.getppid();
    return t.lines("trace");
  });
  expect(trace.slice(0, 12).join("\n").replace("2/2", "N/N")).toBe(HEADER);
  const rows = trace.slice(12);
  for (const row of rows) expect(row).toMatch(ROW);
  expect(rows.map((row) => row.replace(ROW, ""))).toEqual([
    "__x64_sys_getpid <-x64_sys_call",
    "__x64_sys_getppid <-x64_sys_call",
  ]);
});

test("filters: globs, !, >>, :mod:, numbers, notrace; unknown names are EINVAL", async () => {
  await withTracefs(async (t) => {
    const filter = () => t.lines("set_ftrace_filter");
    expect(await filter()).toEqual(["#### all functions enabled ####"]);
    expect(await t.lines("set_ftrace_notrace")).toEqual(["#### no functions disabled ####"]);
    expect(await t.echo("set_ftrace_filter", "seq_read_iter vfs_re*")).toBe(0);
    expect((await filter()).sort()).toEqual(
      ["seq_read_iter", "vfs_read", "vfs_readlink", "vfs_rename"].sort(),
    );
    expect(await t.append("set_ftrace_filter", "!*e*d* *_llseek_size")).toBe(0);
    expect((await filter()).sort()).toEqual(["generic_file_llseek_size", "vfs_rename"]);
    expect(await t.echo("set_ftrace_filter", "no_such_function")).toBe(Errno.EINVAL);
    expect(await filter()).toEqual(["#### all functions enabled ####"]);
    expect(await t.echo("set_ftrace_filter", ":mod:")).toBe(Errno.EINVAL);
    const third = (await t.lines("available_filter_functions"))[2];
    expect(await t.echo("set_ftrace_filter", "3")).toBe(0);
    expect(await filter()).toEqual([third]);
    expect(await t.echo("set_ftrace_filter", "999999")).toBe(Errno.EINVAL);
    await t.echo("set_ftrace_notrace", "vfs_*");
    await t.echo("set_ftrace_filter", "vfs_read ksys_read");
    await t.echo("current_tracer", "function");
    const enabled = await t.lines("enabled_functions");
    expect(enabled.map((line) => line.split(" ")[0])).toEqual(["ksys_read"]);
  });
});

test("current_tracer, tracing_on, trace, set_ftrace_pid", async () => {
  await withTracefs(async (t, sys) => {
    const rows = async () => (await t.lines("trace")).filter((line) => !line.startsWith("#")).length;
    expect(await t.read("current_tracer")).toBe("nop\n");
    expect(await t.echo("current_tracer", "wrong")).toBe(Errno.EINVAL);
    await t.echo("set_ftrace_filter", "__x64_sys_getpid");
    await t.echo("current_tracer", "function");
    await sys.getpid();
    expect(await rows()).toBe(1);
    expect(await rows()).toBe(1);
    await t.echo("tracing_on", "0");
    await sys.getpid();
    expect(await rows()).toBe(1);
    expect(await t.echo("tracing_on", "maybe")).toBe(Errno.EINVAL);
    await t.echo("tracing_on", "1");
    await t.echo("trace", "");
    expect(await rows()).toBe(0);
    expect(await t.read("set_ftrace_pid")).toBe("no pid\n");
    await t.echo("set_ftrace_pid", "4711");
    await sys.getpid();
    expect(await rows()).toBe(0);
    await t.append("set_ftrace_pid", "1");
    expect(await t.read("set_ftrace_pid")).toBe("1\n4711\n");
    await sys.getpid();
    expect(await rows()).toBe(1);
    await t.echo("current_tracer", "nop");
    expect(await rows()).toBe(0);
  });
});

test("enabled_functions and touched_functions", async () => {
  await withTracefs(async (t) => {
    expect(await t.read("enabled_functions")).toBe("");
    await t.echo("set_ftrace_filter", "meminfo* seq_read_iter");
    await t.echo("set_ftrace_filter", "seq_read_iter");
    await t.echo("current_tracer", "function");
    expect(await t.read("enabled_functions")).toMatch(
      /^seq_read_iter \(1\) {11}\ttramp: 0xffffffffa[0-9a-f]{7} \(function_trace_call\+0x0\/0x[0-9a-f]+\) ->function_trace_call\+0x0\/0x[0-9a-f]+\n$/,
    );
    await t.echo("current_tracer", "nop");
    expect(await t.read("enabled_functions")).toBe("");
    expect(await t.read("touched_functions")).toMatch(
      /^seq_read_iter \(0\) {11} ->ftrace_stub\+0x0\/0x[0-9a-f]+\n$/,
    );
  });
});

test("all functions: the system stays usable, what is lost is counted, every site gets its function back", async () => {
  let bare: (WebAssembly.ExportValue | null)[] = [];
  const { machine, output } = bootWith(async ({ sys }) => {
    const t = new Tracefs(sys);
    const sites = (await t.lines("available_filter_functions")).length;
    const entry = (i: number) => machine.kernel.table.get(i) as WebAssembly.ExportValue;
    bare = Array.from({ length: sites }, (_, i) => entry(1 + i));
    for (let i = 0; i < sites; i++) expect(bare[i]).toBe(entry(1 + sites + i));
    const began = performance.now();
    await t.echo("current_tracer", "function");
    expect(performance.now() - began).toBeLessThan(500);
    for (let i = 0; i < sites; i++) expect(entry(1 + i)).toBe(entry(1 + 2 * sites + i));
    await t.echo("buffer_size_kb", "16");
    await t.read("available_tracers");
    await sys.nanosleep(1_000_000);
    await t.echo("tracing_on", "0");
    const stats = await t.read("per_cpu/cpu0/stats");
    expect(Number(/^overrun: (\d+)$/m.exec(stats)![1])).toBeGreaterThan(0);
    expect(Number(/^entries: (\d+)$/m.exec(stats)![1])).toBe(16384 / 32);
    await t.echo("current_tracer", "nop");
    for (let i = 0; i < sites; i++) expect(entry(1 + i)).toBe(bare[i]);
    await sys.reboot("power-off");
    return 0;
  });
  await new Promise<void>((resolve, reject) => {
    machine.onHalt = (reason) => (reason === "power-off" ? resolve() : reject(new Error(output())));
    machine.onQuiet = () => reject(new Error(`every task waits\n${output()}`));
  });
});

test("trace_pipe: each record once; the reader sleeps until there is one", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo("set_ftrace_filter", "__x64_sys_getpid");
    await t.echo("current_tracer", "function");
    const fd = await sys.open(`${TRACING}/trace_pipe`, 0);
    expect(await t.echo("current_tracer", "nop")).toBe(Errno.EBUSY);
    await sys.fork(async (child) => {
      await child.nanosleep(1_000_000_000);
      await child.getpid();
      return 0;
    });
    const before = await sys.clockGettime(1);
    const text = new TextDecoder().decode(await sys.read(fd, 4096));
    expect(text).toMatch(/^ +init-\d+ +\[000\] \.\.\.\.\. +1\.\d{6}: __x64_sys_getpid <-x64_sys_call\n$/);
    expect((await sys.clockGettime(1)) - before).toBeGreaterThan(900_000_000);
    expect((await t.lines("trace")).filter((line) => !line.startsWith("#"))).toEqual([]);
    await sys.close(fd);
    expect(await t.echo("current_tracer", "nop")).toBe(0);
  });
});

test("ftrace.switch=1: kernel.ftrace_enabled turns every callback off, and on again", async () => {
  const off = async (t: Tracefs, sys: SysCalls, value: string) => {
    const fd = await sys.open("/proc/sys/kernel/ftrace_enabled", 1);
    await sys.write(fd, new TextEncoder().encode(value));
    await sys.close(fd);
    await t.echo("trace", "");
    await readAll(sys, "/proc/cmdline");
    return (await t.lines("trace")).filter((line) => line.includes("cmdline_proc_show"));
  };
  for (const tracer of ["function", "function_graph"]) {
    await asInit(
      async (sys) => {
        const t = new Tracefs(sys);
        await t.echo("set_ftrace_filter", "cmdline_proc_show seq_printf");
        await t.echo("current_tracer", tracer);
        await t.echo("kprobe_events", "r1:back cmdline_proc_show");
        await t.echo("events/kprobes/back/enable", "1");
        const before = await off(t, sys, "1");
        expect(before.join("\n")).toMatch(/cmdline_proc_show[^]*back: /);
        expect(await off(t, sys, "0")).toEqual([]);
        const again = await off(t, sys, "1");
        const what = (line: string) => line.replace(/.*\d+\.\d+( us +\||: )/, "");
        expect(again.map(what)).toEqual(before.map(what));
        expect(await t.read("kprobe_profile")).toMatch(/ back +2 +0\n/);
      },
      { cmdline: "ftrace.switch=1" },
    );
  }
});
