/**
 * Patches that were built with the kernel: kept by what they were built from,
 * so that nobody loads the compiler for a patch that ships.
 */
import type { BuildAnswer, BuildRequest } from "../user/kpatch/buildJob.ts";
import { digestText } from "./digest.ts";

/** Names a request's answer: equal for equal kernel, source, diffs and options. */
export function prebuiltKey(build: string, { tree, patches, name, replace }: BuildRequest): string {
  const sources = Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
  const diffs = patches.map(({ diff }) => diff);
  return digestText([build, name, String(replace), ...diffs, ...sources.flat()].join("\0"));
}

type BuiltAnswer = Extract<BuildAnswer, { kind: "built" }>;

/** As a file: JSON with the module in base64. */
export function encodePrebuilt(answer: BuiltAnswer): string {
  const binary = Array.from(answer.ko, (byte) => String.fromCharCode(byte)).join("");
  return JSON.stringify({ ...answer, ko: btoa(binary) });
}

export function decodePrebuilt(text: string): BuiltAnswer {
  const stored = JSON.parse(text) as Omit<BuiltAnswer, "ko"> & { ko: string };
  return { ...stored, ko: Uint8Array.from(atob(stored.ko), (c) => c.charCodeAt(0)) };
}
