/** What one attempt of a transition does, counted: it looks at each task's stack once. */

import { expect, it } from "vitest";
import { type Guest, inGuest } from "./guest.ts";

const TRACING = "/sys/kernel/tracing";
const COUNTED = ["klp_try_switch_task", "klp_check_stack", "copy_records", "check_object", "affected_body"];

/** Hits of each probe, from kprobe_profile. */
async function hits(guest: Guest): Promise<number[]> {
  const lines = (await guest.read(`${TRACING}/kprobe_profile`)).trim().split("\n");
  const byName = new Map(lines.map((line) => line.trim().split(/\s+/)).map(([name, n]) => [name, Number(n)]));
  return COUNTED.map((name) => byName.get(`p_${name}_0`) ?? NaN);
}

/** Calls in one attempt while n tasks sleep in the patched function. */
async function oneAttempt(n: number): Promise<number[]> {
  return inGuest(async (guest) => {
    const { sys } = guest;
    await sys.mount("tracefs", TRACING, "tracefs", 0, "").catch(() => {});
    await guest.insmod("test_modules/slow_target.ko", "ms=900000");
    for (let i = 0; i < n; i++) {
      await sys.fork(async (own) => (await own.read(await own.open("/proc/slow_unint", 0), 9)).length);
    }
    await sys.nanosleep(1e9);
    for (const name of COUNTED) await guest.write(`${TRACING}/kprobe_events`, `p:p_${name}_0 ${name}`);
    await guest.write(`${TRACING}/events/kprobes/enable`, "1");
    await guest.insmod("test_modules/slow_patch.ko", "which=4");
    await sys.nanosleep(3e9);
    const before = await hits(guest);
    // Attempts come once a second, on the second.
    await sys.nanosleep(2e9);
    const after = await hits(guest);
    return after.map((count, i) => (count - before[i]!) / 2);
  });
}

it("each task is looked at once, whatever their number", async () => {
  const few = await oneAttempt(10);
  const many = await oneAttempt(110);
  // klp_try_switch_task is asked about everybody, the rest about those who have not switched.
  expect(many.map((count, i) => count - few[i]!)).toEqual([100, 100, 100, 100, 100]);
  expect(few.slice(1)).toEqual([10, 10, 10, 10]);
});
