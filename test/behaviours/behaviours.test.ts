/**
 * The behaviours a learner most wants to see (contract, section 9): each a
 * script for the guest's shell, with all it prints. `UPDATE=1` writes the
 * outputs anew; `npx patchbay run test/behaviours/NAME.sh` shows one.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkoutArchive } from "../../src/cli/checkout.ts";
import { addScript } from "../../src/cli/hostFolder.ts";
import { checkout, play } from "../play.ts";

const HERE = new URL(".", import.meta.url).pathname;

/** Everything a script prints, and its exit status when that is not 0. */
async function outputOf(path: string): Promise<string> {
  const [, cmdline = ""] = /^# boot: (.*)$/m.exec(readFileSync(path, "utf8")) ?? [];
  const archive = checkoutArchive(checkout);
  const { text, status } = await play({ argv: ["bash", addScript(archive, path)], cmdline, archive });
  return status === 0 ? text : `${text}exit status ${status}\n`;
}

const scripts = readdirSync(HERE).filter((name) => name.endsWith(".sh"));

it.each(scripts)("%s", async (name) => {
  const output = await outputOf(`${HERE}${name}`);
  const expected = `${HERE}${name.replace(/\.sh$/, ".out")}`;
  if (process.env.UPDATE) writeFileSync(expected, output);
  expect(output).toBe(readFileSync(expected, "utf8"));
});

it("there is one for each of the 25", () => {
  const numbers = new Set(scripts.map((name) => Number(/^\d+/.exec(name)![0])));
  const all = Array.from({ length: 25 }, (_, i) => i + 1);
  expect(all.filter((n) => !numbers.has(n))).toEqual([]);
});
