// extglob.ts - patterns with `!(…)`, which no regular expression says.
//
// Matched by trying: `!(a|b)` stands for every piece that none of its
// alternatives matches, whatever follows it.

import { alternatives, bracket, closingParen, type MatchStyle } from "./patternParts.ts";

type Item =
  { k: "one"; test: (c: string) => boolean } | { k: "any" } | { k: "group"; op: string; alts: Item[][] };
type Next = (at: number) => boolean;

export function negatedMatcher(pattern: string, style: MatchStyle): { test(s: string): boolean } {
  const items = parse(pattern, style);
  return {
    test: (s) => {
      const chars = [...s];
      return match(items, 0, chars, 0, style, (at) => at === chars.length);
    },
  };
}

function parse(p: string, style: MatchStyle): Item[] {
  const out: Item[] = [];
  const same = (want: string): ((c: string) => boolean) =>
    style.ignoreCase ? (c) => c.toLowerCase() === want.toLowerCase() : (c) => c === want;
  for (let i = 0; i < p.length;) {
    const c = String.fromCodePoint(p.codePointAt(i)!);
    const close = p[i + 1] === "(" && "?*+@!".includes(c) ? closingParen(p, i + 1) : -1;
    const set = c === "[" ? bracket(p, i) : null;
    if (close > 0) {
      out.push({ k: "group", op: c, alts: alternatives(p.slice(i + 2, close)).map((a) => parse(a, style)) });
      i = close + 1;
    } else if (set) {
      const re = new RegExp(`^${set.source}$`, style.ignoreCase ? "sui" : "su");
      out.push({ k: "one", test: (x) => re.test(x) });
      i = set.end;
    } else if (c === "\\" && i + 1 < p.length) {
      const next = String.fromCodePoint(p.codePointAt(i + 1)!);
      out.push({ k: "one", test: same(next) });
      i += 1 + next.length;
    } else {
      if (c === "*") out.push({ k: "any" });
      else out.push({ k: "one", test: c === "?" ? (x) => !style.path || x !== "/" : same(c) });
      i += c.length;
    }
  }
  return out;
}

function match(items: Item[], i: number, s: string[], at: number, style: MatchStyle, next: Next): boolean {
  const item = items[i];
  if (!item) return next(at);
  const rest: Next = (to) => match(items, i + 1, s, to, style, next);
  if (item.k === "one") return at < s.length && item.test(s[at]!) && rest(at + 1);
  if (item.k === "any") {
    for (let to = at; ; to++) {
      if (rest(to)) return true;
      if (to >= s.length || (style.path && s[to] === "/")) return false;
    }
  }
  return group(item, s, at, style, rest);
}

function group(g: Item & { k: "group" }, s: string[], at: number, style: MatchStyle, rest: Next): boolean {
  const once = (from: number, then: Next): boolean => g.alts.some((a) => match(a, 0, s, from, style, then));
  const repeat = (from: number): boolean => rest(from) || once(from, (to) => to > from && repeat(to));
  switch (g.op) {
    case "@":
      return once(at, rest);
    case "?":
      return rest(at) || once(at, rest);
    case "*":
      return repeat(at);
    case "+":
      return once(at, (to) => repeat(to));
    default:
      for (let end = at; end <= s.length; end++) {
        const piece = s.slice(at, end);
        if (!g.alts.some((a) => match(a, 0, piece, 0, style, (to) => to === piece.length)) && rest(end))
          return true;
      }
      return false;
  }
}
