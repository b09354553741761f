/** What the files of a patch, and unloading it, refuse. */

import { describe, expect, it } from "vitest";
import { inGuest } from "./guest.ts";
import { stall } from "./stalled.ts";

describe("files and unloading refuse", () => {
  const P = "/sys/kernel/livepatch/livepatch_sample";

  it("values that are no booleans, and those that change nothing", async () => {
    await inGuest(async (guest) => {
      await guest.insmod("test_modules/livepatch_sample.ko");
      const put = (file: string, value: string) => guest.errno(() => guest.write(`${P}/${file}`, value));
      expect(await put("enabled", "42")).toBe(22);
      expect(await put("enabled", "1")).toBe(22);
      expect(await put("enabled", "yes")).toBe(22);
      expect(await put("force", "1")).toBe(22);
      expect(await put("force", "maybe")).toBe(22);
      expect(await put("force", "0")).toBe(0);
      expect(await guest.errno(() => guest.read(`${P}/force`))).toBe(13);
      expect(await put("transition", "1")).toBe(13);
      expect(await put("enabled", "off")).toBe(0);
    });
  });

  it("to disable while another patch is in transition, but not to reverse that one", async () => {
    await inGuest(async (guest) => {
      await guest.insmod("test_modules/livepatch_sample.ko");
      await stall(guest);
      expect(await guest.errno(() => guest.write(`${P}/enabled`, "0"))).toBe(16);
      await guest.write("/sys/kernel/livepatch/slow_patch/enabled", "0");
      await guest.sys.nanosleep(2e9);
      await guest.write(`${P}/enabled`, "0");
    });
  });

  it("to unload what is enabled, in transition, forced, or not there", async () => {
    await inGuest(async (guest) => {
      const remove = (name: string) => guest.errno(() => guest.sys.delete_module(name, 0));
      expect(await remove("livepatch_sample")).toBe(2);
      await guest.insmod("test_modules/livepatch_sample.ko");
      expect(await remove("livepatch_sample")).toBe(11);
      await stall(guest);
      expect(await remove("slow_patch")).toBe(11);
      await guest.write("/sys/kernel/livepatch/slow_patch/enabled", "0");
      await guest.write("/sys/kernel/livepatch/slow_patch/force", "1");
      await guest.sys.nanosleep(2e9);
      expect(await guest.exists("/sys/kernel/livepatch/slow_patch")).toBe(false);
      expect(await remove("slow_patch")).toBe(11);
    });
  });
});
