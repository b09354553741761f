import { now } from "./interleave.ts";

/** Each round takes about so many ms: seldom interrupted, even on a busy machine. */
const ROUND_MS = 0.5;

/** Where an engine puts code moves figures by a tenth: code is compiled anew so often. */
export const COMPILES = 5;

/** A count that takes about ROUND_MS once the engine has optimised the code. */
export function calibrate(call: (n: number) => number): number {
  const deadline = now() + 400;
  let n = 100;
  let best = Infinity;
  while (now() < deadline) {
    const start = now();
    call(n);
    const ms = now() - start;
    if (ms < ROUND_MS / 4) n *= 2;
    else best = Math.min(best, ms / n);
  }
  return Math.ceil(ROUND_MS / best);
}
