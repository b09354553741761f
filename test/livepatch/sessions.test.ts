/** The console sessions in the samples' head comments: each is run, line by line. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { inMachine } from "../tools/live.ts";

const SAMPLES = new URL("../../kernel-as/samples/livepatch/", import.meta.url).pathname;

interface Step {
  command: string;
  output: string;
}

/** `//   # command` and what it prints, up to the next command or an empty line. */
function sessionOf(file: string): Step[] {
  const steps: Step[] = [];
  let open = false;
  for (const line of readFileSync(`${SAMPLES}${file}`, "utf8").split("\n")) {
    if (!line.startsWith("//")) break;
    const command = /^\/\/ {3}# (.*)$/.exec(line)?.[1];
    const output = /^\/\/ {3}(\S.*)$/.exec(line)?.[1];
    if (command !== undefined) steps.push({ command, output: "" });
    else if (open && output !== undefined) steps.at(-1)!.output += `${output}\n`;
    open = command !== undefined || (open && output !== undefined);
  }
  return steps;
}

const MARK = "=== end of a step";

/** One shell for the whole session; what each command printed, without time stamps. */
async function outputs(steps: Step[]): Promise<string[]> {
  const script = steps.map(({ command }) => `${command}\necho '${MARK}'`).join("\n");
  const text = `cd /usr/lib/modules/$(uname -r)/kernel\nexec 2>&1\n${script}\n`;
  const said = await inMachine((guest) => guest.run("bash /root/session.sh"), { "root/session.sh": text });
  return said.text
    .replace(/^\[ *\d+\.\d+\] /gm, "")
    .split(`${MARK}\n`)
    .slice(0, -1);
}

it.each(readdirSync(SAMPLES))("%s", async (file) => {
  const steps = sessionOf(file);
  expect(steps.length).toBeGreaterThan(0);
  expect(await outputs(steps)).toEqual(steps.map(({ output }) => output));
});
