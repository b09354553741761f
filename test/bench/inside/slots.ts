import { interleave, now, type Contender, type Series } from "./interleave.ts";
import { bareKernel, entry, type LoadFile } from "./kernels.ts";

/** Each round takes about so many ms: seldom long enough to be interrupted. */
const ROUND_MS = 2;
const COMPILES = 5;

export interface SlotsInput {
  /** Kernel images by variant. */
  variants: Record<string, string>;
  /** Entry point of the workload, and whether its argument is a size, not a count. */
  entry: string;
  fixed?: number;
  rounds: number;
}

/**
 * Milliseconds per round of one workload in each variant of the kernel. Where
 * an engine puts code moves such figures by a tenth, so each variant is
 * compiled anew several times.
 */
export async function slots(input: SlotsInput, load: LoadFile): Promise<Series> {
  const all: Series = {};
  let n = input.fixed;
  for (let compile = 0; compile < COMPILES; compile++) {
    const runs: { name: string; call: (n: number) => number }[] = [];
    for (const [name, file] of Object.entries(input.variants)) {
      runs.push({ name, call: entry(await bareKernel(load, file, compile), input.entry) });
    }
    const count = (n ??= calibrate(runs[0]!.call));
    checkEqual(runs.map((r) => r.call(count)));
    const contenders: Contender[] = runs.map((r) => ({ name: r.name, run: () => r.call(count) }));
    const series = interleave(contenders, input.rounds / COMPILES, 100);
    for (const [name, ms] of Object.entries(series)) (all[name] ??= []).push(...ms);
  }
  return all;
}

/** A count that takes about ROUND_MS once the engine has optimised the code. */
function calibrate(call: (n: number) => number): number {
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

/** Variants that compute different things cannot be compared. */
function checkEqual(values: number[]): void {
  if (new Set(values).size !== 1) throw new Error(`variants disagree: ${values.join(" ")}`);
}
