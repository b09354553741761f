/** What is loaded and unloaded leaves nothing behind: memory, symbols, sites. */

import { expect, it } from "vitest";
import { type Guest, inGuest } from "./guest.ts";

const PATCHES = ["slow_patch", "livepatch_sample", "test_klp_callbacks_demo", "test_klp_state"];

async function cycle(guest: Guest): Promise<void> {
  await guest.insmod("test_modules/slow_target.ko", "ms=0");
  await guest.insmod("test_modules/slow_patch.ko", "which=15");
  await guest.insmod("test_modules/livepatch_sample.ko");
  await guest.insmod("test_modules/test_klp_callbacks_demo.ko");
  for (const file of ["slow_plain", "slow_unint", "slow_nested", "cmdline"])
    await guest.read(`/proc/${file}`);
  // Replaces the three: two more generations with nops.
  await guest.insmod("test_modules/test_klp_state.ko");
  const refused = guest.insmod("test_modules/bad_patch.ko", "what=12");
  await expect(refused).rejects.toThrow("Operation not permitted");
  await guest.write("/sys/kernel/livepatch/test_klp_state/enabled", "0");
  await guest.sys.nanosleep(1e9);
  for (const name of PATCHES) await guest.rmmod(name);
  await guest.rmmod("slow_target");
}

async function memory(guest: Guest): Promise<string[]> {
  const lines = (await guest.read("/proc/meminfo")).split("\n");
  return lines.filter((line) => /^(MemFree|Slab|VmallocUsed):/.test(line));
}

it("a second round of loading and unloading takes no memory that the first did not", async () => {
  await inGuest(async (guest) => {
    const symbols = await guest.read("/proc/kallsyms");
    const rounds: string[][] = [];
    for (let i = 0; i < 4; i++) {
      await cycle(guest);
      rounds.push(await memory(guest));
    }
    expect(rounds[0].length).toBeGreaterThan(0);
    expect(rounds[2]).toEqual(rounds[1]);
    expect(rounds[3]).toEqual(rounds[1]);
    expect(await guest.read("/proc/kallsyms")).toBe(symbols);
    expect(await guest.read("/proc/modules")).toBe("");
    expect(await guest.list("/sys/kernel/livepatch")).toEqual([]);
    expect(await guest.list("/sys/module")).toEqual([]);
  });
});

it("a module's table entries are used again", async () => {
  await inGuest(async (guest) => {
    const base = async () => (await guest.read("/proc/modules")).split(" ")[5];
    await guest.insmod("test_modules/slow_target.ko");
    const first = await base();
    await guest.rmmod("slow_target");
    await guest.insmod("test_modules/livepatch_sample.ko");
    expect(await base()).toBe(first);
  });
});
