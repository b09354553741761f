/** The distribution of one measured thing. */
export interface Distribution {
  min: number;
  p10: number;
  median: number;
  p90: number;
  max: number;
  n: number;
}

export function distribution(samples: number[]): Distribution {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (q: number) => {
    const i = q * (sorted.length - 1);
    const low = sorted[Math.floor(i)]!;
    return low + (sorted[Math.ceil(i)]! - low) * (i % 1);
  };
  return { min: at(0), p10: at(0.1), median: at(0.5), p90: at(0.9), max: at(1), n: sorted.length };
}

/**
 * The ratio of two series measured in turn: the median of the quotients of
 * neighbours. What slowed the machine down slowed both of a pair.
 */
export function pairedRatio(series: number[], base: number[]): number {
  return distribution(series.map((v, i) => v / base[i]!)).median;
}
