/**
 * The behaviours a learner most wants to see (contract, section 9): each a
 * script for the guest's shell, with all it prints. `UPDATE=1` writes the
 * outputs anew; `npx patchbay run test/behaviours/NAME.sh` shows one.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { batchInit } from "../../src/cli/batch.ts";
import { checkoutArchive, openCheckout } from "../../src/cli/checkout.ts";
import { addScript } from "../../src/cli/hostFolder.ts";
import { Machine } from "../../src/machine/machine.ts";
import { programs } from "../../src/user/programs.ts";
import { vmlinux } from "../boot.ts";

const HERE = new URL(".", import.meta.url).pathname;
const checkout = openCheckout(new URL("../..", import.meta.url).pathname);

/** Everything a script prints, and its exit status when that is not 0. */
function play(path: string): Promise<string> {
  const archive = checkoutArchive(checkout);
  const script = addScript(archive, path);
  const [, cmdline = ""] = /^# boot: (.*)$/m.exec(readFileSync(path, "utf8")) ?? [];
  const decoder = new TextDecoder();
  return new Promise((resolve, reject) => {
    let text = "";
    const init = batchInit({
      argv: ["bash", script],
      streams: {
        write: (_fd, data) => void (text += decoder.decode(data, { stream: true })),
        inputEnded: true,
      },
      finished: (status) => resolve(status === 0 ? text : `${text}exit status ${status}\n`),
    });
    const machine = new Machine({
      vmlinux: vmlinux(),
      cmdline: `quiet ${cmdline}`,
      epochNs: Date.UTC(2026, 10, 21, 12) * 1e6,
      readBlob: archive.readBlob,
      programs: new Map([...programs, ["init", init]]),
      doJob: () => Promise.reject(new Error("no jobs in a behaviour")),
      onOutput: () => {},
      clock: { kind: "virtual" },
    });
    machine.onQuiet = () => reject(new Error(`every task waits for ever\n${text}`));
    machine.boot();
  });
}

const scripts = readdirSync(HERE).filter((name) => name.endsWith(".sh"));

it.each(scripts)("%s", async (name) => {
  const output = await play(`${HERE}${name}`);
  const expected = `${HERE}${name.replace(/\.sh$/, ".out")}`;
  if (process.env.UPDATE) writeFileSync(expected, output);
  expect(output).toBe(readFileSync(expected, "utf8"));
});

it("there is one for each of the 25", () => {
  const numbers = new Set(scripts.map((name) => Number(/^\d+/.exec(name)![0])));
  const all = Array.from({ length: 25 }, (_, i) => i + 1);
  expect(all.filter((n) => !numbers.has(n))).toEqual([]);
});
