// sourceText.ts - where the nodes of unbash's tree stand in their text.

import type * as U from "unbash";

/** What a conversion needs to know about the text it is in. */
export interface Text {
  source: string;
  /** Line number of the text's first line. */
  firstLine: number;
  lineStarts: number[] | null;
}

export function lineOf(text: Text, pos: number): number {
  if (!text.lineStarts) {
    text.lineStarts = [0];
    for (let i = text.source.indexOf("\n"); i >= 0; i = text.source.indexOf("\n", i + 1))
      text.lineStarts.push(i + 1);
  }
  let low = 0;
  let high = text.lineStarts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (text.lineStarts[mid]! <= pos) low = mid;
    else high = mid - 1;
  }
  return text.firstLine + low;
}

/** The statements that end before the line on which the broken one begins. */
export function commandsBefore(ast: U.Script, source: string, errorPos: number): readonly U.Statement[] {
  // `while` and a newline is a command of no length to the parser: it has no end.
  const broken = ast.commands.find((c) => c.end >= errorPos || c.end <= c.pos) ?? null;
  const lineStart =
    source.lastIndexOf("\n", Math.max(0, (broken ? Math.min(broken.pos, errorPos) : errorPos) - 1)) + 1;
  return ast.commands.filter((c) => c.end <= lineStart && c.end <= errorPos && c.pos < lineStart);
}

/** Cheap: looks only when the text has a here-document operator. */
export function firstOpenHereDoc(ast: U.Script, source: string): string | null {
  if (!source.includes("<<")) return null;
  let found: string | null = null;
  const visit = (node: unknown): void => {
    if (found !== null || typeof node !== "object" || node === null) return;
    const n = node as Record<string, unknown>;
    if (n["type"] === "HereDoc") {
      const doc = node as U.HereDoc;
      if (!doc.closing && doc.delimiter) found = doc.delimiter.value;
      return;
    }
    if (n["type"] === "Word") return;
    for (const value of Object.values(n)) if (typeof value === "object") visit(value);
  };
  visit(ast.commands);
  return found;
}

/** What is wrong within the first wrong `$( )` or `<( )`; backquotes are read when they run. */
export function substitutionErrors(ast: U.Script, source: string): readonly U.ParseError[] {
  if (!/[$<>]\(/.test(source)) return [];
  let found: readonly U.ParseError[] = [];
  const visit = (node: unknown): void => {
    if (found.length > 0 || typeof node !== "object" || node === null) return;
    const { type, text } = node as { type?: string; text?: string };
    if (type === "HereDoc" || (type === "CommandExpansion" && text!.startsWith("`"))) return;
    if (type === "CommandExpansion" || type === "ProcessSubstitution") {
      const script = (node as { script?: U.Script & { errors?: readonly U.ParseError[] } }).script;
      found = script?.errors ?? [];
      visit(script?.commands);
    } else
      for (const value of type === "Word" ? ((node as U.Word).parts ?? []) : Object.values(node))
        visit(value);
  };
  visit(ast.commands);
  return found;
}
