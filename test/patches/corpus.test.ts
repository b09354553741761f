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

/** What must be the same after a refusal: the files that the patch touches, what is loaded, what lies about. */
async function stateOf(guest: Guest, patch: string): Promise<unknown[]> {
  const paths = [...patch.matchAll(/^(?:---|\+\+\+) [^/\s]+\/([^\t\n]+)/gm)].map((match) => match[1]);
  const sources: (string | null)[] = [];
  for (const path of new Set(paths)) sources.push(await guest.read(`/usr/src/linux/${path}`));
  const shown = ["kpatch list", "lsmod", "ls", "ls /sys/kernel/livepatch", "ls /usr/src/linux"];
  const said: string[] = [];
  for (const command of shown) said.push((await guest.run(command)).text);
  return [sources, said];
}

/** NAME-LOADED.test fails before the load, succeeds after it, and fails again without the patch. */
async function loadAndUnload(guest: Guest, name: string) {
  const check = async () => (await guest.run(`bash ${name}-LOADED.test`)).status === 0;
  const hasCheck = (await guest.read(`${name}-LOADED.test`)) !== null;
  if (hasCheck) expect(await check(), "before the load").toBe(false);
  expect(await guest.run(`kpatch load livepatch-${name}.ko`)).toMatchObject({ status: 0 });
  if (hasCheck) expect(await check(), "loaded").toBe(true);
  expect(await guest.run(`kpatch unload livepatch-${name}.ko`)).toMatchObject({ status: 0 });
  if (hasCheck) expect(await check(), "unloaded").toBe(false);
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
  const file = join(here, name, `${name}.patch`);
  const expected = join(here, name, `${name}.expected`);
  const patch = readFileSync(file, "utf8");
  await inMachine(async (guest) => {
    const before = await stateOf(guest, patch);
    const { status, text } = await guest.run(`kpatch-build -s /usr/src/linux ${name}.patch`);
    if (process.env.UPDATE) writeFileSync(expected, text);
    expect(text).toBe(readFileSync(expected, "utf8"));
    expect(status).toBe(name.endsWith("-FAIL") ? 1 : 0);
    if (status !== 0) return expect(await stateOf(guest, patch)).toEqual(before);
    await loadAndUnload(guest, name);
  }, filesOf(name));
});
