import type { Engine } from "./engines.ts";
import type { Series } from "./inside/interleave.ts";
import { distribution } from "./stats.ts";

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

/** The time of a series with its goal, and the processor time where that is known. */
export function timeFigures(label: string, series: Series, name: string, goal: number): Figure[] {
  const figures: Figure[] = [{ label, value: distribution(series[name]!).median, unit: "ms", goal }];
  const cpu = series["all, processor time"];
  if (cpu)
    figures.push({ label: `${label}, processor time`, value: distribution(cpu).median, unit: "ms", goal });
  return figures;
}
