// regex.ts - POSIX basic and extended regular expressions as JavaScript's.
//
// Difference from POSIX: an alternation takes its first match, not its longest.

import { bracket } from "./sh/patternParts.ts";

export interface RegexStyle {
  extended: boolean;
  ignoreCase?: boolean;
  /** Extra JavaScript flags: g, m, y. */
  flags?: string;
}

const ESCAPES: Record<string, string> = {
  w: "[\\p{L}\\p{N}_]",
  W: "[^\\p{L}\\p{N}_]",
  s: "\\s",
  S: "\\S",
  b: "(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))",
  B: "(?:(?<=[\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_]))",
  "<": "(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])",
  ">": "(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])",
  "`": "(?<![\\s\\S])",
  "'": "(?![\\s\\S])",
  n: "\\n",
  t: "\\t",
};

/** Throws SyntaxError when `source` is no regular expression. */
export function posixRegex(source: string, style: RegexStyle): RegExp {
  const flags = "su" + (style.ignoreCase ? "i" : "") + (style.flags ?? "");
  return compileRegex(regexSource(source, style.extended), flags);
}

/** A translated expression; what is wrong with it is said in regcomp(3)'s words. */
export function compileRegex(translated: string, flags: string): RegExp {
  try {
    return new RegExp(translated, flags);
  } catch (error) {
    throw new SyntaxError(posixMessage((error as Error).message), { cause: error });
  }
}

const MESSAGES: [RegExp, string][] = [
  [/Nothing to repeat/, "Invalid preceding regular expression"],
  [/numbers out of order/, "Invalid content of \\{\\}"],
  [/Range out of order/, "Invalid range end"],
  [/Unterminated character class|missing terminating \]/, "Unmatched [, [^, [:, [., or [="],
  [/Unterminated group|Unmatched|missing \)/i, "Unmatched ( or \\("],
];

/** What JavaScript says about a regular expression, in regcomp(3)'s words: the same in every engine. */
function posixMessage(message: string): string {
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? "Invalid regular expression";
}

export function regexSource(source: string, extended: boolean): string {
  return new Translator(source, extended).run();
}

class Translator {
  private out = "";
  private at = 0;
  private depth = 0;
  /** Whether something that can be repeated precedes. */
  private atom = false;

  constructor(
    private readonly s: string,
    private readonly extended: boolean,
  ) {}

  run(): string {
    while (this.at < this.s.length) this.step();
    return this.out;
  }

  private emit(text: string, atom = true): void {
    this.out += text;
    this.atom = atom;
  }

  private step(): void {
    const c = this.s[this.at]!;
    if (c === "\\") return this.escape();
    if (c === "[") {
      const end = bracketEnd(this.s, this.at);
      // In a POSIX bracket a backslash and a leading ! are ordinary characters.
      const unknown =
        /\[:(?!(?:alpha|digit|alnum|upper|lower|space|blank|punct|print|graph|cntrl|xdigit):\])\w*:\]/;
      if (end <= this.s.length && unknown.test(this.s.slice(this.at + 1, end)))
        throw new SyntaxError("Invalid character class name");
      const text = this.s.slice(this.at, end).replace(/\\/g, "\\\\").replace(/^\[!/, "[\\!");
      const set = bracket(text, 0);
      if (!set) throw new SyntaxError("Unmatched [, [^, [:, [., or [=");
      this.at = end;
      return this.emit(set.source);
    }
    const whole = String.fromCodePoint(this.s.codePointAt(this.at)!);
    this.at += whole.length;
    if (c === ".") return this.emit(".");
    if (c === "*") return this.star();
    if (c === "^") return this.caret();
    if (c === "$") return this.dollar();
    if (this.extended && "(){}|+?".includes(c)) return this.operator(c);
    this.emit(/[(){}|+?/]/.test(c) || c === "]" ? `\\${c}` : whole);
  }

  private star(): void {
    if (!this.atom) return this.emit("\\*");
    // `a**` is `a*` in POSIX and an error in JavaScript.
    if (!/(^|[^\\])\*$/.test(this.out)) this.out += "*";
  }

  private caret(): void {
    if (this.extended || this.out === "" || /(\(|\||\(\?:)$/.test(this.out)) this.emit("^", false);
    else this.emit("\\^");
  }

  private dollar(): void {
    const rest = this.s.slice(this.at);
    if (this.extended || rest === "" || rest.startsWith("\\)") || rest.startsWith("\\|"))
      this.emit("$", false);
    else this.emit("\\$");
  }

  private operator(c: string): void {
    if (c === "(") {
      this.depth++;
      return this.emit("(", false);
    }
    if (c === ")") {
      if (this.depth === 0) {
        if (this.extended) return this.emit("\\)");
        throw new SyntaxError("Unmatched ) or \\)");
      }
      this.depth--;
      return this.emit(")");
    }
    if (c === "|") return this.emit("|", false);
    if (c === "{") return this.interval("}");
    if (c === "}") return this.emit("\\}");
    if (!this.atom) return this.emit(`\\${c}`);
    if (!/(^|[^\\])[*+?]$/.test(this.out)) this.out += c;
    else if (c !== "?") this.out = this.out.slice(0, -1) + "*";
  }

  private interval(close: string): void {
    const m = new RegExp(`^(\\d*)(,?)(\\d*)${close === "}" ? "\\}" : "\\\\\\}"}`).exec(this.s.slice(this.at));
    if (!m || (m[1] === "" && m[2] === "")) {
      if (this.extended) return this.emit("\\{");
      const closed = this.s.indexOf("\\}", this.at) >= 0;
      throw new SyntaxError(closed ? "Invalid content of \\{\\}" : "Unmatched \\{");
    }
    this.at += m[0].length;
    this.out += `{${m[1] === "" ? "0" : m[1]}${m[2]}${m[3]}}`;
  }

  private escape(): void {
    const next = this.s[this.at + 1];
    if (next === undefined) throw new SyntaxError("Trailing backslash");
    const whole = String.fromCodePoint(this.s.codePointAt(this.at + 1)!);
    this.at += 1 + whole.length;
    if (!this.extended && "(){}|+?".includes(next)) {
      if (next === "{") return this.interval("\\}");
      return this.operator(next);
    }
    if (/[1-9]/.test(next)) return this.emit(`(?:\\${next})`);
    const special = ESCAPES[next];
    if (special !== undefined) return this.emit(special, !/[bB<>`']/.test(next));
    this.emit(/[\\^$.*+?()[\]{}|/]/.test(next) ? `\\${next}` : whole);
  }
}

function bracketEnd(s: string, open: number): number {
  let i = open + 1;
  if (s[i] === "^") i++;
  if (s[i] === "]") i++;
  while (i < s.length && s[i] !== "]") {
    const named = /^\[([:.=])[\s\S]*?\1\]/.exec(s.slice(i));
    i += named ? named[0].length : 1;
  }
  return i + 1;
}
