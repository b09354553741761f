/**
 * Which functions have no slot: those of the files listed in notrace.txt, and
 * those whose name ends in _notrace. As in Linux, the tracer and what it needs
 * must not trace itself.
 */

import type { FunctionKind } from "./kobject";

export const NOTRACE_LIST = "notrace.txt";

/** A list of the tree: one name a line, `#` starts a comment. */
export function listed(text: string | undefined): Set<string> {
  const lines = (text ?? "").split("\n").map((l) => l.replace(/#.*/, "").trim());
  return new Set(lines.filter(Boolean));
}

export function functionKind(name: string, file: string, notrace: Set<string>): FunctionKind {
  if (name.startsWith("~") || name.endsWith("@varargs")) return "inline";
  if (/#[gs]et:/.test(name)) return "inline";
  if (name.endsWith("_notrace") || notrace.has(file)) return "notrace";
  return "traced";
}
