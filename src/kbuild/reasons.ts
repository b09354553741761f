/**
 * Every refusal a patch author can meet: why, and what to do. Where kpatch
 * refuses the same thing, detail and summary are kpatch's; what finds them is
 * in verify.ts and its neighbours.
 */

export type ReasonId =
  | "data-value"
  | "data-size"
  | "data-type"
  | "static-local"
  | "init"
  | "module-init"
  | "notrace"
  | "atomic"
  | "signature"
  | "removed"
  | "layout"
  | "callback"
  | "mark"
  | "shared"
  | "tree";

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
  why: string;
  advice: string;
  /** Anchor in docs/author-guide.md. */
  section: string;
}

export const EXPLANATIONS: Record<ReasonId, Explanation> = {
  "data-value": {
    why: "The variable is in memory already and has long had other values; its first value is history.",
    advice: "Set it from a callback (pre_patch), or use a new variable in the patched functions.",
    section: "data-value",
  },
  "data-size": {
    why: "It lies between its neighbours in memory and cannot grow there; unpatched code uses it as it is.",
    advice: "Add a new variable, or attach the extra data by a shadow variable.",
    section: "data-size",
  },
  "data-type": {
    why: "Unpatched code goes on reading and writing it with the old type.",
    advice: "Add a new variable under another name.",
    section: "data-type",
  },
  "static-local": {
    why: "The function's own buffers have no names; one more or less, and nobody can tell which is which.",
    advice: "Keep those it has, in their order, and declare a new one outside of the function.",
    section: "static-local",
  },
  init: {
    why: "It ran when the kernel started and never runs again, so its new version would have no effect.",
    advice: "Bring the running state to what the new code would have made: from a callback (klp_pre_patch).",
    section: "init",
  },
  "module-init": {
    why: "The init function has run, and the exit function must fit what it did.",
    advice: "Make the change from a callback of the patch (klp_post_patch).",
    section: "module-init",
  },
  notrace: {
    why: "Live patching redirects calls at the slot, as Linux does at the __fentry__ site; notrace functions have none.",
    advice: "Patch its callers instead.",
    section: "notrace",
  },
  atomic: {
    why: "Its callers outside the patch were built for a callee that returns at once: they cannot be unwound.",
    advice: "Sleep in a function whose callers all may sleep, or defer the work to a kthread.",
    section: "atomic",
  },
  signature: {
    why: "Callers outside the patch still pass the old arguments and expect the old result.",
    advice: "Add a new function under another name and leave the old one as it is.",
    section: "signature",
  },
  removed: {
    why: "What is outside the patch still calls it.",
    advice: "Keep the function, or change its callers in the same patch.",
    section: "removed",
  },
  layout: {
    why: "Objects allocated before the patch keep the old layout, and unpatched functions use it.",
    advice: "Do not change the struct: attach new fields by a shadow variable (klp_shadow_alloc).",
    section: "layout",
  },
  callback: {
    why: "The kernel calls one callback of each kind for an object, as pre_patch(obj: usize): i32 or (obj: usize): void.",
    advice: "Join them into one function of that form.",
    section: "callbacks",
  },
  mark: {
    why: "The mark names what the source does not have.",
    advice: "Correct the name, or take the mark out.",
    section: "marks",
  },
  shared: {
    why: "Several modules have a copy of this code, each with variables of its own; one new version cannot serve them all.",
    advice: "Patch one module at a time, from code that only this module has.",
    section: "shared",
  },
  tree: {
    why: "The tree is not the source the running kernel was built from, so the diff says nothing about what runs.",
    advice:
      "Build against an unedited tree: every patch is a diff against the original, also the second one.",
    section: "tree",
  },
};
