/** The samples do what their head comments show. */

import { expect, it } from "vitest";
import { type Guest, inGuest } from "./guest.ts";

const loglevel = async (guest: Guest) => (await guest.read("/proc/sys/kernel/printk")).split("\t")[0];

it("livepatch-state changes a setting, and undoes it", async () => {
  const seen = await inGuest(async (guest) => {
    await guest.write("/proc/sys/kernel/printk", "5\n");
    const levels = [await loglevel(guest)];
    await guest.insmod("test_modules/livepatch_state.ko", "version=2");
    levels.push(await loglevel(guest));
    await guest.write("/sys/kernel/livepatch/livepatch_state/enabled", "0");
    levels.push(await loglevel(guest));
    return levels;
  });
  expect(seen).toEqual(["5", "8", "5"]);
});

it("livepatch-callbacks says what runs when, in the order of its head comment", async () => {
  const log = await inGuest(async (guest) => {
    await guest.insmod("test_modules/livepatch_callbacks.ko");
    guest.drain();
    return guest.log.slice(-4);
  });
  expect(log).toEqual([
    "livepatch_callbacks: pre_patch: all tasks still run the old code",
    "livepatch: 'livepatch_callbacks': starting patching transition",
    "livepatch_callbacks: post_patch: all tasks run the new code",
    "livepatch: 'livepatch_callbacks': patching complete",
  ]);
});
