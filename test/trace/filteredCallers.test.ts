/**
 * With a filter only those who may call hold trampolines (kernel/trace/follow_calls.ts). What they tell is what
 * is told while every call is seen: the same rows, the same callers, the same stacks.
 */

import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { KernelImage } from "../../src/kbuild/image.ts";
import { inMachine, type Guest } from "../tools/live.ts";
import { Tracefs } from "./tracefs.ts";

const built = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../build/modules/${name}.ko`, import.meta.url)));

const SELFTESTS = "/usr/lib/selftests/livepatch/test_modules";
const FIRST = "first mark";
const LAST = "last mark";

/** Tasks that sleep, are born and die, modules, a patch that waits for a task, an oops. */
async function work({ sys, run, write }: Guest): Promise<void> {
  await run(`insmod ${SELFTESTS}/test_klp_livepatch.ko`);
  await run("cat /proc/cmdline /proc/meminfo");
  const reader = await sys.fork(async (own) => {
    await own.read(await own.open("/proc/slow_unint", 0), 4096);
    return 0;
  });
  await sys.nanosleep(50_000_000);
  await sys.init_module(built("slow_patch"), "which=4");
  await run("cat /proc/slow_unint");
  await sys.fork((own) => own.raw(4, 0xfffffff0, 0xfffffff0)); // stat(bad address)
  await run("ls /sys/kernel/livepatch");
  await write("/tmp/file", "text");
  await sys.nanosleep(2_000_000_000);
  await sys.wait4(reader, 0);
  await write("/sys/kernel/livepatch/test_klp_livepatch/enabled", "0");
  await run("rmmod test_klp_livepatch");
}

/** What is traced while the work is done, as "function <-caller" and the lines of stacks. */
function tracedWork(set: (t: Tracefs) => Promise<void>): Promise<string[]> {
  return inMachine(async (guest) => {
    const t = new Tracefs(guest.sys);
    expect(await t.echo("buffer_size_kb", "4096")).toBe(0);
    await guest.sys.init_module(built("slow_target"), "ms=1000");
    await set(t);
    await t.echo("trace_marker", FIRST);
    await work(guest);
    await t.echo("trace_marker", LAST);
    await t.echo("tracing_on", "0");
    const lines = (await t.lines("trace")).map((line) => line.replace(/^.*\] \S+ +[\d.]+: /, ""));
    const at = (mark: string) => lines.findIndex((line) => line.endsWith(mark));
    expect(at(FIRST)).toBeGreaterThan(0);
    return lines.slice(at(FIRST) + 1, at(LAST));
  });
}

async function trace(t: Tracefs, filter: string): Promise<void> {
  expect(await t.echo("set_ftrace_filter", filter)).toBe(0);
  expect(await t.echo("current_tracer", "function")).toBe(0);
}

/** Pseudo-random numbers below n, the same in every run. */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const functionOf = (row: string): string => row.slice(0, row.indexOf(" <-"));

const image = JSON.parse(
  readFileSync(new URL("../../build/kernel.json", import.meta.url), "utf8"),
) as KernelImage;
const bare = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** What depends on the filter itself: its memory, and the search for callers when a module comes. */
const OWN = /^mm\/|^kernel\/trace\/|^kernel\/stacktrace\/|^kernel\/sched\/core\/(unwind_current|leave_for)$/;
const own = new Set(image.functions.filter(({ name }) => OWN.test(name)).map(({ name }) => bare(name)));
const others = new Set(image.functions.filter(({ name }) => !OWN.test(name)).map(({ name }) => bare(name)));
/** The function of the patch that comes while they trace. */
const PATCH = "new_unint_show";

/** Functions of the kernel that were called. */
function choose(seed: number): string[] {
  const below = numbers(seed);
  const count = 1 + below(seed % 3 === 0 ? 200 : 12);
  return Array.from({ length: count }, () => called[below(called.length)]!);
}

/** A command that never does anything, but would want the stack of every call. */
const EVERY_STACK = "*:stacktrace:0";

/** Functions of the kernel that the work calls. */
let called: string[] = [];

beforeAll(async () => {
  const rows = await tracedWork((t) => trace(t, ""));
  expect(rows.length).toBeGreaterThan(20_000);
  called = [...new Set(rows.map(functionOf))].filter((name) => others.has(name) && !own.has(name));
});

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  "filter %i: the rows are those told while all calls are seen",
  async (seed) => {
    const filter = `${choose(seed).join(" ")} ${PATCH}:mod:slow_patch`;
    const some = await tracedWork((t) => trace(t, filter));
    const seen = await tracedWork((t) => trace(t, `${filter} ${EVERY_STACK}`));
    expect(some.length).toBeGreaterThan(0);
    expect(some).toEqual(seen);
  },
);

test.each([11, 12, 13, 14])("filter %i: and so are the stacks", async (seed) => {
  const filter = choose(seed).join(" ");
  const stacks = async (t: Tracefs, names: string) => {
    expect(await t.echo("options/func_stack_trace", "1")).toBe(0);
    await trace(t, names);
  };
  const some = await tracedWork((t) => stacks(t, filter));
  const seen = await tracedWork((t) => stacks(t, `${filter} ${EVERY_STACK}`));
  expect(some.length).toBeGreaterThan(0);
  expect(some).toEqual(seen);
});
