/** Transitions that do not complete at once: who blocks them, and the ways out. */

import { expect, it } from "vitest";
import { type Guest, inGuest } from "./guest.ts";

const PATCH = "/sys/kernel/livepatch/slow_patch";

async function read(guest: Guest, path: string, got: string[]): Promise<number> {
  return guest.sys.fork(async (own) => {
    const fd = await own.open(path, 0);
    got.push(new TextDecoder().decode(await own.read(fd, 4096)));
    return 0;
  });
}

/** The seconds at which a line was logged, from the console. */
function livepatchLines(guest: Guest): string[] {
  guest.drain();
  return guest.log.filter((line) => line.startsWith("livepatch:"));
}

it("the sleeper keeps the old text, another task gets the new one meanwhile", async () => {
  await inGuest(async (guest) => {
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=30000");
    const sleeper = await read(guest, "/proc/slow_unint", got);
    await guest.sys.nanosleep(1e9);
    await guest.insmod("test_modules/slow_patch.ko", "which=5");
    expect(await guest.read(`${PATCH}/transition`)).toBe("1\n");
    expect(await guest.read(`/proc/${sleeper}/patch_state`)).toBe("0\n");
    expect(await guest.read("/proc/self/patch_state")).toBe("1\n");
    const stack = await guest.read(`/proc/${sleeper}/stack`);
    expect(stack).toMatch(
      /^\[<0>\] .*msleep\+0x[0-9a-f]+\/0x[0-9a-f]+\n\[<0>\] slow_unint_show\+0x[0-9a-f]+\/0x[0-9a-f]+ \[slow_target\]$/m,
    );
    expect(await guest.read("/proc/slow_plain")).toBe("plain: new\n");
    await guest.sys.nanosleep(32e9);
    expect(got).toEqual(["unint: old\n"]);
    expect(await guest.read(`${PATCH}/transition`)).toBe("0\n");
    expect(await guest.read(`/proc/self/patch_state`)).toBe("-1\n");
    expect(await guest.read("/proc/slow_unint")).toBe("unint: new\n");
  });
});

it("after 15 attempts an interruptible sleeper is signalled and restarts in new code", async () => {
  await inGuest(async (guest) => {
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=600000");
    const pid = await read(guest, "/proc/slow_intr", got);
    await guest.sys.nanosleep(1e9);
    await guest.insmod("test_modules/slow_patch.ko", "which=2");
    const started = await guest.sys.clockGettime(1);
    await guest.until(async () => (await guest.read(`${PATCH}/transition`)) === "0\n");
    const took = ((await guest.sys.clockGettime(1)) - started) / 1e9;
    expect(took).toBeGreaterThan(14);
    expect(took).toBeLessThan(18);
    await guest.sys.wait4(pid, 0);
    expect(got).toEqual(["intr: new\n"]);
    expect(livepatchLines(guest)).toEqual([
      "livepatch: enabling patch 'slow_patch'",
      "livepatch: 'slow_patch': starting patching transition",
      "livepatch: signaling remaining tasks",
      "livepatch: 'slow_patch': patching complete",
    ]);
  });
});

it("an uninterruptible sleeper is not helped by the signals, and the notice comes once", async () => {
  await inGuest(async (guest) => {
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=100000");
    await read(guest, "/proc/slow_unint", got);
    await guest.sys.nanosleep(1e9);
    await guest.insmod("test_modules/slow_patch.ko", "which=4");
    await guest.sys.nanosleep(70e9);
    expect(await guest.read(`${PATCH}/transition`)).toBe("1\n");
    expect(livepatchLines(guest).filter((l) => l.includes("signaling"))).toHaveLength(1);
    await guest.sys.nanosleep(35e9);
    expect(await guest.read(`${PATCH}/transition`)).toBe("0\n");
    expect(got).toEqual(["unint: old\n"]);
  });
});

