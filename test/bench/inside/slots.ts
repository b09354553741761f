import { calibrate, COMPILES } from "./calibrate.ts";
import { interleave, type Contender, type Series } from "./interleave.ts";
import { bareKernel, entry, type LoadFile } from "./kernels.ts";

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

/** Variants that compute different things cannot be compared. */
function checkEqual(values: number[]): void {
  if (new Set(values).size !== 1) throw new Error(`variants disagree: ${values.join(" ")}`);
}
