// hunks.ts - finds where the hunks of a diff belong and applies them, as patch(1):
// with lines that moved (offset) and context that changed (fuzz).

import type { Hunk } from "./parseDiff.ts";

export interface Outcome {
  ok: boolean;
  /** Line where the hunk went, or where it was looked for: in the new file. */
  at: number;
  fuzz: number;
  /** Lines between where the diff says it is and where it was found. */
  offset: number;
}

/** The lines of a text, each with its newline if it has one. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

interface Pattern {
  lines: string[];
  /** Kept lines at the beginning and at the end. */
  prefix: number;
  suffix: number;
}

function patternOf(hunk: Hunk): Pattern {
  const first = hunk.lines.findIndex((l) => l.kind !== " ");
  const last = hunk.lines.findLastIndex((l) => l.kind !== " ");
  return {
    lines: hunk.lines.filter((l) => l.kind !== "+").map((l) => l.text),
    prefix: first < 0 ? hunk.lines.length : first,
    suffix: hunk.lines.length - 1 - last,
  };
}

/** One file on its way from old to new. */
export class Patching {
  private readonly out: string[] = [];
  /** Input lines that are written already. */
  private frozen = 0;
  /** How far the hunks so far were from where the diff says. */
  private drift = 0;
  /** Lines that the hunks so far added, less those they removed. */
  grown = 0;

  constructor(
    private readonly input: string[],
    private readonly maxFuzz: number,
  ) {}

  /** Whether the hunk fits at all: nothing is changed. */
  fits(hunk: Hunk): boolean {
    return this.search(hunk) !== null;
  }

  apply(hunk: Hunk): Outcome {
    const found = this.search(hunk);
    if (!found) return { ok: false, at: first(hunk) + this.grown, fuzz: 0, offset: this.drift };
    const at = found.where + this.grown;
    this.write(hunk, found.where);
    this.drift = found.where - first(hunk);
    return { ok: true, at, fuzz: found.fuzz, offset: this.drift };
  }

  /** A hunk that is passed over: where it would have been. */
  skip(hunk: Hunk): Outcome {
    return { ok: false, at: first(hunk) + this.grown, fuzz: 0, offset: this.drift };
  }

  text(): string {
    return [...this.out, ...this.input.slice(this.frozen)].join("");
  }

  private search(hunk: Hunk): { where: number; fuzz: number } | null {
    const pattern = patternOf(hunk);
    const most = Math.min(this.maxFuzz, Math.max(pattern.prefix, pattern.suffix));
    for (let fuzz = 0; fuzz <= most; fuzz++) {
      const where = this.locate(hunk, pattern, fuzz);
      if (where > 0) return { where, fuzz };
    }
    return null;
  }

  /** The line where the pattern is, 0 when it is nowhere. */
  private locate(hunk: Hunk, pattern: Pattern, fuzz: number): number {
    const guess = first(hunk) + this.drift;
    const size = pattern.lines.length;
    if (size === 0) return guess > this.frozen && guess <= this.input.length + 1 ? guess : 0;
    const context = Math.max(pattern.prefix, pattern.suffix);
    // Less context on one side means that the file begins or ends there.
    const ahead = fuzz + pattern.prefix - context;
    const behind = fuzz + pattern.suffix - context;
    if (ahead < 0 && first(hunk) <= 1) {
      if (behind < 0 && size !== this.input.length) return 0;
      return this.matches(pattern, 1, 0, Math.max(behind, 0)) ? 1 : 0;
    }
    if (behind < 0) {
      const at = this.input.length - size + 1;
      return this.matches(pattern, at, Math.max(ahead, 0), 0) ? at : 0;
    }
    return this.nearest(pattern, guess, Math.max(ahead, 0), behind);
  }

  private nearest(pattern: Pattern, guess: number, ahead: number, behind: number): number {
    const far = Math.max(this.input.length, guess) + 1;
    for (let offset = 0; offset <= far; offset++) {
      for (const at of [guess + offset, guess - offset])
        if (this.matches(pattern, at, ahead, behind)) return at;
    }
    return 0;
  }

  private matches(pattern: Pattern, at: number, ahead: number, behind: number): boolean {
    if (at <= this.frozen || at + pattern.lines.length - 1 > this.input.length) return false;
    for (let i = ahead; i < pattern.lines.length - behind; i++)
      if (this.input[at - 1 + i] !== pattern.lines[i]) return false;
    return true;
  }

  /** Kept lines are the file's own, whatever the diff says they are. */
  private write(hunk: Hunk, where: number): void {
    this.out.push(...this.input.slice(this.frozen, where - 1));
    this.frozen = where - 1;
    for (const { kind, text } of hunk.lines) {
      if (kind === "+") this.out.push(text);
      else if (kind === " ") this.out.push(this.input[this.frozen++]!);
      else this.frozen++;
      if (kind !== " ") this.grown += kind === "+" ? 1 : -1;
    }
  }
}

/** A hunk that only adds is placed after its line, any other at it. */
const first = (hunk: Hunk): number => (hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart);

/** `Hunk #1 succeeded at 5 with fuzz 1 (offset 2 lines).`; null for one that fits as it is. */
export function outcomeText(outcome: Outcome, number: number): string | null {
  const { ok, at, fuzz, offset } = outcome;
  if (!ok) return `Hunk #${number} FAILED at ${at}.`;
  if (fuzz === 0 && offset === 0) return null;
  const moved = offset === 0 ? "" : ` (offset ${offset} line${offset === 1 ? "" : "s"})`;
  return `Hunk #${number} succeeded at ${at}${fuzz > 0 ? ` with fuzz ${fuzz}` : ""}${moved}.`;
}
