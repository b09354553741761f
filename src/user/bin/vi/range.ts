// range.ts - the lines an ex command is for: 3,7  .,$  %  'a,'b  /here/+1

import { compile, findNext } from "./search.ts";
import { Refused, type State } from "./state.ts";

export interface Range {
  /** From 0; the first is never behind the last. */
  from: number;
  to: number;
  /** How many addresses were typed. */
  given: number;
}

class Reader {
  at = 0;
  constructor(
    private readonly s: State,
    readonly text: string,
  ) {}

  private match(re: RegExp): string[] | null {
    const m = re.exec(this.text.slice(this.at));
    if (m) this.at += m[0].length;
    return m;
  }

  /** One address; null when there is none. */
  address(): number | null {
    const base = this.base();
    const offsets = this.match(/^\s*(?:[-+]\s*\d*\s*)+/);
    if (base === null && !offsets) return null;
    let line = base ?? this.s.cursor.line;
    for (const [, sign, n] of (offsets?.[0] ?? "").matchAll(/([-+])\s*(\d*)/g))
      line += (sign === "-" ? -1 : 1) * Number(n || 1);
    return line;
  }

  private base(): number | null {
    const { s } = this;
    const number = this.match(/^\s*(\d+)/);
    if (number) return Number(number[1]) - 1;
    if (this.match(/^\s*\./)) return s.cursor.line;
    if (this.match(/^\s*\$/)) return s.doc.last;
    const mark = this.match(/^\s*'(.)/);
    if (mark) return this.mark(mark[1]!);
    const pattern = this.match(/^\s*([/?])((?:\\.|(?!\1)[^\\])*)(?:\1|$)/);
    if (pattern) return this.found(pattern[1]!, pattern[2]!);
    return null;
  }

  private mark(name: string): number {
    const p = this.s.marks.get(name);
    if (!p) throw new Refused("E20: Mark not set");
    return p.line;
  }

  private found(direction: string, pattern: string): number {
    const { s } = this;
    const text = pattern || s.sought?.pattern || "";
    s.sought = { pattern: text, regex: compile(text, s.settings), backward: direction === "?" };
    const { line } = s.cursor;
    const from = direction === "/" ? { line, col: s.doc.line(line).length } : { line, col: 0 };
    return findNext(s, s.sought, from, direction === "?").line;
  }

  skip(re: RegExp): boolean {
    return this.match(re) !== null;
  }
}

/** Reads the range before a command; the rest is the command. */
export function readRange(s: State, text: string): { range: Range; rest: string } {
  const r = new Reader(s, text);
  r.skip(/^[\s:]*/);
  if (r.skip(/^%/)) return { range: { from: 0, to: s.doc.last, given: 2 }, rest: text.slice(r.at) };
  const first = r.address();
  let [from, to, given] = [first ?? s.cursor.line, first ?? s.cursor.line, first === null ? 0 : 1];
  while (r.skip(/^\s*[,;]/)) {
    const next = r.address() ?? s.cursor.line;
    [from, to, given] = [to, next, 2];
  }
  if (from > to) [from, to] = [to, from];
  if (from < -1 || (given > 0 && to > s.doc.last)) throw new Refused("E16: Invalid range");
  return { range: { from: Math.max(0, from), to: Math.max(0, to), given }, rest: text.slice(r.at) };
}
