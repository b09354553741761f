// pattern.ts - shell patterns as regular expressions.
//
// A pattern is text in which a quoted character carries a backslash.

import { negatedMatcher } from "./extglob.ts";

const CLASSES: Record<string, string> = {
  alpha: "\\p{L}",
  digit: "0-9",
  alnum: "\\p{L}\\p{N}",
  upper: "\\p{Lu}",
  lower: "\\p{Ll}",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`\\{-~",
  print: "\\x20-\\x7e\\u0080-\\u{10ffff}",
  graph: "\\x21-\\x7e\\u0080-\\u{10ffff}",
  cntrl: "\\x00-\\x1f\\x7f",
  xdigit: "0-9A-Fa-f",
  word: "\\p{L}\\p{N}_",
};

export interface MatchStyle {
  /** `*` and `?` do not cross a slash. */
  path: boolean;
  ignoreCase: boolean;
  extglob: boolean;
}

const PLAIN: MatchStyle = { path: false, ignoreCase: false, extglob: true };
const cache = new Map<string, { test(s: string): boolean }>();

export function hasGlob(s: string): boolean {
  return /[*?[]|[@+!]\(/.test(s);
}

export function escapePattern(s: string): string {
  return s.replace(/[\\*?[\]()|!+@^-]/g, "\\$&");
}

export function escapeRegex(s: string): string {
  return s.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** What tells whether a pattern matches the whole of a subject. */
export function patternRegex(pattern: string, style: MatchStyle = PLAIN): { test(s: string): boolean } {
  const key = `${style.path ? "p" : ""}${style.ignoreCase ? "i" : ""}${style.extglob ? "e" : ""}:${pattern}`;
  let re = cache.get(key);
  if (!re) {
    re =
      style.extglob && pattern.includes("!(")
        ? negatedMatcher(pattern, style)
        : compile(`^(?:${patternSource(pattern, style)})$`, style.ignoreCase);
    if (cache.size > 500) cache.clear();
    cache.set(key, re);
  }
  return re;
}

function compile(source: string, ignoreCase: boolean): RegExp {
  try {
    return new RegExp(source, ignoreCase ? "sui" : "su");
  } catch {
    return /(?!)/;
  }
}

export function matches(pattern: string, subject: string, style: MatchStyle = PLAIN): boolean {
  return patternRegex(pattern, style).test(subject);
}

/** The body of the regular expression, without anchors. */
export function patternSource(pattern: string, style: MatchStyle = PLAIN): string {
  return translate(pattern, 0, style);
}

function translate(p: string, from: number, style: MatchStyle): string {
  let out = "";
  for (let i = from; i < p.length;) {
    const c = p[i]!;
    if (style.extglob && p[i + 1] === "(" && "?*+@!".includes(c)) {
      const close = closingParen(p, i + 1);
      if (close > 0) {
        const alts = alternatives(p.slice(i + 2, close))
          .map((a) => translate(a, 0, style))
          .join("|");
        const rest = translate(p, close + 1, style);
        return out + extended(c, alts, rest);
      }
    }
    if (c === "[") {
      const set = bracket(p, i);
      out += set ? set.source : "\\[";
      i = set ? set.end : i + 1;
      continue;
    }
    if (c === "\\" && i + 1 < p.length) {
      const whole = String.fromCodePoint(p.codePointAt(i + 1)!);
      out += escapeRegex(whole);
      i += 1 + whole.length;
      continue;
    }
    const whole = String.fromCodePoint(p.codePointAt(i)!);
    out += c === "*" ? any(style) + "*" : c === "?" ? any(style) : escapeRegex(whole);
    i += whole.length;
  }
  return out;
}

function any(style: MatchStyle): string {
  return style.path ? "[^/]" : ".";
}

function extended(op: string, alts: string, rest: string): string {
  return `(?:${alts})${op === "@" ? "" : op}${rest}`;
}

export function closingParen(p: string, open: number): number {
  let depth = 0;
  for (let i = open; i < p.length; i++) {
    if (p[i] === "\\") i++;
    else if (p[i] === "[") i = (bracket(p, i)?.end ?? i + 1) - 1;
    else if (p[i] === "(") depth++;
    else if (p[i] === ")" && --depth === 0) return i;
  }
  return -1;
}

export function alternatives(p: string): string[] {
  const out: string[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] === "\\") i++;
    else if (p[i] === "(") depth++;
    else if (p[i] === ")") depth--;
    else if (p[i] === "|" && depth === 0) {
      out.push(p.slice(start, i));
      start = i + 1;
    }
  }
  out.push(p.slice(start));
  return out;
}

/** A bracket expression starting at `open`, or null when it has no end. */
export function bracket(p: string, open: number): { source: string; end: number } | null {
  let i = open + 1;
  const negated = p[i] === "!" || p[i] === "^";
  if (negated) i++;
  let body = "";
  for (let first = true; i < p.length; first = false) {
    if (p[i] === "]" && !first) {
      if (body === "") return { source: negated ? "[^]" : "(?!)", end: i + 1 };
      return { source: `[${negated ? "^" : ""}${body}]`, end: i + 1 };
    }
    const named = /^\[:(\w+):\]/.exec(p.slice(i, i + 12));
    if (named) {
      body += CLASSES[named[1]!] ?? "";
      i += named[0].length;
      continue;
    }
    const equivalence = /^\[([=.])(.)\1\]/.exec(p.slice(i, i + 5));
    if (equivalence) {
      body += escapeInSet(equivalence[2]!);
      i += 5;
      continue;
    }
    if (p[i] === "\\" && i + 1 < p.length) {
      i++;
      body += escapeInSet(p[i]!);
      i++;
    } else {
      const whole = String.fromCodePoint(p.codePointAt(i)!);
      const range = whole === "-" && !first && p[i + 1] !== "]" && body !== "";
      body += range ? "-" : escapeInSet(whole);
      i += whole.length;
    }
  }
  return null;
}

function escapeInSet(c: string): string {
  return /[\\\]^[\-&~/(){}|.*+?$]/.test(c) ? (/[&~]/.test(c) ? c : `\\${c}`) : c;
}
