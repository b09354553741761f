/**
 * What an administrator types around livepatches, in odd orders; each answer
 * is asserted. `UPDATE=1` writes the answers anew: read them before they go in.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { outputs, parseSession } from "./session.ts";

const DIR = "/usr/lib/selftests/livepatch/test_modules";
const FILE = new URL("commands.txt", import.meta.url);

/** Sessions, each under a line `== what it shows`. */
const sessions = readFileSync(FILE, "utf8")
  .split(/^== /m)
  .slice(1)
  .map((session) => {
    const [title, ...lines] = session.trimEnd().split("\n");
    return [title!, parseSession(lines)] as const;
  });

const seen = new Map<string, string>();

it("there are sessions", () => expect(sessions.length).toBeGreaterThan(8));

it.each(sessions)("%s", async (title, steps) => {
  const said = await outputs(steps, DIR);
  const shown = steps.map(({ command }, i) => `# ${command}\n${said[i]}`);
  seen.set(title, `== ${title}\n${shown.join("")}`);
  if (process.env.UPDATE) return;
  expect(shown).toEqual(steps.map(({ command, output }) => `# ${command}\n${output}`));
});

afterAll(() => {
  if (process.env.UPDATE) writeFileSync(FILE, [...seen.values()].join(""));
});
