// search.ts - patterns: where they are in a line, and which line is next.

import { posixRegex } from "../../regex.ts";
import type { View } from "./view.ts";

export type CaseRule = "exact" | "smart" | "ignore";

export class Search {
  private constructor(
    readonly pattern: string,
    private readonly regex: RegExp,
    readonly backward: boolean,
    /** `!` after the slash: lines that do not match. */
    private readonly inverse: boolean,
  ) {}

  /** The reason when it is no pattern. */
  static parse(text: string, backward: boolean, rule: CaseRule): Search | string {
    const inverse = text.startsWith("!");
    const pattern = inverse ? text.slice(1) : text;
    const ignoreCase = rule === "ignore" || (rule === "smart" && !/\p{Lu}/u.test(pattern));
    try {
      const regex = posixRegex(pattern, { extended: true, ignoreCase, flags: "g" });
      return new Search(pattern, regex, backward, inverse);
    } catch {
      return "Invalid pattern";
    }
  }

  turned(): Search {
    return new Search(this.pattern, this.regex, !this.backward, this.inverse);
  }

  matches(plain: string): [number, number][] {
    if (this.inverse) return [];
    return [...plain.matchAll(this.regex)].map((m) => [m.index, m.index + m[0].length]);
  }

  found(plain: string): boolean {
    this.regex.lastIndex = 0;
    return this.regex.test(plain) !== this.inverse;
  }

  /** The next line that matches among those that were read; -1 when there is none. */
  lineFrom(view: View, start: number, backward: boolean): number {
    const step = backward ? -1 : 1;
    for (let i = start; i >= 0 && i < view.source.count; i += step) if (this.found(view.plain(i))) return i;
    return -1;
  }
}
