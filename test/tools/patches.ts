// patches.ts - diffs against the kernel's own source, made from it: no line number is written down.
import { readFileSync } from "node:fs";
import { createTwoFilesPatch } from "diff";

const root = new URL("../../kernel-as/", import.meta.url);

/** The diff that replaces `from` by `to` in a source file; `from` must be there once. */
export function edit(file: string, ...changes: Array<[from: string, to: string]>): string {
  const old = readFileSync(new URL(file, root), "utf8");
  let text = old;
  for (const [from, to] of changes) {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${file}: '${from}' occurs ${parts.length - 1} times`);
    text = parts.join(to);
  }
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, old, text);
}
