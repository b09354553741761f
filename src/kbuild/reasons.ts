/**
 * Every refusal a patch author can meet: its words, why, and what to do.
 * Where kpatch refuses the same thing, detail and summary are kpatch's.
 */

import { objectName } from "./names";

export type ReasonId =
  | "data-value"
  | "data-size"
  | "data-type"
  | "init"
  | "module-init"
  | "notrace"
  | "atomic"
  | "signature"
  | "layout";

export interface Reason {
  id: ReasonId;
  /** Source file: `fs/proc/meminfo.ts`. */
  file: string;
  /** One line for each thing found. */
  details: string[];
  /** What the details add up to, in one line. */
  summary: string;
}

export interface Explanation {
  title: string;
  why: string;
  advice: string;
}

export const EXPLANATIONS: Record<ReasonId, Explanation> = {
  "data-value": {
    title: "The first value of an existing variable was changed.",
    why: "The variable is in memory already and has long had other values; its first value is history.",
    advice: "Set it from a callback (pre_patch), or use a new variable in the patched functions.",
  },
  "data-size": {
    title: "An existing variable or table was made larger or smaller.",
    why: "It lies between its neighbours in memory and cannot grow there; unpatched code uses it as it is.",
    advice: "Add a new variable, or attach the extra data by a shadow variable.",
  },
  "data-type": {
    title: "An existing variable was given another type.",
    why: "Unpatched code goes on reading and writing it with the old type.",
    advice: "Add a new variable under another name.",
  },
  init: {
    title: "Code that runs at boot only was changed.",
    why: "It ran when the kernel started and never runs again, so its new version would have no effect.",
    advice: "Bring the running state to what the new code would have made: from a callback (klp_pre_patch).",
  },
  notrace: {
    title: "A function without a slot was changed.",
    why: "Live patching redirects calls at the slot, as Linux does at the __fentry__ site; notrace functions have none.",
    advice: "Patch its callers instead.",
  },
  atomic: {
    title: "A function that never slept would sleep now.",
    why: "Its callers outside the patch were built for a callee that returns at once: they cannot be unwound.",
    advice: "Sleep in a function whose callers all may sleep, or defer the work to a kthread.",
  },
  signature: {
    title: "A function whose address is taken got other parameters or another result.",
    why: "Calls through a pointer outside the patch still pass the old arguments.",
    advice: "Add a new function and leave the old one as it is.",
  },
  "module-init": {
    title: "The init or exit function of a module was changed.",
    why: "The init function has run, and the exit function must fit what it did.",
    advice: "Make the change from a callback of the patch (klp_post_patch).",
  },
  layout: {
    title: "Fields of a struct were moved.",
    why: "Objects allocated before the patch keep the old layout, and unpatched functions use it.",
    advice: "Do not change the struct: attach new fields by a shadow variable (klp_shadow_alloc).",
  },
};

/** The refusals as create-diff-object prints them. */
export function refusalLines(reasons: Reason[]): string[] {
  const lines = reasons.flatMap((r) => [
    ...r.details.map((detail) => `ERROR: ${detail}`),
    `ERROR: ${objectName(r.file)}: ${r.summary}`,
  ]);
  return [...lines, "create-diff-object: unreconcilable difference"];
}
