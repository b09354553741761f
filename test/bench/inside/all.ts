import { boot } from "./boot.ts";
import type { Series } from "./interleave.ts";
import type { LoadFile } from "./kernels.ts";
import { patched } from "./patched.ts";
import { shell } from "./shell.ts";
import { slots } from "./slots.ts";
import { transition } from "./transition.ts";
import { processes, syscalls } from "./syscalls.ts";

/** What can be measured in either engine, by name. */
export const INSIDE = { boot, patched, processes, shell, slots, syscalls, transition };

export type InsideName = keyof typeof INSIDE;
export type InsideInput<K extends InsideName> = Parameters<(typeof INSIDE)[K]>[0];

export function runInside(name: InsideName, input: unknown, load: LoadFile): Promise<Series> {
  const measure = INSIDE[name] as (input: unknown, load: LoadFile) => Promise<Series>;
  return measure(input, load);
}
