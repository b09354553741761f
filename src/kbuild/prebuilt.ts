/**
 * Patches that were built with the kernel: kept by what they were built from,
 * so that nobody loads the compiler for a patch that ships.
 */
import type { BuildAnswer, BuildRequest } from "../user/kpatch/buildJob.ts";
import { stampModule } from "../user/kpatch/stampModule.ts";
import { digestText } from "./digest.ts";

/**
 * Names a request's answer by what is built: equal for equal kernel, source and
 * patched files, whatever the diff is called and however it is written.
 */
export function prebuiltKey(build: string, { tree, patched }: BuildRequest): string {
  const sorted = [tree, patched].flatMap((files) =>
    Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const parts = sorted.flatMap(([path, text]) => [path, text ?? "gone"]);
  return digestText([build, ...parts].join("\0"));
}

type BuiltAnswer = Extract<BuildAnswer, { kind: "built" }>;

/** As a file: JSON with the module in base64. */
export function encodePrebuilt(answer: BuiltAnswer): string {
  const binary = Array.from(answer.ko, (byte) => String.fromCharCode(byte)).join("");
  return JSON.stringify({ ...answer, ko: btoa(binary) });
}

/** The stored answer, as one to this request. */
export function decodePrebuilt(text: string, request: BuildRequest): BuiltAnswer {
  const stored = JSON.parse(text) as Omit<BuiltAnswer, "ko"> & { ko: string };
  const ko = Uint8Array.from(atob(stored.ko), (c) => c.charCodeAt(0));
  return { ...stored, ko: stampModule(ko, request) };
}
