// together.test.ts - kpatch's combined run and its multiple.test: every patch that has a
// LOADED test, all in one module, and each as a module of its own beside the others.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inMachine, type Guest } from "../tools/live.ts";

const here = import.meta.dirname;
const inFolder = (name: string, ending: string) => join(here, name, `${name}${ending}`);
const read = (name: string, ending: string) => readFileSync(inFolder(name, ending), "utf8");

/** What only one of several patches can have: a file, and each kind of callback. */
function claims(name: string): string[] {
  const text = read(name, ".patch");
  const files = [...text.matchAll(/^\+\+\+ [^/\s]+\/(\S+)/gm)].map((match) => match[1]!);
  const callbacks = [...text.matchAll(/(?:pre|post)_(?:un)?patch/gi)].map((match) => match[0].toLowerCase());
  return [...files, ...callbacks];
}

/** Patches that go together: of two that do not, the later one is left out, as kpatch's run does. */
function combinable(): string[] {
  const taken = new Set<string>();
  return readdirSync(here).filter((name) => {
    if (!existsSync(inFolder(name, "-LOADED.test"))) return false;
    const wanted = claims(name);
    if (wanted.some((claim) => taken.has(claim))) return false;
    wanted.forEach((claim) => taken.add(claim));
    return true;
  });
}

const names = combinable();
const files = Object.fromEntries(
  names.flatMap((name) =>
    [".patch", "-LOADED.test"].map((ending) => [`root/${name}${ending}`, read(name, ending)]),
  ),
);

async function ok(guest: Guest, command: string): Promise<void> {
  expect([command, await guest.run(command)]).toMatchObject([command, { status: 0 }]);
}

/** The patches whose effect is to be seen. */
async function seen(guest: Guest): Promise<string[]> {
  const effective: string[] = [];
  for (const name of names) {
    if ((await guest.run(`bash ${name}-LOADED.test`)).status === 0) effective.push(name);
  }
  return effective;
}

const healthy = async (guest: Guest) => expect((await guest.run("dmesg")).text).not.toContain("Call Trace");

test("there are several", () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
});

test("all of them as one patch", () =>
  inMachine(async (guest) => {
    expect(await seen(guest)).toEqual([]);
    await ok(
      guest,
      `kpatch-build -s /usr/src/linux -n test-COMBINED ${names.map((n) => `${n}.patch`).join(" ")}`,
    );
    await ok(guest, "kpatch load test-COMBINED.ko");
    expect(await seen(guest)).toEqual(names);
    await ok(guest, "kpatch unload test-COMBINED");
    expect(await seen(guest)).toEqual([]);
    await healthy(guest);
  }, files));

test("all of them at once, each by itself; unloaded in reverse", () =>
  inMachine(async (guest) => {
    for (const name of names) await ok(guest, `kpatch-build -R -s /usr/src/linux ${name}.patch`);
    for (const name of names) await ok(guest, `kpatch load livepatch-${name}.ko`);
    expect(await seen(guest)).toEqual(names);
    for (const name of [...names].reverse()) await ok(guest, `kpatch unload livepatch-${name}`);
    expect(await seen(guest)).toEqual([]);
    expect((await guest.run("kpatch list")).text).toBe("Loaded patch modules:\n\nInstalled patch modules:\n");
    await healthy(guest);
  }, files));
