/** Somebody leans on the keyboard: afterwards the shell still answers. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { typing } from "./fuzzCases.ts";
import { RUNS, SEED } from "./fuzzMachine.ts";
import { openScreen, type Screen } from "./screen.ts";

/** Ends what runs in the foreground, a line that is edited, and a search. */
const WAY_OUT = ["\x1c", "\x07\x03", "\x1b[201~\x03", "\x03", "q\x03", "\x03"];

/** Each takes a while: the screen is drawn and time passes. */
const COUNT = Math.ceil(RUNS / 5);

async function answers(screen: Screen, n: number): Promise<boolean> {
  for (let tries = 0; tries < 3; tries++) {
    for (const keys of WAY_OUT) await screen.type(keys);
    await screen.type(`echo alive$((${n}+1))\r`);
    await screen.pass(1);
    if (screen.text().includes(`alive${n + 1}`)) return true;
  }
  return false;
}

test(`${COUNT} times somebody leans on the keyboard`, async () => {
  const samples = fc.sample(typing, { numRuns: COUNT, seed: SEED });
  const screen = await openScreen();
  for (const [i, bytes] of samples.entries()) {
    await screen.typeBytes(bytes);
    const ok = await answers(screen, 1000 + i);
    expect({
      case: i,
      typed: Buffer.from(bytes).toString("latin1"),
      ok,
      screen: ok ? "" : screen.text(),
    }).toEqual({
      case: i,
      typed: Buffer.from(bytes).toString("latin1"),
      ok: true,
      screen: "",
    });
  }
  expect(screen.crashes).toEqual([]);
  screen.dispose();
}, 3_600_000);
