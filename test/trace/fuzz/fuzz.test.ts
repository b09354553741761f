/**
 * Random text into every writable file of tracefs, sysfs and debugfs: each
 * write is taken or ends in an errno that its kind of file may answer; nothing
 * traps or warns, and the machine works afterwards.
 */

import { expect, test } from "vitest";
import { Open } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { inMachine, type Guest } from "../../tools/live.ts";
import { readAll, Tracefs, TRACING } from "../tracefs.ts";
import { allowedErrnos, poke, readEverything, writableFiles } from "./files.ts";
import { loadAll, reloadPatches, unloadAll } from "./modules.ts";
import { SMOKE, SMOKE_SAYS } from "./smoke.ts";
import { generator, randomText } from "./words.ts";

const WRITES = Number(process.env.FUZZ_RUNS ?? 600);
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);

/** Bits of /proc/sys/kernel/tainted that an oops, a WARN and a lockup set. */
const HURT = 128 | 512 | 16384;

const SYSLOG_READ_CLEAR = 4;

/** What the kernel has logged since the last call. */
async function newLog(sys: SysCalls): Promise<string> {
  return new TextDecoder().decode(await sys.syslog(SYSLOG_READ_CLEAR, 1 << 20));
}

async function checkUnhurt(sys: SysCalls, log: string): Promise<void> {
  expect(log).not.toMatch(/\] (BUG|Oops|WARNING|Kernel panic|-+\[ cut here)|soft lockup/);
  expect(Number(await readAll(sys, "/proc/sys/kernel/tainted")) & HURT).toBe(0);
}

interface Rain {
  /** Writes that were taken, and files that took at least one. */
  taken: number;
  files: Set<string>;
  forced: boolean;
}

/** `count` writes; files are chosen evenly by kind of place, so that options/ is not all of it. */
async function rain(guest: Guest, count: number, pick: (below: number) => number): Promise<Rain> {
  const { sys } = guest;
  const result: Rain = { taken: 0, files: new Set(), forced: false };
  let all: string[] = [];
  let few: string[] = [];
  for (let i = 0; i < count; i++) {
    if (i % 25 === 0) {
      all = await writableFiles(sys);
      few = all.filter((path) => !path.includes("/options/") && !path.includes("/debug/tracing/"));
    }
    const from = pick(3) === 0 ? all : few;
    const path = from[pick(from.length)]!;
    const text = randomText(pick);
    const errno = await poke(sys, path, text, pick(2) === 0 ? Open.TRUNC : Open.APPEND);
    if (errno === 0) {
      result.taken++;
      result.files.add(path);
    } else if (!allowedErrnos(path).includes(errno)) {
      // A file may have gone with its patch or event since the tree was walked.
      const gone = !(await writableFiles(sys)).includes(path);
      expect([i, path, text, gone ? 0 : errno]).toEqual([i, path, text, 0]);
    }
    if (i % 100 === 99) {
      await readEverything(sys);
      await reloadPatches(guest);
      const log = await newLog(sys);
      result.forced ||= log.includes("forcing remaining tasks");
      await checkUnhurt(sys, log);
    }
  }
  return result;
}

/** Everything back to how it was at boot; each of these writes has to work. */
async function calmDown(t: Tracefs, options: string[]): Promise<void> {
  for (const [name, text] of [
    ["current_tracer", "nop"],
    ["events/enable", "0"],
    ["set_ftrace_filter", ""],
    ["set_ftrace_notrace", ""],
    ["set_ftrace_pid", ""],
    ["set_ftrace_notrace_pid", ""],
    ["set_graph_function", ""],
    ["set_graph_notrace", ""],
    ["max_graph_depth", "0"],
    ["tracing_thresh", "0"],
    ["trace_clock", "local"],
  ]) {
    expect([name, await t.echo(name!, text!)]).toEqual([name, 0]);
  }
  const commands = (await t.lines("set_ftrace_filter"))
    .filter((line) => line.includes(":"))
    .map((line) => line.replace(/ \[\w+\]|:unlimited$/g, "").replace(/:count=\d+$/, ":0"));
  for (const command of new Set(commands)) {
    expect([command, await t.append("set_ftrace_filter", `!${command}`)]).toEqual([command, 0]);
  }
  for (const option of options) {
    expect([option, await t.append("trace_options", option)]).toEqual([option, 0]);
  }
  // Last: until here a command may have turned it off.
  expect(await t.echo("tracing_on", "1")).toBe(0);
  expect(await t.echo("kprobe_events", "")).toBe(0);
  expect(await poke(t.sys, "/sys/kernel/debug/kprobes/enabled", "1", 0)).toBe(0);
}

/** The tracer works as on the first day. */
async function checkTracing(t: Tracefs, sys: SysCalls): Promise<void> {
  await t.echo("set_ftrace_filter", "__x64_sys_getpid");
  await t.echo("current_tracer", "function");
  await sys.getpid();
  expect(await t.read("trace")).toContain(": __x64_sys_getpid <-x64_sys_call\n");
  await t.echo("current_tracer", "nop");
  await t.echo("set_ftrace_filter", "");
  expect(await t.read("enabled_functions")).toBe("");
}

test.each([0, 1, 2])(
  `${WRITES} random writes, seed ${SEED} + %i`,
  async (n) => {
    await inMachine(
      async (guest) => {
        const { sys } = guest;
        const t = new Tracefs(sys);
        expect(await guest.run("sh /root/smoke.sh")).toEqual({ status: 0, text: SMOKE_SAYS });
        const options = await t.lines("trace_options");
        await loadAll(guest);
        await t.echo("buffer_size_kb", "64");
        const { taken, files, forced } = await rain(guest, WRITES, generator((SEED + n) * 2654435761));
        expect(taken).toBeGreaterThan(WRITES / 10);
        expect([...files].filter((path) => !path.startsWith(TRACING))).not.toEqual([]);
        await calmDown(t, options);
        await unloadAll(guest, forced);
        await checkTracing(t, sys);
        expect(await guest.run("sh /root/smoke.sh")).toEqual({ status: 0, text: SMOKE_SAYS });
        await checkUnhurt(sys, await newLog(sys));
      },
      { "root/smoke.sh": SMOKE },
    );
  },
  Math.max(120_000, WRITES * 100),
);

test("every writable file has its kind", async () => {
  await inMachine(async (guest) => {
    await loadAll(guest);
    await poke(guest.sys, `${TRACING}/kprobe_events`, "p:a-b/c vfs_read", Open.APPEND);
    const files = await writableFiles(guest.sys);
    for (const path of files) allowedErrnos(path);
    for (const path of [
      `${TRACING}/set_ftrace_filter`,
      `${TRACING}/events/a-b/c/enable`,
      `${TRACING}/options/overwrite`,
      "/sys/kernel/debug/tracing/trace_marker",
      "/sys/kernel/debug/dynamic_debug/control",
      "/sys/kernel/debug/kprobes/enabled",
      "/sys/kernel/livepatch/test_klp_livepatch/force",
      "/sys/module/test_klp_callbacks_demo/parameters/pre_patch_ret",
    ]) {
      expect(files).toContain(path);
    }
  });
});
