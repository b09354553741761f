/**
 * Random sequences of everything an administrator can do, while tasks work in
 * the functions that change: against the model, with every stack looked at.
 * `npm run fuzz` runs 10,000; here a few hundred, always the same ones.
 */

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Shot } from "./aim.ts";
import { TO_REACH } from "./coverage.ts";
import { runSequence } from "./drive.ts";
import { CAN_REPLACE, type Op, type PatchName } from "./model.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 200);
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);

/** Mostly those that tasks are in. */
const patch = fc.constantFrom<PatchName>(
  "sample",
  "lp",
  "meminfo",
  ...(["slow", "slow", "slow", "walk", "walk", "walk2", "demo"] as const),
);

const load: fc.Arbitrary<Op> = fc
  .record({ kind: fc.constant("load" as const), patch, replace: fc.boolean() })
  .map((op) => ({ ...op, replace: op.replace && CAN_REPLACE.includes(op.patch) }));

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: load },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      patch,
      file: fc.constantFrom("enabled" as const, "enabled" as const, "enabled" as const, "force" as const),
      value: fc.constantFrom("0" as const, "0" as const, "1" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), patch }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("target" as const), loaded: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("guest" as const), loaded: fc.boolean() }) },
  { weight: 3, arbitrary: fc.constant<Op>({ kind: "sleeper" }) },
  { weight: 1, arbitrary: fc.constant<Op>({ kind: "wake" }) },
  { weight: 1, arbitrary: fc.constant<Op>({ kind: "wait" }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("signal" as const),
      worker: fc.nat(2),
      signal: fc.constantFrom("USR1" as const, "STOP" as const, "CONT" as const, "KILL" as const),
    }),
  },
);

it(
  `the kernel agrees with the model in ${RUNS} sequences`,
  async () => {
    const reached = new Map<string, number>();
    const count = (what: string) => reached.set(what, (reached.get(what) ?? 0) + 1);
    const shot: fc.Arbitrary<Shot> = fc.record({ op, aim: fc.nat(5) });
    const sequence = fc.array(shot, { minLength: 6, maxLength: 24 });
    const target: Op = { kind: "target", loaded: true };
    const stall = (replace: boolean): Op[] => [
      { kind: "load", patch: "demo", replace: false },
      { kind: "sleeper" },
      { kind: "load", patch: "slow", replace },
    ];
    // Many begin where most happens: while a transition waits.
    const begin = fc.constantFrom<Op[]>([target], [target, ...stall(false)], [target, ...stall(true)]);
    await fc.assert(
      fc.asyncProperty(begin, sequence, (ops, shots) =>
        runSequence([...ops.map((op) => ({ op, aim: 0 })), ...shots], count),
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: process.env.SHRINK === undefined },
    );
    const table = [...reached].sort().map(([what, n]) => `${n} ${what}`);
    if (process.env.FUZZ_RUNS) console.log(table.join("\n"));
    // Fewer runs than the usual ones are for looking at one of them.
    if (RUNS >= 200) expect(TO_REACH.filter((what) => !reached.has(what))).toEqual([]);
  },
  60_000 + RUNS * 1000,
);
