/**
 * Patches built together with the kernel are found again by what they were
 * made from, so that a page loads the compiler only for something new.
 * Imports nothing of the compiler itself.
 */

import { digestText } from "./digest";

export interface PatchSource {
  diffs: string[];
  name: string;
  replace: boolean;
}

/** @param build the kernel image's build hash */
export function prebuiltKey(build: string, { diffs, name, replace }: PatchSource): string {
  return digestText(JSON.stringify([build, name, replace, diffs]));
}
