// findings.ts - a build's findings in the words of create-diff-object.
import type { BuildWarning, FunctionNote, Refusal } from "./buildJob.ts";

/** Source files are spoken of by the object that is made of them. */
export const objectOf = (file: string): string => file.replace(/\.ts$/, ".o");

const NOTES: Record<FunctionNote["kind"], (func: string) => string> = {
  changed: (func) => `changed function: ${func}`,
  new: (func) => `new function: ${func}`,
  callback: (func) => `found callback: ${func}`,
  ignoring: (func) => `ignoring function: ${func}`,
  "force-unsafe": (func) => `function '${func}' marked with KPATCH_FORCE_UNSAFE!`,
  "needless-ignore": (func) =>
    `NOTICE: no change detected in function ${func}, unnecessary KPATCH_IGNORE_FUNCTION()?`,
};

export const noteLine = ({ file, kind, func }: FunctionNote): string =>
  `${objectOf(file)}: ${NOTES[kind](func)}`;

/** Warnings that kpatch does not have bear our name. */
export const warningLine = ({ file, text, ours }: BuildWarning): string =>
  ours ? `patchbay: WARNING: ${objectOf(file)}: ${text}` : `${objectOf(file)}: WARNING: ${text}`;

/** create-diff-object's complaint about one object, then our explanation. */
export function refusalLines({ file, details, summary, why, advice }: Refusal): string[] {
  const lines = [
    ...details.map((detail) => `ERROR: ${detail}`),
    `ERROR: ${objectOf(file)}: ${summary}`,
    "create-diff-object: unreconcilable difference",
  ];
  if (why) lines.push(`patchbay: why: ${why}`);
  if (advice) lines.push(`patchbay: do: ${advice}`);
  return lines;
}
