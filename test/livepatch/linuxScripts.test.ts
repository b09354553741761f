/**
 * Linux's livepatch selftest scripts, unmodified, in our machine with our
 * modules. Where Linux's source is not at hand, selftests.test.ts alone covers
 * the same ground, with transcripts of our own.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { play } from "../play.ts";
import { linuxSelftests } from "./linuxSource.ts";

const MOUNTED = "/root/selftests";

/** Until 7.2 the scripts turned ftrace off and on again, which 7.3 refuses. */
const wantsSwitch = (functions: string) => !functions.includes("ftrace_disable_supported");

function describeSelftests(folder: string): void {
  const scripts = join(folder, "livepatch");
  const text = (name: string) => readFileSync(join(scripts, name), "utf8");
  const names = readdirSync(scripts).filter((name) => /^test-.*\.sh$/.test(name));
  const run = (command: string) =>
    play({
      argv: ["bash", "-c", command],
      cmdline: wantsSwitch(text("functions.sh")) ? "ftrace.switch=1" : "",
      mounts: [{ hostDir: folder, guestDir: MOUNTED }],
    });
  /** What the script prints when every test in it is ok. */
  const allOk = (name: string) =>
    [...text(name).matchAll(/^start_test "(.*)"$/gm)].map(([, title]) => `TEST: ${title} ... ok\n`).join("");

  it.each(names)("%s", async (name) => {
    expect(await run(`cd ${MOUNTED}/livepatch; ./${name}`)).toEqual({ text: allOk(name), status: 0 });
  });

  it("all of them one after the other, by Linux's runner, in TAP", async () => {
    const list = names.map((name) => `livepatch:${name}\\n`).join("");
    const { text, status } = await run(
      `cp -r ${MOUNTED} /tmp/run; cd /tmp/run; printf '${list}' > kselftest-list.txt; sh run_kselftest.sh -c livepatch`,
    );
    const reported = names.map((name, i) => `ok ${i + 1} selftests: livepatch: ${name}`);
    expect(text.split("\n").filter((line) => /^(not )?ok /.test(line))).toEqual(reported);
    expect(text).toMatch(new RegExp(`^TAP version 13\n1\\.\\.${names.length}\n`));
    expect(status).toBe(0);
  });
}

const folders = linuxSelftests();
for (const folder of folders) describe(folder, () => describeSelftests(folder));

if (folders.length === 0) {
  it("Linux's scripts are not at hand: install linux-source-6.12 to run them", () => {
    console.warn("NOT RUN: Linux's own livepatch selftests (no linux-source package, no PATCHBAY_SELFTESTS)");
    expect(folders).toEqual([]);
  });
}
