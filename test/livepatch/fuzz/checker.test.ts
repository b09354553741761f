/** What the fuzz test looks for can be found: each promise is broken once, on purpose. */

import { describe, expect, it } from "vitest";
import { type Guest, inGuest } from "../guest.ts";
import { byLine, Driver } from "./drive.ts";
import { Spec } from "./spec.ts";
import { wrongWalk } from "./workers.ts";

interface Found {
  stacks: string[];
  workers: string[];
  oopses: string[];
  seen: number;
}

/** Workers run while walk_patch is loaded; then `body`, then some seconds. */
async function scene(
  body: (guest: Guest, driver: Driver) => Promise<void>,
  options: { cmdline?: string; forgive?: boolean } = {},
): Promise<Found> {
  let driver: Driver | null = null;
  const run = async (guest: Guest): Promise<Found> => {
    driver = new Driver(guest, { forgive: options.forgive ?? true });
    await driver.begin();
    await guest.sys.nanosleep(0.3e9);
    await body(guest, driver);
    await guest.sys.nanosleep(3e9);
    const { stacks, workers } = driver;
    guest.drain();
    const oopses = guest.log.filter((line) => /^BUG: /.test(line));
    return { stacks: stacks.problems, workers: workers.problems, oopses, seen: stacks.seen };
  };
  const onText = byLine((line) => driver?.stacks.see(line));
  return inGuest(run, { onText, cmdline: options.cmdline ?? "" });
}

const load = async (guest: Guest) => {
  await guest.insmod("test_modules/walk_patch.ko");
  await guest.sys.nanosleep(0.05e9);
};

/** Forced while every worker is in old code. */
const force = async (guest: Guest, driver: Driver) => {
  driver.workers.forces++;
  await guest.insmod("test_modules/walk_patch.ko");
  await guest.write("/sys/kernel/livepatch/walk_patch/force", "1");
};

describe("what must not be is seen", () => {
  it("nothing is wrong while the model is Linux's", async () => {
    const found = await scene(load);
    expect(found.seen).toBeGreaterThan(100);
    expect(found).toEqual({ stacks: [], workers: [], oopses: [], seen: found.seen });
  });

  it("the naive swap: old and new on one stack, and in one text", async () => {
    const found = await scene(load, { cmdline: "klp.model=immediate" });
    expect(found.stacks[0]).toMatch(/^pid \d+ with patch_state -1 is in \w+ of original, not of walk$/);
    expect(found.workers[0]).toMatch(/^versions of one patch are mixed:\n<show 0\n/);
  });

  it("a force leaves old frames behind; the watch knows them when it may", async () => {
    const strict = await scene(force, { forgive: false });
    expect(strict.stacks[0]).toMatch(/^pid \d+ with patch_state (1|-1) is in \w+ of original, not of walk$/);
    const lenient = await scene(force);
    expect(lenient.stacks).toEqual([]);
    expect(lenient.workers).toEqual([]);
  });

  it("frames that resume in what is attached by then: the kernel breaks", async () => {
    const found = await scene(force, { cmdline: "klp.rewind=off" });
    expect(found.oopses.length).toBeGreaterThan(0);
  });

  it("a site that is the new function while an old frame sleeps", async () => {
    const found = await scene(async (guest) => {
      const walk = await guest.functionId("walk_show");
      const other = await guest.functionId("walk_leaf");
      const { table } = guest.machine().kernel;
      // Bodies follow sites: three sites of walk_target's five are walk_leaf's, walk_nap's and walk_show's.
      const site = walk - 6;
      const own: unknown = table.get(site);
      expect(own).toBe(table.get(walk));
      table.set(site, table.get(other));
      await guest.sys.nanosleep(0.01e9);
      table.set(site, table.get(walk));
    });
    expect(found.stacks[0]).toMatch(/^pid \d+: the frame of show of original resumes in foreign code$/);
  });
});

describe("the rule of the contract's 1.2", () => {
  const spec = () => new Spec((module) => ({ name: module as "walk", replace: module === "walk2" }));
  const say = (s: Spec, ...lines: string[]) => lines.forEach((line) => s.see(`livepatch: ${line}`));

  it("follows a patch through its transition, by patch_state", () => {
    const s = spec();
    say(s, "enabling patch 'walk'");
    expect(s.selected("show", -1)).toBe("original");
    say(s, "'walk': starting patching transition");
    expect([s.selected("show", 0), s.selected("show", 1)]).toEqual(["original", "walk"]);
    say(s, "'walk': patching complete");
    expect(s.selected("show", -1)).toBe("walk");
  });

  it("knows the nops of a replace", () => {
    const s = spec();
    say(s, "enabling patch 'walk'", "'walk': starting patching transition", "'walk': patching complete");
    say(s, "enabling patch 'walk2'", "'walk2': starting patching transition");
    expect([s.selected("show", 0), s.selected("show", 1)]).toEqual(["walk", "original"]);
    expect([s.selected("leaf", 0), s.selected("leaf", 1)]).toEqual(["walk", "walk2"]);
    say(s, "'walk2': patching complete");
    expect([s.selected("show", -1), s.selected("leaf", -1)]).toEqual(["original", "walk2"]);
  });
});

it("a text is judged by its marks", () => {
  const round = "<inner 1\n<leaf 1\n>leaf 1\n>inner 1\n";
  expect(wrongWalk(`<show 1\n${round}${round}>show 1\n`, false)).toBeNull();
  expect(wrongWalk(`<show 0\n${round}${round}>show 0\n`, false)).toMatch(/mixed/);
  expect(wrongWalk(`<show 0\n${round}${round}>show 0\n`, true)).toBeNull();
  expect(wrongWalk(`<show 0\n${round}${round}>show 1\n`, true)).toMatch(/foreign/);
});
