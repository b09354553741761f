// findings.ts - a build's findings in the words of create-diff-object.
import { guide } from "./authorGuide.ts";
import type { BuildWarning, FunctionNote, Refusal } from "./buildJob.ts";

/** Source files are spoken of by the object that is made of them. */
export const objectOf = (file: string): string => file.replace(/\.ts$/, ".o");

const NOTES: Record<FunctionNote["kind"], (func: string) => string> = {
  changed: (func) => `changed function: ${func}`,
  new: (func) => `new function: ${func}`,
  callback: (func) => `found callback: ${func}`,
  ignoring: (func) => `ignoring function: ${func}`,
  "ignoring-section": (section) => `ignoring section: ${section}`,
  "force-unsafe": (func) => `function '${func}' marked with KPATCH_FORCE_UNSAFE!`,
  "needless-ignore": (func) =>
    `NOTICE: no change detected in function ${func}, unnecessary KPATCH_IGNORE_FUNCTION()?`,
};

export const noteLine = ({ file, kind, func }: FunctionNote): string =>
  `${objectOf(file)}: ${NOTES[kind](func)}`;

/** Warnings that kpatch does not have bear our name, and say what to do. */
export function warningLines({ file, text, ours, advice, section }: BuildWarning): string[] {
  if (!ours) return [`${objectOf(file)}: WARNING: ${text}`];
  return [`patchbay: WARNING: ${objectOf(file)}: ${text}`, ...adviceLines({ advice, section })];
}

interface Explained {
  why?: string;
  advice?: string;
  section?: string;
}

/** Our explanation: why, what to do, where to read on. */
export function adviceLines({ why, advice, section }: Explained): string[] {
  const lines = why ? [`patchbay: why: ${why}`] : [];
  if (advice) lines.push(`patchbay: do: ${advice}`);
  if (section) lines.push(`patchbay: see: ${guide(section)}`);
  return lines;
}

/** create-diff-object's complaint about one object. */
export function complaintLines({ file, details, summary }: Refusal): string[] {
  return [
    ...details.map((detail) => `ERROR: ${detail}`),
    `ERROR: ${objectOf(file)}: ${summary}`,
    "create-diff-object: unreconcilable difference",
  ];
}

/** The complaint, then our explanation. */
export const refusalLines = (refusal: Refusal): string[] => [
  ...complaintLines(refusal),
  ...adviceLines(refusal),
];
