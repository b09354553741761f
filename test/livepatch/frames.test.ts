/**
 * A frame resumes in the code that made it, whatever is attached by then:
 * a task sleeps in slow_target's functions, alone, three calls deep and in
 * old and new code at once, while patches come, go and are forced.
 */

import { expect, it } from "vitest";
import type { Guest } from "./guest.ts";
import { inGuest } from "./guest.ts";

const PATCH = "/sys/kernel/livepatch/slow_patch";

/** A child that reads a file and puts what it got into `got`. */
async function reader(guest: Guest, path: string, got: string[]): Promise<number> {
  return guest.sys.fork(async (own) => {
    const fd = await own.open(path, 0);
    got.push(new TextDecoder().decode(await own.read(fd, 4096)));
    return 0;
  });
}

const second = (guest: Guest, n = 1) => guest.sys.nanosleep(n * 1e9);

const OLD_NESTED = "level 0: old 0\nlevel 1: old 10\nlevel 2: old 20\n";
const NEW_NESTED = "level 2: new 200 2 2\n";

async function load(guest: Guest, ms: number, which: string): Promise<void> {
  await guest.insmod("test_modules/slow_target.ko", `ms=${ms}`);
  await guest.insmod("test_modules/slow_patch.ko", which);
}

/** Sleeps in the old code, patches, and forces the transition on it. */
async function forcedPatch(guest: Guest): Promise<string[]> {
  const got: string[] = [];
  await guest.insmod("test_modules/slow_target.ko", "ms=20000");
  await reader(guest, "/proc/slow_nested", got);
  await second(guest);
  await guest.insmod("test_modules/slow_patch.ko", "which=8");
  expect(await guest.read(`${PATCH}/transition`)).toBe("1\n");
  await guest.write(`${PATCH}/force`, "1");
  await second(guest, 2);
  expect(await guest.read(`${PATCH}/transition`)).toBe("0\n");
  await reader(guest, "/proc/slow_nested", got);
  await second(guest, 30);
  return got;
}

it("after a forced transition old frames end in old code, new calls are new", async () => {
  expect(await inGuest(forcedPatch)).toEqual([NEW_NESTED, OLD_NESTED]);
});

it("without the look-up by stack position the same task breaks", async () => {
  const outcome = await inGuest(forcedPatch, { cmdline: "klp.rewind=off" }).catch(String);
  expect(outcome).not.toEqual([NEW_NESTED, OLD_NESTED]);
  if (process.env.SHOW) console.log(outcome);
});

it("a reversed transition: the sleeper never left the old code", async () => {
  const got = await inGuest(async (guest) => {
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=20000");
    await reader(guest, "/proc/slow_nested", got);
    await second(guest);
    await guest.insmod("test_modules/slow_patch.ko", "which=8");
    await guest.write(`${PATCH}/enabled`, "0");
    await guest.until(async () => !(await guest.exists(PATCH)));
    await second(guest, 30);
    return got;
  });
  expect(got).toEqual([OLD_NESTED]);
});

it("a completed transition: the sleeper finishes in old code, then switches", async () => {
  const { states, got } = await inGuest(async (guest) => {
    const got: string[] = [];
    const states: (string | null)[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=5000");
    const pid = await reader(guest, "/proc/slow_nested", got);
    await second(guest);
    await guest.insmod("test_modules/slow_patch.ko", "which=8");
    states.push(await guest.tryRead(`/proc/${pid}/patch_state`));
    states.push(await guest.tryRead(`${PATCH}/transition`));
    await second(guest, 8);
    states.push(await guest.tryRead(`${PATCH}/transition`));
    got.push(await guest.read("/proc/slow_nested"));
    return { states, got };
  });
  expect(states).toEqual(["0", "1", "0"]);
  expect(got).toEqual([OLD_NESTED, NEW_NESTED]);
});

it("a frame of the new code outlives a forced unpatching", async () => {
  const { got, refcnt } = await inGuest(async (guest) => {
    const got: string[] = [];
    await load(guest, 0, "which=12 nap=20000");
    await reader(guest, "/proc/slow_unint", got);
    await reader(guest, "/proc/slow_nested", got);
    await second(guest);
    await guest.write(`${PATCH}/enabled`, "0");
    await second(guest, 2);
    expect(await guest.read(`${PATCH}/transition`)).toBe("1\n");
    await guest.write(`${PATCH}/force`, "1");
    await guest.until(async () => !(await guest.exists(PATCH)));
    got.push(await guest.read("/proc/slow_unint"));
    await second(guest, 30);
    return { got, refcnt: await guest.read("/sys/module/slow_patch/refcnt") };
  });
  expect(got).toEqual(["unint: old\n", "unint: new\n", NEW_NESTED]);
  expect(refcnt).toBe("1\n");
});

it("once the last old frame is gone a patched call costs no trampoline", async () => {
  await inGuest(async (guest) => {
    const got: string[] = [];
    await guest.insmod("test_modules/slow_target.ko", "ms=3000");
    await reader(guest, "/proc/slow_unint", got);
    await second(guest);
    await guest.insmod("test_modules/slow_patch.ko", "which=4");
    const id = await guest.functionId("new_unint_show");
    const bare = () => [...guest.machine().kernel.swapped].filter((entry) => entry === id);
    expect(await guest.read(`${PATCH}/transition`)).toBe("1\n");
    expect(bare()).toEqual([]);
    await second(guest, 6);
    expect(await guest.read(`${PATCH}/transition`)).toBe("0\n");
    expect(bare()).toEqual([id]);
    expect(await guest.read("/proc/slow_unint")).toBe("unint: new\n");
    expect(got).toEqual(["unint: old\n"]);
  });
});
