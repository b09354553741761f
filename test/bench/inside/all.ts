import { boot } from "./boot.ts";
import type { BuildInput } from "./build.ts";
import { now, type Series } from "./interleave.ts";
import type { LoadFile } from "./kernels.ts";
import { patched } from "./patched.ts";
import { shell } from "./shell.ts";
import { slots } from "./slots.ts";
import { traceAll, tracing } from "./tracing.ts";
import { transition } from "./transition.ts";
import { processes, syscalls } from "./syscalls.ts";

/** The compiler is big: only those who build load it. */
async function build(input: BuildInput, load: LoadFile): Promise<Series> {
  return (await import("./build.ts")).build(input, load);
}

async function buildCold(input: BuildInput, load: LoadFile): Promise<Series> {
  const since = now();
  return (await import("./build.ts")).buildCold(input, load, since);
}

/** What can be measured in either engine, by name. */
export const INSIDE = {
  boot,
  build,
  buildCold,
  patched,
  processes,
  shell,
  slots,
  syscalls,
  traceAll,
  tracing,
  transition,
};

export type InsideName = keyof typeof INSIDE;
export type InsideInput<K extends InsideName> = Parameters<(typeof INSIDE)[K]>[0];

export function runInside(name: InsideName, input: unknown, load: LoadFile): Promise<Series> {
  const measure = INSIDE[name] as (input: unknown, load: LoadFile) => Promise<Series>;
  return measure(input, load);
}
