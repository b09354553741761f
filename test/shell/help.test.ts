// help.test.ts - every program of the machine says how it is used.
import { beforeAll, expect, test } from "vitest";
import { mountAll } from "../../src/user/init.ts";
import { BRIEFS } from "../../src/user/bin/man/briefs.ts";
import { PAGES } from "../../src/user/bin/man/pages/index.ts";
import { programs } from "../../src/user/programs.ts";
import { asInit } from "../boot.ts";
import { files, type Result, runIn } from "./guest.ts";

// In a test the first program is the test's own.
const names = [...programs.keys()].filter((name) => name !== "init").sort();
let results: Map<string, Result>;

beforeAll(async () => {
  results = await asInit(
    async (sys) => {
      await mountAll(sys);
      const out = new Map<string, Result>();
      for (const [i, name] of names.entries())
        out.set(name, await runIn(sys, [name, "--help"], `/tmp/h${i}`));
      return out;
    },
    { files: files({}), programs },
  );
});

test.each(names)("%s --help", (name) => {
  const { stdout, stderr, status } = results.get(name)!;
  // kpatch's scripts and klp-build print theirs as errors are printed.
  const [said, other] = /^(kpatch|klp)/.test(name) ? [stderr, stdout] : [stdout, stderr];
  // systemd's tools begin with their name.
  expect(said).toMatch(new RegExp(`usage[:\\n]|^${name.replace("[", "\\[")} \\[OPTIONS`, "i"));
  expect(other).toBe("");
  // GNU's false fails whatever it is asked, and kpatch takes this for a mistake.
  expect(status).toBe(name === "false" || name === "kpatch" ? 1 : 0);
});

test("the manual has a line about every program", () => {
  const known = new Set([...PAGES.map((page) => page.name), ...Object.keys(BRIEFS)]);
  expect([...programs.keys()].filter((name) => !known.has(name))).toEqual([]);
});
