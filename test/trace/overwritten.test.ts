/**
 * A reader whose own work is traced into a small buffer: records are written
 * over while they are printed, and every row is whole all the same.
 */

import { expect, test } from "vitest";
import { readAll, withTracefs, type Tracefs } from "./tracefs.ts";

const STAMP = /^ +init-1 {7}\[000\] \.{5} +\d+\.\d{6}: /;
const CALL = /^\w+ <-(\w+|0x0)$/;
const PROBE = /^mine: \(seq_put\w+\+0x0\/0x[0-9a-f]+\) n=0x[0-9a-f]+ c="init"$/;
const ENTRY = /^ 0\) {15}\| {2}(?: {2})*\w+\(\) \{$/;
const LEAF = /^ 0\) [ +!#*@$] +[\d.]+ us +\| {2}(?: {2})*\w+\(\);$/;
const RETURN = /^ 0\) [ +!#*@$] +[\d.]+ us +\| {2}(?: {2})*\}( \/\* \w+ \*\/)?$/;
const COMMENT = /^ 0\) {15}\| {2}(?: {2})*\/\* (.*) \*\/$/;

/** Traces everything, its own printing most of all, and reads `trace` while it goes on. */
async function readWhileTracing(t: Tracefs, tracer: string): Promise<string[]> {
  await t.echo("buffer_size_kb", "64");
  await t.echo("kprobe_events", "p:mine seq_printf n=$arg1 c=$comm");
  await t.append("kprobe_events", "p:mine seq_puts n=$arg1 c=$comm");
  await t.append("kprobe_events", "p:mine seq_putc n=$arg1 c=$comm");
  await t.echo("events/kprobes/enable", "1");
  await t.echo("current_tracer", tracer);
  for (let i = 0; i < 40; i++) await readAll(t.sys, "/proc/meminfo");
  return (await t.lines("trace")).filter((line) => !line.startsWith("#"));
}

test("function and probe events", async () => {
  await withTracefs(async (t) => {
    const rows = await readWhileTracing(t, "function");
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row).toMatch(STAMP);
    const events = rows.map((row) => row.replace(STAMP, ""));
    expect(events.filter((event) => !CALL.test(event) && !PROBE.test(event))).toEqual([]);
    expect(await t.read("per_cpu/cpu0/stats")).toMatch(/^overrun: [1-9]/m);
  });
});

test("function_graph", async () => {
  await withTracefs(async (t) => {
    const rows = await readWhileTracing(t, "function_graph");
    expect(rows.length).toBeGreaterThan(10);
    const whole = (row: string) =>
      [ENTRY, LEAF, RETURN].some((form) => form.test(row)) || PROBE.test(COMMENT.exec(row)?.[1] ?? "");
    expect(rows.filter((row) => !whole(row))).toEqual([]);
  });
});
