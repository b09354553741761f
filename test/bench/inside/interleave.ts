/** Runs in Node and in a page: no imports but what both have. */

/** Samples by name of what was measured, all of the same length. */
export type Series = Record<string, number[]>;

export interface Contender {
  name: string;
  run: () => unknown;
}

/** Milliseconds since some moment. */
export function now(): number {
  return performance.now();
}

/** Milliseconds of processor time this process has had; 0 where nobody tells, as in a page. */
export function cpuTime(): number {
  const node = (globalThis as { process?: { cpuUsage?: () => { user: number; system: number } } }).process;
  const used = node?.cpuUsage?.();
  return used ? (used.user + used.system) / 1000 : 0;
}

/**
 * Measures contenders in turn, so that a slow spell of the machine hits all.
 * Each round begins with another one: being first is no advantage.
 */
export function interleave(contenders: Contender[], rounds: number, warmUp = 3): Series {
  const series: Series = Object.fromEntries(contenders.map((c) => [c.name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const c = contenders[(i + round + warmUp) % contenders.length]!;
      const start = now();
      c.run();
      const ms = now() - start;
      if (round >= 0) series[c.name]!.push(ms);
    }
  }
  return series;
}

export interface AsyncContender {
  name: string;
  /** Does `ops` operations. */
  run: () => Promise<unknown>;
  ops: number;
}

/** interleave() for what runs inside a machine; microseconds per operation. */
export async function interleaveAsync(
  contenders: AsyncContender[],
  rounds: number,
  warmUp = 3,
): Promise<Series> {
  const series: Series = Object.fromEntries(contenders.map((c) => [c.name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const c = contenders[(i + round + warmUp) % contenders.length]!;
      const start = now();
      await c.run();
      const us = ((now() - start) * 1000) / c.ops;
      if (round >= 0) series[c.name]!.push(us);
    }
  }
  return series;
}
