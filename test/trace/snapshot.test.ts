/** The file snapshot, and FUNC:snapshot: the buffer as it was at a moment. */

import { expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import type { SysCalls } from "../../src/user/sys.ts";
import { readAll, withTracefs, type Tracefs } from "./tracefs.ts";

const what = (line: string) => line.replace(/.*\d\.\d{6}: /, "");
const rows = async (t: Tracefs, file: string) =>
  (await t.lines(file)).filter((line) => !line.startsWith("#")).map(what);

const GETPID = "__x64_sys_getpid <-x64_sys_call";
const GETPPID = "__x64_sys_getppid <-x64_sys_call";

const HELP = `# Snapshot commands:
# echo 0 > snapshot : Clears and frees snapshot buffer
# echo 1 > snapshot : Allocates snapshot buffer, if not already allocated.
#                      Takes a snapshot of the main buffer.
# echo 2 > snapshot : Clears snapshot buffer (but does not allocate or free)
#                      (Doesn't have to be '2' works with any number that
#                       is not a '0' or '1')
`;
const empty = (state: string) => `# tracer: nop\n#\n#\n# * Snapshot is ${state} *\n#\n${HELP}`;

/** Calls of getpid and getppid are traced. */
async function traceBoth(t: Tracefs): Promise<void> {
  await t.echo("set_ftrace_filter", "__x64_sys_getpid __x64_sys_getppid");
  await t.echo("current_tracer", "function");
}

async function callBoth(sys: SysCalls): Promise<void> {
  await sys.getpid();
  await sys.getppid();
}

test("empty, taken, cleared, freed", async () => {
  await withTracefs(async (t, sys) => {
    expect(await t.read("snapshot")).toBe(empty("freed"));
    expect(await t.echo("snapshot", "x")).toBe(Errno.EINVAL);
    await traceBoth(t);
    await sys.getpid();
    expect(await t.echo("snapshot", "1")).toBe(0);
    expect(await t.read("per_cpu/cpu0/snapshot")).toContain("entries-in-buffer/entries-written: 1/1 ");
    expect(await rows(t, "snapshot")).toEqual([GETPID]);
    expect(await rows(t, "trace")).toEqual([]);
    await sys.getppid();
    await t.echo("current_tracer", "nop");
    expect(await rows(t, "snapshot")).toEqual([GETPID]);
    expect(await t.echo("snapshot", "2")).toBe(0);
    expect(await t.read("snapshot")).toBe(empty("allocated"));
    expect(await t.echo("snapshot", "0")).toBe(0);
    expect(await t.read("snapshot")).toBe(empty("freed"));
  });
});

test("one after another: trace and trace_pipe go on with what came since", async () => {
  await withTracefs(async (t, sys) => {
    await traceBoth(t);
    await t.echo("buffer_size_kb", "4");
    const pipe = await sys.open("/sys/kernel/tracing/trace_pipe", 0o4000);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 100; i++) await callBoth(sys);
      expect(await t.echo("snapshot", "1")).toBe(0);
      const taken = await rows(t, "snapshot");
      expect(taken.length).toBe(4096 / 32);
      expect(taken.slice(-2)).toEqual([GETPID, GETPPID]);
      await callBoth(sys);
      expect(await rows(t, "trace")).toEqual([GETPID, GETPPID]);
      const text = new TextDecoder().decode(await sys.read(pipe, 4096));
      expect(text.trim().split("\n").map(what)).toEqual([GETPID, GETPPID]);
    }
    await t.echo("buffer_size_kb", "8");
    expect((await t.read("snapshot")).replace("function", "nop")).toBe(empty("allocated"));
  });
});

test("FUNC:snapshot, with a count; in the middle of everything that is traced", async () => {
  await withTracefs(async (t, sys) => {
    await traceBoth(t);
    expect(await t.append("set_ftrace_filter", "cmdline_proc_show:snapshot:1")).toBe(0);
    expect((await t.lines("set_ftrace_filter")).at(-1)).toBe("cmdline_proc_show:snapshot:count=1");
    await sys.getpid();
    await readAll(sys, "/proc/cmdline");
    await sys.getppid();
    await readAll(sys, "/proc/cmdline");
    expect(await rows(t, "snapshot")).toEqual([GETPID]);
    expect(await rows(t, "trace")).toEqual([GETPPID]);
    expect(await t.append("set_ftrace_filter", "!cmdline_proc_show:snapshot:0")).toBe(0);

    await t.echo("set_ftrace_filter", "");
    await t.append("set_ftrace_filter", "seq_printf:snapshot");
    await t.echo("current_tracer", "function_graph");
    await readAll(sys, "/proc/meminfo");
    await t.read("snapshot");
    await t.read("trace");
    await t.append("set_ftrace_filter", "!*:snapshot");
    await t.echo("current_tracer", "nop");
    const graph = await rows(t, "snapshot");
    expect(graph.length).toBeGreaterThan(3);
    for (const row of graph) expect(row).toMatch(/^(\w+\(\) \{|\} \/\* \w+ \*\/)$/);
  });
});

test("an event that goes takes its records out of the snapshot", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo("kprobe_events", "p:mine __x64_sys_getpid");
    await t.echo("events/kprobes/mine/enable", "1");
    await sys.getpid();
    await t.echo("snapshot", "1");
    expect(await rows(t, "snapshot")).toHaveLength(1);
    await t.echo("events/kprobes/mine/enable", "0");
    expect(await t.echo("kprobe_events", "")).toBe(0);
    expect(await t.read("snapshot")).toBe(empty("allocated"));
  });
});
