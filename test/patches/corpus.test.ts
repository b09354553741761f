// corpus.test.ts - every folder of test/patches/: its patch is built against our
// kernel, and what kpatch-build prints is what NAME.expected holds.
//
// Named as kpatch names its own: NAME-FAIL.patch must not build; and a refusal
// leaves no module, no changed source and nothing loaded. UPDATE=1 writes the
// expectations anew: read the difference before you commit it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXPLANATIONS } from "../../src/kbuild/reasons.ts";
import { guide } from "../../src/user/kpatch/authorGuide.ts";
import { inMachine, type Guest } from "../tools/live.ts";

const here = import.meta.dirname;
const names = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, `${entry.name}.patch`)))
  .map((entry) => entry.name);

/** The folder's files, in root's home. */
function filesOf(name: string): Record<string, string> {
  const files = readdirSync(join(here, name));
  return Object.fromEntries(
    files.map((file) => [`root/${file}`, readFileSync(join(here, name, file), "utf8")]),
  );
}

/** What must be the same after a refusal: every file of the tree, what lies about, what is loaded. */
async function stateOf(guest: Guest): Promise<string[]> {
  const shown = [
    "find /usr/src/linux -type f -exec cksum {} +",
    "find /root /tmp /var/lib/kpatch /lib/modules -not -path /root/.kpatch*",
    "kpatch list",
    "lsmod",
    "ls /sys/kernel/livepatch",
    "cat /proc/sys/kernel/tainted",
  ];
  const said: string[] = [];
  for (const command of shown) said.push((await guest.run(command)).text);
  expect(said[0]!.split("\n").length).toBeGreaterThan(200);
  return said;
}

/** What kpatch-build refuses, klp-build refuses too: in its own words, and as cleanly. */
async function refusedByKlpBuild(guest: Guest, name: string, before: string[]): Promise<void> {
  await guest.sys.chdir("/usr/src/linux");
  const { status, text } = await guest.run(`klp-build /root/${name}.patch`);
  expect([status, text]).toEqual([1, expect.stringMatching(/^error: /m)]);
  await guest.sys.chdir("/root");
  expect(await stateOf(guest)).toEqual(before);
}

/** Patches whose new code warns: that is what they are for. */
const WARNS = new Set<string>([]);

/** NAME-LOADED.test fails before the load, succeeds after it, and fails again without the patch. */
async function loadAndUnload(guest: Guest, name: string) {
  const check = async () => (await guest.run(`bash ${name}-LOADED.test`)).status === 0;
  const hasCheck = (await guest.read(`${name}-LOADED.test`)) !== null;
  if (hasCheck) expect(await check(), "before the load").toBe(false);
  expect(await guest.run(`kpatch load livepatch-${name}.ko`)).toMatchObject({ status: 0 });
  if (hasCheck) expect(await check(), "loaded").toBe(true);
  expect(await guest.run(`kpatch unload livepatch-${name}.ko`)).toMatchObject({ status: 0 });
  if (hasCheck) expect(await check(), "unloaded").toBe(false);
  // A warning of the kernel itself, or worse. A patch may well be about one.
  const trace = (await guest.run("dmesg")).text;
  if (!WARNS.has(name)) expect(trace).not.toContain("Call Trace");
}

test("the corpus is as large as it says", () => {
  expect(names.length).toBeGreaterThanOrEqual(60);
});

test("every reason for a refusal is met by a patch", () => {
  const said = names.map((name) => readFileSync(join(here, name, `${name}.expected`), "utf8")).join("");
  const sections = Object.values(EXPLANATIONS).map(({ section }) => guide(section));
  // That needs a tree that is not the kernel's: see refusals.test.ts.
  const missing = sections.filter((place) => !said.includes(`see: ${place}\n`));
  expect(missing).toEqual([guide(EXPLANATIONS.tree.section)]);
});

test.each(names)("%s", async (name) => {
  const expected = join(here, name, `${name}.expected`);
  await inMachine(async (guest) => {
    const refused = name.endsWith("-FAIL");
    const before = refused ? await stateOf(guest) : [];
    const { status, text } = await guest.run(`kpatch-build -s /usr/src/linux ${name}.patch`);
    if (process.env.UPDATE) writeFileSync(expected, text);
    expect(text).toBe(readFileSync(expected, "utf8"));
    expect(status).toBe(refused ? 1 : 0);
    if (!refused) return loadAndUnload(guest, name);
    expect(await stateOf(guest)).toEqual(before);
    await refusedByKlpBuild(guest, name, before);
  }, filesOf(name));
});