it("a reversal ends the stall within about a second, in both directions", async () => {
  await inGuest(async (guest) => {
    await guest.write("/sys/kernel/debug/dynamic_debug/control", "file kernel/livepatch/* +p");
    await guest.write("/sys/kernel/debug/dynamic_debug/control", "func klp_try_switch_task -p");
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=600000");
    await read(guest, "/proc/slow_unint", got);
    await guest.sys.nanosleep(1e9);
    await guest.insmod("test_modules/slow_patch.ko", "which=5");
    await guest.write(`${PATCH}/enabled`, "0");
    await guest.write(`${PATCH}/enabled`, "1");
    expect(await guest.read("/proc/slow_plain")).toBe("plain: new\n");
    await guest.write(`${PATCH}/enabled`, "0");
    await guest.sys.nanosleep(1.8e9);
    expect(await guest.exists(PATCH)).toBe(false);
    expect(await guest.read("/proc/slow_plain")).toBe("plain: old\n");
    expect(livepatchLines(guest).slice(-8)).toEqual([
      "livepatch: 'slow_patch': reversing transition from patching to unpatching",
      "livepatch: 'slow_patch': starting unpatching transition",
      "livepatch: 'slow_patch': reversing transition from unpatching to patching",
      "livepatch: 'slow_patch': starting patching transition",
      "livepatch: 'slow_patch': reversing transition from patching to unpatching",
      "livepatch: 'slow_patch': starting unpatching transition",
      "livepatch: 'slow_patch': completing unpatching transition",
      "livepatch: 'slow_patch': unpatching complete",
    ]);
  });
});

it("forcing the enable of a replace patch pins the replaced module, not the new one", async () => {
  await inGuest(async (guest) => {
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=600000");
    await guest.insmod("test_modules/test_klp_livepatch.ko");
    await read(guest, "/proc/slow_unint", got);
    await guest.sys.nanosleep(1e9);
    await guest.insmod("test_modules/slow_patch.ko", "which=4 replace=1");
    const old = "/sys/kernel/livepatch/test_klp_livepatch";
    expect(await guest.read(`${old}/enabled`)).toBe("1\n");
    expect(await guest.list(`${PATCH}/vmlinux`)).toEqual(["cmdline_proc_show,1", "patched"]);
    await guest.write(`${PATCH}/force`, "y");
    expect(await guest.read(`${PATCH}/transition`)).toBe("1\n");
    await guest.sys.nanosleep(2e9);
    expect(await guest.read(`${PATCH}/transition`)).toBe("0\n");
    expect(await guest.exists(old)).toBe(false);
    expect(await guest.exists(`${PATCH}/vmlinux`)).toBe(false);
    expect(await guest.read("/sys/module/test_klp_livepatch/refcnt")).toBe("1\n");
    expect(await guest.errno(() => guest.sys.delete_module("test_klp_livepatch", 0))).toBe(11);
    await guest.write(`${PATCH}/enabled`, "0");
    await guest.until(async () => !(await guest.exists(PATCH)));
    await guest.rmmod("slow_patch");
    expect(livepatchLines(guest)).toContain("livepatch: forcing remaining tasks to the patched state");
  });
});

it("children inherit the state; zombies and tasks in user mode do not block", async () => {
  await inGuest(async (guest) => {
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=600000");
    await read(guest, "/proc/slow_unint", got);
    const zombie = await guest.sys.fork(async () => 0);
    await guest.sys.nanosleep(1e9);
    await guest.insmod("test_modules/slow_patch.ko", "which=4");
    expect(await guest.read(`/proc/${zombie}/patch_state`)).toBe("1\n");
    const child = await guest.sys.fork(async (own) => {
      await own.nanosleep(1e9);
      return 0;
    });
    expect(await guest.read(`/proc/${child}/patch_state`)).toBe("1\n");
    expect(await guest.read(`${PATCH}/transition`)).toBe("1\n");
  });
});

it.each([
  ["freezably switches itself as it goes to sleep", 1, "0\n"],
  ["otherwise is found inside by every attempt", 0, "1\n"],
])("a kthread that sleeps outside the function for a moment, %s", async (_what, freezable, transition) => {
  const seen = await inGuest(async (guest) => {
    await guest.sys.nanosleep(0.5e9);
    await guest.insmod("test_modules/sleepy_kthread.ko", `freezable=${freezable}`);
    await guest.sys.nanosleep(2.2e9);
    await guest.insmod("test_modules/sleepy_patch.ko");
    await guest.sys.nanosleep(10e9);
    return guest.read("/sys/kernel/livepatch/sleepy_patch/transition");
  });
  expect(seen).toBe(transition);
});
