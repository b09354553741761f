// fields.ts - collects the pieces of an expanded word into fields.
//
// Keeps two spellings of each field: its text, and the text as a pattern, in
// which everything quoted is escaped.

import type { Word } from "./ast.ts";
import { escapePattern, hasGlob, escapeRegex } from "./pattern.ts";

/** What the result is for; decides how quoted text is escaped. */
export type Purpose = "fields" | "text" | "pattern" | "regex" | "replacement";

export interface Field {
  text: string;
  pattern: string;
  glob: boolean;
}

const GLOB_CHARS = /[*?[]|[@+!]\(/;

/** How an operation of ${…} expands the words inside it. */
export interface Expander {
  addDefault(f: Fields, w: Word, quoted: boolean): void;
  text(w: Word, purpose?: Purpose): string;
}

/** Adds the value of an expansion, split when unquoted. */
export function addValue(f: Fields, value: string, quoted: boolean): void {
  // Quotes mark their field themselves, unless there is a list in them.
  if (!quoted && f.purpose === "fields") f.addSplit(value);
  else if (value !== "") f.add(value, quoted);
}

export class Fields {
  readonly done: Field[] = [];
  private current: Field | null = null;
  /** The last split ended a field by white space: a separator may still follow. */
  private afterSpace = false;

  constructor(
    readonly purpose: Purpose,
    private readonly ifs: string,
  ) {}

  private open(): Field {
    return (this.current ??= { text: "", pattern: "", glob: false });
  }

  add(s: string, quoted: boolean): void {
    this.afterSpace = false;
    this.append(s, quoted);
  }

  private append(s: string, quoted: boolean): void {
    const f = this.open();
    f.text += s;
    if (this.purpose === "text") return;
    f.pattern += quoted
      ? this.escape(s)
      : this.purpose === "fields"
        ? s.replace(/\\(?![*?[\]\\])/g, "\\\\")
        : s;
    if (!quoted && GLOB_CHARS.test(s)) f.glob = true;
    // A pattern such as +( … ) may be put together from pieces.
    else if (!quoted && this.purpose === "fields" && s.includes("(")) f.glob ||= GLOB_CHARS.test(f.pattern);
  }

  private escape(s: string): string {
    if (this.purpose === "regex") return escapeRegex(s);
    if (this.purpose === "replacement") return s.replace(/[\\&]/g, "\\$&");
    return escapePattern(s);
  }

  /** Makes sure that the field exists, though empty: `""`. */
  mark(): void {
    this.open();
  }

  breakField(): void {
    if (this.current) this.done.push(this.current);
    this.current = null;
    this.afterSpace = false;
  }

  /** The elements of "$@" or "${a[@]}", each its own field. */
  addEach(items: readonly string[]): void {
    items.forEach((item, i) => {
      if (i > 0) this.breakField();
      this.add(item, true);
    });
  }

  /** The result of an unquoted expansion: split at IFS. */
  addSplit(s: string): void {
    const ifs = this.ifs;
    if (ifs === "" || !containsAny(s, ifs)) {
      if (s !== "") {
        this.append(s, false);
        this.afterSpace = false;
      }
      return;
    }
    let start = 0;
    for (let i = 0; i < s.length; i++) {
      if (!ifs.includes(s[i]!)) continue;
      if (i > start) this.add(s.slice(start, i), false);
      this.separator(s[i]!);
      start = i + 1;
    }
    if (start < s.length) this.add(s.slice(start), false);
  }

  private separator(c: string): void {
    const space = c === " " || c === "\t" || c === "\n";
    if (this.current) {
      this.done.push(this.current);
      this.current = null;
      this.afterSpace = space;
    } else if (!space) {
      if (this.afterSpace) this.afterSpace = false;
      else this.done.push({ text: "", pattern: "", glob: false });
    }
  }

  finish(): Field[] {
    this.breakField();
    for (const f of this.done) if (f.glob) f.glob = hasGlob(f.pattern);
    return this.done;
  }

  get isEmpty(): boolean {
    return this.current === null;
  }
}

function containsAny(s: string, chars: string): boolean {
  for (let i = 0; i < s.length; i++) if (chars.includes(s[i]!)) return true;
  return false;
}
