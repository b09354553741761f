/**
 * Rubbish as scripts, as input and as file names, and tasks that are killed
 * whenever: no hang, no exception out of a program or the machine, and in the
 * end the kernel holds what it held. `npm run fuzz` runs many, here a few
 * hundred, always the same ones.
 */

import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesText, killing, nameBytes, script } from "./fuzzCases.ts";
import { type FuzzMachine, ignore, inFuzzMachine, programNames, RUNS, SEED } from "./fuzzMachine.ts";

/** A case may take so long in virtual time; then it is ended. */
const LIMIT_MS = 40;

/** Runs each sample on one machine; afterwards it holds what it held after the first. */
async function each<T>(cases: fc.Arbitrary<T>, runs: number, run: (m: FuzzMachine, x: T) => Promise<void>) {
  const samples = fc.sample(cases, { numRuns: runs, seed: SEED });
  await inFuzzMachine(async (m) => {
    // Tables that grow on first use are there afterwards.
    await m.wait(await m.start(["bash", "-c", "cat /proc/meminfo | cat >/tmp/w/f; ls -l"]), 1000);
    await m.clear();
    const before = await m.holdings();
    for (const [i, sample] of samples.entries()) {
      try {
        await run(m, sample);
        await m.clear();
        expect(await m.holdings()).toEqual(before);
      } catch (error) {
        const shown = sample instanceof Uint8Array ? bytesText(sample) : JSON.stringify(sample);
        throw new Error(`case ${i}: ${shown}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}

test(`${RUNS} scripts that make no sense`, async () => {
  await each(script, RUNS, async (m, text) => {
    await m.wait(await m.start(["bash", "-c", text]), LIMIT_MS);
  });
}, 3_600_000);

test(`${RUNS} files of random bytes, run and read`, async () => {
  await each(fc.uint8Array({ maxLength: 200 }), RUNS, async (m, data) => {
    await m.writeFile("/tmp/script", data);
    await m.wait(await m.start(["bash", "/tmp/script"]), LIMIT_MS);
    await m.clear();
    await m.writeFile("/tmp/script", data);
    await m.wait(await m.start(["bash"], "/tmp/script"), LIMIT_MS);
  });
}, 3_600_000);

test(`${RUNS} odd names`, async () => {
  await each(fc.tuple(nameBytes, nameBytes), RUNS, async ({ sys }, [a, b]) => {
    await ignore(sys.open(a, 0o101, 0o644).then((fd) => sys.close(fd)));
    await ignore(sys.symlink(a, b));
    await ignore(sys.rename(a, b));
    await ignore(sys.mkdir(a, 0o755));
    await ignore(sys.link(b, `${a}x`));
    await ignore(sys.readlink(b));
    await ignore(sys.rmdir(a));
    await ignore(sys.unlink(b));
    await ignore(sys.execve(b, [a, b], new Map([[a, b]])));
  });
}, 3_600_000);

test(`${RUNS} odd names given to programs`, async () => {
  const programs = fc.constantFrom(...programNames);
  const option = fc.tuple(fc.constantFrom("-", "--"), fc.string({ maxLength: 3 })).map(([d, s]) => d + s);
  // Not the root: what `gzip -r /` does to it is right, and the end of the test.
  const inside = nameBytes.filter((name) => !/^\/+$/.test(name));
  const words = fc.array(
    fc.oneof(inside, option, fc.constantFrom("-r", "-n", "-1", "0", "f", "-f", "/tmp/w")),
    { maxLength: 4 },
  );
  await each(fc.tuple(programs, words), RUNS, async (m, [name, args]) => {
    await m.wait(await m.start([name, ...args], "/proc/version"), LIMIT_MS);
  });
}, 3_600_000);

test(`${RUNS} times tasks are killed in the middle`, async () => {
  await each(killing, RUNS, async (m, { text, kills }) => {
    await m.start(["bash", "-c", text]);
    for (const { afterUs, which, signal } of kills) {
      await m.sys.nanosleep(afterUs * 1000);
      const others = (await m.tasks()).map(Number).filter((pid) => pid > 1);
      if (others.length > 0) await ignore(m.sys.kill(others[which % others.length]!, signal));
    }
    await m.sys.nanosleep(2e6);
  });
}, 3_600_000);
