/** Filters, commands and probes on functions of modules that come and go. */

import { expect, test } from "vitest";
import { inMachine, type Guest } from "../tools/live.ts";
import { Tracefs } from "./tracefs.ts";

const TARGET = "/usr/lib/selftests/livepatch/test_modules/test_klp_mod_target.ko";
const SHOW = "test_klp_mod_target_show";

async function load(guest: Guest): Promise<void> {
  expect(await guest.run(`insmod ${TARGET}`)).toEqual({ status: 0, text: "" });
}

async function unload(guest: Guest): Promise<void> {
  expect(await guest.run("rmmod test_klp_mod_target")).toEqual({ status: 0, text: "" });
}

const rows = async (t: Tracefs) => (await t.lines("trace")).filter((line) => !line.startsWith("#"));

test(":mod: for a module that is not loaded waits for it", async () => {
  await inMachine(async (guest) => {
    const t = new Tracefs(guest.sys);
    expect(await t.echo("set_ftrace_filter", "vfs_read :mod:test_klp_mod_target")).toBe(0);
    expect(await t.append("set_ftrace_filter", "*exit:mod:other")).toBe(0);
    const cached = ["*:mod:test_klp_mod_target", "*exit:mod:other"];
    expect(await t.lines("set_ftrace_filter")).toEqual([...cached, "vfs_read"]);
    expect(await t.append("set_ftrace_filter", "!*exit:mod:other")).toBe(0);
    await t.echo("current_tracer", "function");
    await load(guest);
    expect((await t.lines("set_ftrace_filter")).sort()).toEqual([
      "cleanup_module [test_klp_mod_target]",
      "init_module [test_klp_mod_target]",
      `${SHOW} [test_klp_mod_target]`,
      "vfs_read",
    ]);
    await t.echo("trace", "");
    await guest.read("/proc/test_klp_mod_target");
    expect((await rows(t)).join("\n")).toContain(`: ${SHOW} <-`);
    await unload(guest);
    expect(await t.lines("set_ftrace_filter")).toEqual(["vfs_read"]);
  });
});

test("a probe on MODULE:FUNCTION waits for the module, and comes back with it", async () => {
  await inMachine(async (guest) => {
    const t = new Tracefs(guest.sys);
    expect(await t.echo("kprobe_events", `p:mine test_klp_mod_target:${SHOW}`)).toBe(0);
    expect(await t.append("kprobe_events", `r:back test_klp_mod_target:${SHOW}`)).toBe(0);
    expect(await t.echo("events/kprobes/enable", "1")).toBe(0);
    for (let round = 1; round <= 2; round++) {
      await load(guest);
      await guest.read("/proc/test_klp_mod_target");
      expect(await t.lines("kprobe_profile")).toEqual(
        ["mine", "back"].map(
          (name) => `  ${name.padEnd(44)} ${String(round).padStart(15)} ${"0".padStart(15)}`,
        ),
      );
      await unload(guest);
    }
    await t.echo("events/kprobes/enable", "0");
    expect(await t.echo("kprobe_events", "")).toBe(0);
    expect(await t.read("enabled_functions")).toBe("");
  });
});

test("a module takes its probes, filters and commands with it; another one at its place is not touched", async () => {
  await inMachine(async (guest) => {
    const t = new Tracefs(guest.sys);
    await load(guest);
    expect(await t.echo("kprobe_events", `p:mine ${SHOW}`)).toBe(0);
    expect(await t.echo("events/kprobes/mine/enable", "1")).toBe(0);
    expect(await t.echo("set_ftrace_filter", `${SHOW} ${SHOW}:stacktrace`)).toBe(0);
    await unload(guest);
    expect(await guest.read("/sys/kernel/debug/kprobes/list")).toContain("[GONE]");
    expect(await t.lines("set_ftrace_filter")).toEqual(["#### all functions enabled ####"]);
    await load(guest);
    await t.echo("trace", "");
    await guest.read("/proc/test_klp_mod_target");
    expect(await rows(t)).toEqual([]);
    await t.echo("events/enable", "0");
    expect(await t.echo("kprobe_events", "")).toBe(0);
    expect(await t.read("enabled_functions")).toBe("");
  });
});
