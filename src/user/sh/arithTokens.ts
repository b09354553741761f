// arithTokens.ts - splits an arithmetic expression into tokens.

import { ShellError } from "./errors.ts";

export type Token =
  | { kind: "number"; value: bigint; pos: number; text: string }
  | { kind: "name"; text: string; index: string | null; pos: number }
  | { kind: "op"; text: string; pos: number };

const OPERATOR = /\*\*|<<=|>>=|[-+*/%&|^<>=!]=|\+\+|--|<<|>>|&&|\|\||[-+*/%&|^<>=!~?:,()]/y;
const NUMBER = /[0-9][0-9A-Za-z_@#]*/y;
const NAME = /[A-Za-z_]\w*/y;

export function tokenize(text: string): Token[] {
  const out: Token[] = [];
  let i = 0;
  const match = (re: RegExp): string | null => {
    re.lastIndex = i;
    return re.exec(text)?.[0] ?? null;
  };
  while (i < text.length) {
    const c = text[i]!;
    if (/[ \t\n"]/.test(c)) {
      i++;
      continue;
    }
    const number = match(NUMBER);
    if (number !== null) {
      out.push({ kind: "number", value: parseNumber(number, text), pos: i, text: number });
      i += number.length;
      continue;
    }
    const name = match(NAME);
    if (name !== null) {
      const pos = i;
      i += name.length;
      const close = text[i] === "[" ? closingBracket(text, i) : -1;
      out.push({ kind: "name", text: name, index: close < 0 ? null : text.slice(i + 1, close), pos });
      if (close >= 0) i = close + 1;
      continue;
    }
    const op = stepOrSign(match(OPERATOR), out, text, i);
    if (op === null) {
      throw new ShellError(
        `${text.replace(/^[ \t\n]+/, "")}: syntax error: ${out.length === 0 ? "operand expected" : "invalid arithmetic operator"} (error token is "${text.slice(i)}")`,
      );
    }
    out.push({ kind: "op", text: op, pos: i });
    i += op.length;
  }
  return out;
}

/** `a ++b` reads as a + (+b), as bash does when `++` has no variable beside it. */
function stepOrSign(op: string | null, before: Token[], text: string, at: number): string | null {
  if (op !== "++" && op !== "--") return op;
  const last = before.at(-1);
  const nameAfter = /^\s*[A-Za-z_]/.test(text.slice(at + 2));
  const binary = last !== undefined && (last.kind !== "op" || last.text === ")");
  if (binary) return last.kind === "name" && !/^\s*[\w(]/.test(text.slice(at + 2)) ? op : op[0]!;
  return nameAfter ? op : op[0]!;
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "[") depth++;
    else if (text[i] === "]" && --depth === 0) return i;
  }
  return -1;
}

function parseNumber(token: string, text: string): bigint {
  const fail = (why: string): never => {
    throw new ShellError(`${text.replace(/^[ \t\n]+/, "")}: ${why} (error token is "${token}")`);
  };
  const hash = token.indexOf("#");
  if (hash > 0) {
    const base = Number(token.slice(0, hash));
    if (base === 0 || token.indexOf("#", hash + 1) > 0) fail("invalid number");
    if (!(base >= 2 && base <= 64)) fail("invalid arithmetic base");
    if (hash === token.length - 1) fail("invalid integer constant");
    return digits(token.slice(hash + 1), base, fail);
  }
  if (/^0[xX]/.test(token)) return digits(token.slice(2), 16, fail);
  if (/^0\d/.test(token)) return digits(token.slice(1), 8, fail);
  return digits(token, 10, fail);
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_";

function digits(text: string, base: number, fail: (why: string) => never): bigint {
  let n = 0n;
  for (const c of base <= 36 ? text.toLowerCase() : text) {
    const d = DIGITS.indexOf(c);
    if (d < 0 || d >= base) fail("value too great for base");
    n = n * BigInt(base) + BigInt(d);
  }
  return BigInt.asIntN(64, n);
}
