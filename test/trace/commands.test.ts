/** Commands in set_ftrace_filter: FUNC:COMMAND[:…][:COUNT]. */

import { expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import type { SysCalls } from "../../src/user/sys.ts";
import { readAll, withTracefs, type Tracefs } from "./tracefs.ts";

const FILTER = "set_ftrace_filter";
const ALL = "#### all functions enabled ####";
const rows = async (t: Tracefs) => (await t.lines("trace")).filter((line) => !line.startsWith("#"));
const dmesg = async (sys: SysCalls) => new TextDecoder().decode(await sys.syslog(3, 1 << 20));

test("traceon and traceoff; a count goes down only when something was switched", async () => {
  await withTracefs(async (t, sys) => {
    expect(await t.echo(FILTER, "cmdline_proc_show:traceoff")).toBe(0);
    expect(await t.append(FILTER, "uptime_proc_show:traceon:2")).toBe(0);
    expect(await t.lines(FILTER)).toEqual([
      ALL,
      "cmdline_proc_show:traceoff:unlimited",
      "uptime_proc_show:traceon:count=2",
    ]);
    for (const left of [2, 1, 0, 0]) {
      await readAll(sys, "/proc/uptime");
      expect((await t.lines(FILTER))[2]).toBe(`uptime_proc_show:traceon:count=${left}`);
      await readAll(sys, "/proc/cmdline");
      expect(await t.read("tracing_on")).toBe("0\n");
    }
    await t.echo(FILTER, "vfs_read");
    expect(await t.lines(FILTER)).toEqual([
      "vfs_read",
      "cmdline_proc_show:traceoff:unlimited",
      "uptime_proc_show:traceon:count=0",
    ]);
    expect(await t.append(FILTER, "!uptime_proc_show:traceon")).toBe(Errno.EINVAL);
    expect(await t.append(FILTER, "!uptime_proc_show:traceon:0")).toBe(0);
    expect(await t.append(FILTER, "!cmdline*:traceoff")).toBe(0);
    expect(await t.lines(FILTER)).toEqual(["vfs_read"]);
    expect(await t.read("enabled_functions")).toBe("");
  });
});

test("stacktrace: who called, out to the border; globs", async () => {
  await withTracefs(async (t, sys) => {
    expect(await t.echo(FILTER, "uptime_proc_*:stacktrace:1")).toBe(0);
    await readAll(sys, "/proc/uptime");
    await readAll(sys, "/proc/uptime");
    const [head, ...stack] = await rows(t);
    expect(head).toMatch(/^ +init-1 {7}\[000\] \.{5} +\d+\.\d{6}: <stack trace>$/);
    expect(stack[0]).toBe(" => uptime_proc_show");
    expect(stack.slice(-4)).toEqual([
      " => __x64_sys_read",
      " => x64_sys_call",
      " => do_syscall_64",
      " => entry_SYSCALL_64_after_hwframe",
    ]);
    expect(stack.filter((line) => line.includes("uptime"))).toHaveLength(1);
    expect(await t.append(FILTER, "!*:stacktrace:0")).toBe(0);
  });
});

test("dump: the buffer goes to the log, once, and recording stops", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo(FILTER, "__x64_sys_getpid");
    await t.echo("current_tracer", "function");
    expect(await t.append(FILTER, "cmdline_proc_show:dump")).toBe(0);
    expect((await t.lines(FILTER))[1]).toBe("cmdline_proc_show:dump:count=1");
    await sys.getpid();
    await readAll(sys, "/proc/cmdline");
    expect(await t.read("tracing_on")).toBe("0\n");
    await readAll(sys, "/proc/cmdline");
    const log = (await dmesg(sys)).split("\n").map((line) => line.replace(/^<\d>\[.*?\] /, ""));
    const at = log.indexOf("Dumping ftrace buffer:");
    expect(log.lastIndexOf("Dumping ftrace buffer:")).toBe(at);
    expect(log[at + 1]).toBe("---------------------------------");
    expect(log[at + 2]).toMatch(/init-1 .*: __x64_sys_getpid <-x64_sys_call$/);
    expect(log[at + 3]).toBe("---------------------------------");
  });
});

test("enable_event and disable_event: the event waits, armed", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo("kprobe_events", "p:mine __x64_sys_getpid");
    const enable = () => t.read("events/kprobes/mine/enable");
    expect(await t.echo(FILTER, "cmdline_proc_show:enable_event:kprobes:mine")).toBe(0);
    expect(await t.append(FILTER, "uptime_proc_show:disable_event:kprobes:mine:1")).toBe(0);
    expect(await t.append(FILTER, "vfs_read:enable_event:kprobes:yours")).toBe(Errno.EINVAL);
    expect(await t.lines(FILTER)).toEqual([
      ALL,
      "cmdline_proc_show:enable_event:kprobes:mine:unlimited",
      "uptime_proc_show:disable_event:kprobes:mine:count=1",
    ]);
    expect(await enable()).toBe("0*\n");
    await sys.getpid();
    await readAll(sys, "/proc/cmdline");
    expect(await enable()).toBe("1*\n");
    await sys.getpid();
    await readAll(sys, "/proc/uptime");
    await sys.getpid();
    expect(await enable()).toBe("0*\n");
    expect(await rows(t)).toHaveLength(1);
    expect(await t.echo("kprobe_events", "")).toBe(Errno.EBUSY);
    expect(await t.append(FILTER, "!*:enable_event:kprobes:mine")).toBe(0);
    expect(await t.append(FILTER, "!*:disable_event:kprobes:mine:0")).toBe(0);
    expect(await enable()).toBe("0\n");
    expect(await t.echo("kprobe_events", "")).toBe(0);
  });
});

test("refused: unknown commands, bad counts, commands where there are none", async () => {
  await withTracefs(async (t) => {
    for (const word of [
      "vfs_read:nothing",
      "vfs_read:traceoff:x",
      "no_such_fn:traceoff",
      "!vfs_read:traceon",
    ]) {
      expect([word, await t.append(FILTER, word)]).toEqual([word, Errno.EINVAL]);
    }
    expect(await t.append("set_ftrace_notrace", "vfs_read:traceoff")).toBe(Errno.EINVAL);
    expect(await t.lines(FILTER)).toEqual([ALL]);
  });
});
