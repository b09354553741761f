/**
 * The livepatch selftests while every function is traced into a small buffer.
 * At the end of each, the numbers of the records prove that what the buffer
 * lost is counted, to the last one; and the machine still does its work.
 */

import { afterAll, expect } from "vitest";
import type { Guest } from "../livepatch/guest.ts";
import { aroundEverySelftest } from "../livepatch/selftest.ts";

const TRACING = "/sys/kernel/tracing";

/** What the header of `trace` says: records in the buffer, and ever written. */
function header(trace: string): { kept: number; written: number } {
  const [, kept, written] = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+) /m.exec(trace)!;
  return { kept: Number(kept), written: Number(written) };
}

/** The clock `counter` numbers all records: those in the buffer are the last ones, without a gap. */
function checkNumbers(trace: string): void {
  const { kept, written } = header(trace);
  const numbers = trace
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => Number(/ (\d+): \S/.exec(line)![1]));
  expect(numbers).toHaveLength(kept);
  expect(kept).toBeGreaterThan(100);
  const first = numbers[0];
  expect(numbers).toEqual(Array.from({ length: kept }, (_, i) => first + i));
  expect(written).toBeGreaterThan(kept);
  expect(numbers.at(-1)).toBe(written);
}

async function count(guest: Guest, file: string): Promise<number> {
  return (await guest.read(`${TRACING}/${file}`)).split("\n").length - 1;
}

async function startTracing(guest: Guest, tracer: string): Promise<void> {
  await guest.write(`${TRACING}/buffer_size_kb`, "8\n");
  await guest.write(`${TRACING}/trace_clock`, "counter\n");
  await guest.write(`${TRACING}/current_tracer`, `${tracer}\n`);
  expect(await count(guest, "enabled_functions")).toBe(await count(guest, "available_filter_functions"));
}

async function checkUsable(guest: Guest): Promise<void> {
  const pid = await guest.sys.fork((child) => child.getpid());
  expect((await guest.sys.wait4(pid, 0))?.status).toBe((pid & 0xff) << 8);
  expect(await guest.read("/proc/meminfo")).toContain("MemTotal");
  expect(await guest.list("/sys/kernel/livepatch")).toEqual([]);
}

export function traceEverySelftest(tracer: "function" | "function_graph"): void {
  let traced = 0;
  let tookOver = 0;
  aroundEverySelftest({
    before: (guest) => startTracing(guest, tracer),
    after: async (guest) => {
      await checkUsable(guest);
      // FT2 and FT3 use the tracer themselves, and turn it off.
      if ((await guest.read(`${TRACING}/current_tracer`)) === "nop\n") return void tookOver++;
      await guest.write(`${TRACING}/tracing_on`, "0\n");
      const stats = await guest.read(`${TRACING}/per_cpu/cpu0/stats`);
      expect(stats).toMatch(/^overrun: [1-9]/m);
      expect(stats).toMatch(/^dropped events: 0$/m);
      if (tracer === "function") checkNumbers(await guest.read(`${TRACING}/trace`));
      traced++;
    },
  });
  afterAll(() => expect([traced, tookOver]).toEqual([31, 2]));
}
