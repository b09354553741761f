import type { Engine } from "./engines.ts";
import type { Series } from "./inside/interleave.ts";

/** One number to look at, and what it should be at most. */
export interface Figure {
  label: string;
  value: number;
  unit: string;
  /** Wanted: at most this; or at least, for a rate. */
  goal?: number;
  atLeast?: boolean;
}

export interface Measured {
  unit: string;
  series: Series;
  figures: Figure[];
}

/** One row of the benchmark: a thing that is measured, in one engine or two. */
export interface Row {
  name: string;
  title: string;
  engines: Engine["name"][];
  run(engine: Engine, root: string): Promise<Measured>;
}

/** A ratio of medians or pairs as a figure. */
export function ratio(label: string, value: number, goal?: number): Figure {
  return { label, value, unit: "x", goal };
}
