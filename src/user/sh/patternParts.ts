// patternParts.ts - the parts of a pattern: brackets, groups, alternatives.

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
