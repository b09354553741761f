/** The caller in a traced call's row is one that the kernel's image has. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { SysCalls } from "../../src/user/sys.ts";
import { readAll, Tracefs, withTracefs } from "./tracefs.ts";

interface ImageFunction {
  name: string;
  kind: "traced" | "notrace" | "inline";
  callees: string[];
}

const image = JSON.parse(readFileSync(new URL("../../build/kernel.json", import.meta.url), "utf8")) as {
  functions: ImageFunction[];
  /** Called by the host. */
  entries: string[];
};

const bare = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Traced functions that call `name` directly, or by way of functions that are not traced. */
function callersOf(name: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  for (const f of image.functions) {
    if (!f.callees.includes(name) || seen.has(f.name)) continue;
    seen.add(f.name);
    if (f.kind === "traced") found.add(bare(f.name));
    else for (const g of callersOf(f.name, seen)) found.add(g);
  }
  return found;
}

/** Called through a pointer, or one of two with that name is. */
const BY_POINTER = ["seq_read_iter", "print_modules"];

/** Whether the image has a direct call like that; calls by pointer and from the host are not in it. */
function isTrue(pair: string): boolean {
  const [name, parent] = pair.split(" <-") as [string, string];
  if (BY_POINTER.includes(name) || image.entries.some((entry) => bare(entry) === name)) return true;
  const callers = image.functions.filter((f) => bare(f.name) === name).map((f) => callersOf(f.name));
  return callers.some((set) => set.has(parent)) || callers.every((set) => set.size === 0);
}

/** Everything from body on, as "function <-caller". */
function callsIn(body: (sys: SysCalls) => Promise<void>): Promise<Set<string>> {
  return withTracefs(async (t, sys) => {
    await t.echo("buffer_size_kb", "4096");
    await body(sys);
    await t.echo("tracing_on", "0");
    const rows = (await t.lines("trace")).filter((line) => !line.startsWith("#"));
    return new Set(rows.map((row) => row.slice(row.indexOf(": ") + 2)));
  });
}

const startTracing = (sys: SysCalls) => new Tracefs(sys).echo("current_tracer", "function");

test("the callers of all calls are true ones, also of tasks that slept when it began", async () => {
  const pairs = await callsIn(async (sys) => {
    await sys.fork(async (child) => {
      for (let i = 0; i < 3; i++) await child.nanosleep(10_000_000);
      return 0;
    });
    await sys.nanosleep(5_000_000);
    await startTracing(sys);
    await readAll(sys, "/proc/meminfo");
    await sys.wait4(-1, 0);
  });
  expect(pairs.size).toBeGreaterThan(200);
  expect([...pairs].filter((pair) => !isTrue(pair))).toEqual([]);
});

test("an oops cuts the stack off; those who come after it have true callers", async () => {
  const pairs = await callsIn(async (sys) => {
    await startTracing(sys);
    const child = await sys.fork((own) => own.raw(4, 0xfffffff0, 0xfffffff0)); // stat(bad address)
    expect((await sys.wait4(child, 0))?.status).toBe(9);
    await readAll(sys, "/proc/meminfo");
  });
  expect(pairs).toContain("meminfo_proc_show <-show_record");
  expect([...pairs].filter((pair) => !isTrue(pair))).toEqual([]);
});
