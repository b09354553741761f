/** What the table holds while a few functions are traced: trampolines only where somebody is attached or may call. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { KernelImage } from "../../src/kbuild/image.ts";
import { inMachine, type Guest } from "../tools/live.ts";
import { readAll, Tracefs } from "./tracefs.ts";

const image = JSON.parse(
  readFileSync(new URL("../../build/kernel.json", import.meta.url), "utf8"),
) as KernelImage;
const traced = image.functions.filter((f) => f.kind === "traced");
const bare = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Names of the kernel's functions whose sites do not hold their bodies. */
function notBare(guest: Guest): string[] {
  const { table } = guest.machine().kernel;
  return traced.filter((f) => table.get(f.site) !== table.get(f.body)).map((f) => bare(f.name));
}

/** Traced functions that call `name` directly, or by way of functions that are not traced. */
function callersOf(name: string, seen = new Set<string>()): Set<string> {
  const direct = image.functions.filter((f) => f.callees.includes(name) && !seen.has(f.name));
  for (const f of direct) seen.add(f.name);
  const deeper = direct.map((f) => (f.kind === "traced" ? new Set([bare(f.name)]) : callersOf(f.name, seen)));
  return new Set(deeper.flatMap((names) => [...names]));
}

/** Of the only function of that name. */
const callers = (name: string) => callersOf(traced.find((f) => bare(f.name) === name)!.name);

async function trace(guest: Guest, filter: string): Promise<Tracefs> {
  const t = new Tracefs(guest.sys);
  expect(await t.echo("set_ftrace_filter", filter)).toBe(0);
  expect(await t.echo("current_tracer", "function")).toBe(0);
  return t;
}

test("nothing attached: every site of the kernel holds its bare function", async () => {
  expect(await inMachine((guest) => Promise.resolve(notBare(guest)))).toEqual([]);
});

test("one function traced: its site and those that name it in their code hold trampolines, no others", async () => {
  const { held, after } = await inMachine(async (guest) => {
    const t = await trace(guest, "vfs_read");
    const held = notBare(guest);
    await t.echo("current_tracer", "nop");
    return { held, after: notBare(guest) };
  });
  const expected = [...callers("vfs_read"), "vfs_read"];
  expect(expected).toHaveLength(4);
  expect(held.sort()).toEqual(expected.sort());
  expect(after).toEqual([]);
});

test("a function that one other can call: that one, and nobody else", async () => {
  expect([...callers("do_syscall_64")]).toEqual(["entry_SYSCALL_64_after_hwframe"]);
  const { held, rows } = await inMachine(async (guest) => {
    const t = await trace(guest, "do_syscall_64");
    return { held: notBare(guest), rows: await t.lines("trace") };
  });
  expect(held.sort()).toEqual(["do_syscall_64", "entry_SYSCALL_64_after_hwframe"]);
  const calls = rows.filter((row) => !row.startsWith("#"));
  expect(calls.length).toBeGreaterThan(0);
  for (const row of calls) expect(row).toMatch(/do_syscall_64 <-entry_SYSCALL_64_after_hwframe$/);
});

test("called through a pointer: those that make such calls, and most sites stay bare", async () => {
  const { held, rows } = await inMachine(async (guest) => {
    const t = await trace(guest, "meminfo_proc_show");
    const held = notBare(guest);
    await readAll(guest.sys, "/proc/meminfo");
    return { held, rows: await t.lines("trace") };
  });
  expect(rows.at(-1)).toMatch(/meminfo_proc_show <-show_record$/);
  expect(held).toContain("show_record");
  expect(held.length).toBeLessThan(traced.length / 10);
});

test.each([
  ["a kprobe", ["kprobe_events", "p:mine vfs_read"]],
  ["function_graph", ["set_ftrace_filter", "vfs_read"], ["current_tracer", "function_graph"]],
  ["a command without a stack", ["set_ftrace_filter", "vfs_read:traceon"]],
])("%s does not ask who calls: one site holds a trampoline", async (what, ...files) => {
  const held = await inMachine(async (guest) => {
    const t = new Tracefs(guest.sys);
    for (const [file, text] of files) expect(await t.append(file!, text!)).toBe(0);
    if (what === "a kprobe") expect(await t.echo("events/kprobes/mine/enable", "1")).toBe(0);
    return notBare(guest);
  });
  expect(held).toEqual(["vfs_read"]);
});

test("a return probe asks for the callers of its own function, while it is there", async () => {
  const { held, after } = await inMachine(async (guest) => {
    const t = new Tracefs(guest.sys);
    expect(await t.echo("kprobe_events", "r:mine vfs_read")).toBe(0);
    expect(await t.echo("events/kprobes/mine/enable", "1")).toBe(0);
    const held = notBare(guest);
    await t.echo("events/kprobes/mine/enable", "0");
    await t.echo("kprobe_events", "");
    return { held, after: notBare(guest) };
  });
  expect(held.sort()).toEqual([...callers("vfs_read"), "vfs_read"].sort());
  expect(after).toEqual([]);
});

test("enabled_functions lists who is attached, and not who is a witness", async () => {
  const lines = await inMachine(async (guest) => (await trace(guest, "vfs_read")).lines("enabled_functions"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^vfs_read \(1\) /);
});
