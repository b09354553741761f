/** The console sessions in the samples' head comments: each is run, line by line. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { outputs, parseSession, type Step } from "./session.ts";

const SAMPLES = new URL("../../kernel-as/samples/livepatch/", import.meta.url).pathname;

/** `//   # command` and what it prints, up to the next command or an empty line. */
function sessionOf(file: string): Step[] {
  const head = readFileSync(`${SAMPLES}${file}`, "utf8").split("\n").slice(0, 40);
  const lines: string[] = [];
  let open = false;
  for (const line of head) {
    const shown = /^\/\/ {3}(\S.*)$/.exec(line)?.[1];
    open = shown !== undefined && (open || shown.startsWith("# "));
    if (open) lines.push(shown!);
  }
  return parseSession(lines);
}

it.each(readdirSync(SAMPLES))("%s", async (file) => {
  const steps = sessionOf(file);
  expect(steps.length).toBeGreaterThan(0);
  const dir = "/usr/lib/modules/$(uname -r)/kernel";
  expect(await outputs(steps, dir)).toEqual(steps.map(({ output }) => output));
});
