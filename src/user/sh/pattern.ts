// pattern.ts - shell patterns as regular expressions.
//
// A pattern is text in which a quoted character carries a backslash.

import { negatedMatcher } from "./extglob.ts";
import { alternatives, bracket, closingParen, type MatchStyle } from "./patternParts.ts";

export type { MatchStyle } from "./patternParts.ts";

const PLAIN: MatchStyle = { path: false, ignoreCase: false, extglob: true };
const cache = new Map<string, { test(s: string): boolean }>();

export function hasGlob(s: string): boolean {
  return /[*?]|\[.*\]|[@+!]\(/s.test(s);
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
