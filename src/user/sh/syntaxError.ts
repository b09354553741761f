// syntaxError.ts - unbash's errors in bash's words.

import type { SyntaxError } from "./ast.ts";

interface ParseError {
  message: string;
  pos: number;
}

/** Bash's message for the first error, or null. */
export function syntaxError(
  source: string,
  errors: readonly ParseError[],
  openHereDoc: string | null,
  lineOf: (pos: number) => number,
): SyntaxError | null {
  const first = errors[0];
  const endLine = lineOf(Math.max(0, source.length - (source.endsWith("\n") ? 1 : 0)));
  if (!first) {
    if (openHereDoc === null && !endsInBackslash(source)) return null;
    return openHereDoc === null ? null : { message: "", line: endLine, incomplete: true };
  }
  if (
    /(^|[\s;])(for|case|select)\s*$/.test(source.slice(0, first.pos)) &&
    !/^[ \t]*[;&|()<>]/.test(source.slice(first.pos)) &&
    first.message.startsWith("expected")
  ) {
    return { message: near("newline"), line: lineOf(first.pos), incomplete: false };
  }
  const incomplete = errors.some((e) => atEnd(source, e)) || openHereDoc !== null;
  const hard = errors.find((e) => !atEnd(source, e));
  if (incomplete && (!hard || hard.pos > first.pos || hard === first) && atEnd(source, first)) {
    return { message: eofMessage(first, source), line: eofLine(first, source, lineOf), incomplete: true };
  }
  return { message: tokenMessage(hard ?? first, source), line: lineOf(first.pos), incomplete: false };
}

function endsInBackslash(source: string): boolean {
  return /(^|[^\\])(\\\\)*\\$/.test(source);
}

function atEnd(source: string, e: ParseError): boolean {
  if (e.message.startsWith("unterminated")) return true;
  if (e.message === "expected redirect target" || !e.message.startsWith("expected")) return false;
  const rest = source
    .slice(e.pos)
    .replace(/^[ \t]*#.*$/gm, "")
    .trim();
  return rest === "" || /^(\{|\(|do|then|else)$/.test(rest);
}

const CLOSERS: [RegExp, string][] = [
  [/double quote/, '"'],
  [/single quote|ANSI-C/, "'"],
  [/backtick/, "`"],
  [/parameter expansion/, "}"],
  [/substitution|arithmetic|extended glob|array/, ")"],
];

function eofMessage(e: ParseError, source: string): string {
  if (e.message.startsWith("unterminated")) {
    const closer = CLOSERS.find(([re]) => re.test(e.message))?.[1] ?? ")";
    return `unexpected EOF while looking for matching \`${closer}'`;
  }
  if (source === "") return "syntax error";
  return "syntax error: unexpected end of file";
}

function eofLine(e: ParseError, source: string, lineOf: (pos: number) => number): number {
  if (e.message.startsWith("unterminated")) return lineOf(e.pos);
  return lineOf(source.length) + (source.endsWith("\n") ? 0 : 1);
}

function tokenMessage(e: ParseError, source: string): string {
  const named = /^unexpected token '([\s\S]+)'$/.exec(e.message)?.[1];
  if (named !== undefined) return near(named);
  const rest = source.slice(e.pos);
  const token = /^[ \t]*(\n|;;&|;;|;&|&&|\|\||\|&|&>>|&>|<<<|<<|>>|[;&|()<>]|[^\s;&|()<>]+)/.exec(rest)?.[1];
  if (token === undefined) return "syntax error: unexpected end of file";
  return near(token === "\n" ? "newline" : token);
}

function near(token: string): string {
  return `syntax error near unexpected token \`${token}'`;
}
