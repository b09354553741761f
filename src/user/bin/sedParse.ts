// sedParse.ts - the text of a sed script to commands.

import { posixRegex } from "../regex.ts";

export type Address =
  | { kind: "line"; n: number }
  | { kind: "last" }
  | { kind: "regex"; re: RegExp }
  | { kind: "step"; first: number; step: number }
  | { kind: "plus"; n: number }
  | { kind: "multiple"; n: number };

export interface Substitution {
  re: RegExp;
  with: (match: string, groups: (string | undefined)[]) => string;
  nth: number;
  global: boolean;
  print: boolean;
  /** The result is a command; its output takes the line's place. */
  run: boolean;
  file: string | null;
}

export interface SedCommand {
  name: string;
  from: Address | null;
  to: Address | null;
  negate: boolean;
  /** Text of a, i, c; label of b, t; file of r, w. */
  text: string;
  number: number;
  subst: Substitution | null;
  map: Map<string, string> | null;
  /** Where `{` and branches lead; -1 is the end. */
  jump: number;
}

export class SedError extends Error {
  constructor(
    /** Where in the script; null for the script as a whole. */
    readonly position: number | null,
    message: string,
  ) {
    super(message);
  }
}

export function parseSed(script: string, extended: boolean): SedCommand[] {
  return new SedParser(script, extended).parse();
}

const BRACKET_ESCAPES: Record<string, string> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

class SedParser {
  private at = 0;
  private readonly out: SedCommand[] = [];
  private last: RegExp | null = null;

  constructor(
    private readonly s: string,
    private readonly extended: boolean,
  ) {}

  private fail(message: string): never {
    throw new SedError(this.at, message);
  }

  parse(): SedCommand[] {
    const open: SedCommand[] = [];
    for (;;) {
      this.skip(/[\s;]*/y);
      if (this.at >= this.s.length) break;
      if (this.s[this.at] === "#") {
        this.skip(/[^\n]*/y);
        continue;
      }
      const cmd = this.command();
      if (cmd.name === "{") open.push(cmd);
      if (cmd.name === "}") {
        const start = open.pop();
        if (!start) this.fail("unexpected `}'");
        start!.jump = this.out.length;
      }
      this.out.push(cmd);
    }
    if (open.length > 0) {
      this.at = 0;
      this.fail("unmatched `{'");
    }
    this.resolve();
    return this.out;
  }

  /** Labels to positions. */
  private resolve(): void {
    for (const c of this.out) {
      if (!/^[btT]$/.test(c.name)) continue;
      c.jump = c.text === "" ? -1 : this.out.findIndex((d) => d.name === ":" && d.text === c.text);
      if (c.text !== "" && c.jump < 0) throw new SedError(null, `can't find label for jump to \`${c.text}'`);
    }
  }

  private skip(re: RegExp): string {
    re.lastIndex = this.at;
    const m = re.exec(this.s)?.[0] ?? "";
    this.at += m.length;
    return m;
  }

  private address(): Address | null {
    const c = this.s[this.at];
    if (c === undefined) return null;
    if (/\d/.test(c)) {
      const n = Number(this.skip(/\d+/y));
      if (this.s[this.at] !== "~") return { kind: "line", n };
      this.at++;
      return { kind: "step", first: n, step: Number(this.skip(/\d*/y)) };
    }
    if (c === "$") {
      this.at++;
      return { kind: "last" };
    }
    if (c !== "/" && c !== "\\") return null;
    if (c === "\\") this.at++;
    const delimiter = this.s[this.at++]!;
    const source = this.until(delimiter, "unterminated address regex", true);
    const flags = this.skip(/[IM]*/y);
    return { kind: "regex", re: this.regex(source, flags.replace("M", "m").replace("I", "i")) };
  }

  private regex(source: string, flags: string): RegExp {
    if (source === "") {
      if (!this.last) this.fail("no previous regular expression");
      return this.last!;
    }
    try {
      this.last = posixRegex(source, { extended: this.extended, flags });
    } catch (e) {
      this.fail(e instanceof SyntaxError ? e.message : String(e));
    }
    return this.last!;
  }

  /** Text up to an unescaped delimiter. */
  private until(delimiter: string, unfinished: string, regex: boolean): string {
    let out = "";
    let bracket = false;
    for (; this.at < this.s.length; this.at++) {
      const c = this.s[this.at]!;
      if (c === "\\" && bracket) {
        // GNU's escapes; any other backslash is one, and a `]` behind it ends the list.
        const next = this.s[this.at + 1] ?? "";
        const meant = next === delimiter ? next : BRACKET_ESCAPES[next];
        if (meant !== undefined) this.at++;
        out += meant ?? c;
        continue;
      }
      if (c === "\\") {
        const next = this.s[++this.at] ?? "";
        if (next === delimiter) out += /[\^$.*[\]()+?{}|]/.test(delimiter) && regex ? `\\${next}` : next;
        else if (next === "n") out += regex ? "\\n" : "\n";
        else out += `\\${next}`;
        continue;
      }
      if (regex && c === "[" && !bracket) {
        bracket = true;
        out += c;
        if (this.s[this.at + 1] === "^") out += this.s[++this.at]!;
        if (this.s[this.at + 1] === "]") out += this.s[++this.at]!;
        continue;
      }
      if (bracket && c === "]") bracket = false;
      else if (bracket && c === "[" && /[:.=]/.test(this.s[this.at + 1] ?? "")) {
        const close = this.s.indexOf(`${this.s[this.at + 1]}]`, this.at + 2);
        if (close > 0) {
          out += this.s.slice(this.at, close + 2);
          this.at = close + 1;
          continue;
        }
      }
      if (c === delimiter && !bracket) {
        this.at++;
        return out;
      }
      out += c;
    }
    return this.fail(unfinished);
  }

  private command(): SedCommand {
    const from = this.address();
    let to: Address | null = null;
    this.skip(/[ \t]*/y);
    if (from && this.s[this.at] === ",") {
      this.at++;
      this.skip(/[ \t]*/y);
      const mark = this.s[this.at];
      if (mark === "+" || mark === "~") {
        this.at++;
        to = { kind: mark === "+" ? "plus" : "multiple", n: Number(this.skip(/\d+/y)) };
      } else to = this.address();
      if (!to) {
        this.at++;
        this.fail("unexpected `,'");
      }
    }
    const negate = this.skip(/[ \t]*(!\s*)*/y).includes("!");
    const name = this.s[this.at++];
    if (name === undefined) this.fail("missing command");
    const cmd: SedCommand = {
      name: name!,
      from,
      to,
      negate,
      text: "",
      number: 0,
      subst: null,
      map: null,
      jump: -1,
    };
    if (from?.kind === "line" && from.n === 0 && to?.kind !== "regex")
      this.fail("invalid usage of line address 0");
    this.argument(cmd);
    return cmd;
  }

  private argument(cmd: SedCommand): void {
    switch (cmd.name) {
      case "s":
        cmd.subst = this.substitution();
        break;
      case "y":
        cmd.map = this.transliteration();
        break;
      case "a":
      case "i":
      case "c":
        cmd.text = this.textArgument();
        return;
      case "r":
      case "R":
      case "w":
      case "W":
      case "e":
        this.skip(/[ \t]*/y);
        cmd.text = this.skip(/[^\n]*/y);
        if (cmd.text === "" && cmd.name !== "e") this.fail("missing filename in r/R/w/W commands");
        return;
      case ":":
        this.skip(/[ \t]*/y);
        cmd.text = this.skip(/[^\n;]*/y).trim();
        if (cmd.text === "") this.fail('":" lacks a label');
        return;
      case "b":
      case "t":
      case "T":
        this.skip(/[ \t]*/y);
        cmd.text = this.skip(/[^\n;}]*/y).trim();
        return;
      case "q":
      case "Q":
      case "l":
        this.skip(/[ \t]*/y);
        cmd.number = Number(this.skip(/\d*/y));
        break;
      case "{":
        return;
      case "}":
      case "d":
      case "D":
      case "g":
      case "G":
      case "h":
      case "H":
      case "n":
      case "N":
      case "p":
      case "P":
      case "x":
      case "=":
      case "z":
      case "F":
        break;
      default:
        this.fail(`unknown command: \`${cmd.name}'`);
    }
    this.skip(/[ \t]*/y);
    const next = this.s[this.at];
    if (next !== undefined && !/[\n;}#]/.test(next)) {
      this.at++;
      this.fail("extra characters after command");
    }
  }

  private textArgument(): string {
    this.skip(/[ \t]*/y);
    if (this.at >= this.s.length) this.fail("expected \\ after `a', `c' or `i'");
    if (this.s[this.at] === "\\") {
      this.at++;
      // `a\` and a new line, or GNU's `a\  text`, which keeps the blanks.
      const blanks = this.skip(/[ \t]*/y);
      if (this.s[this.at] === "\n") this.at++;
      else this.at -= blanks.length;
    }
    let out = "";
    for (; this.at < this.s.length; this.at++) {
      const c = this.s[this.at]!;
      if (c === "\n") break;
      if (c === "\\") {
        const next = this.s[++this.at] ?? "";
        out += next === "t" ? "\t" : next;
      } else out += c;
    }
    return out;
  }

  private substitution(): Substitution {
    const delimiter = this.s[this.at++];
    if (delimiter === undefined || delimiter === "\n" || delimiter === "\\")
      this.fail("unterminated `s' command");
    const source = this.until(delimiter!, "unterminated `s' command", true);
    const replacement = this.until(delimiter!, "unterminated `s' command", false);
    let flags = "g";
    const s = { nth: 1, global: false, print: false, run: false, file: null as string | null };
    let numbered = false;
    for (;;) {
      const f = this.s[this.at];
      if ((f === "g" && s.global) || (f === "p" && s.print)) {
        this.at++;
        this.fail(`multiple \`${f}' options to \`s' command`);
      }
      if (f === "g") s.global = true;
      else if (f === "p") s.print = true;
      else if (f === "i" || f === "I") flags += "i";
      else if (f === "m" || f === "M") flags += "m";
      else if (f === "e") s.run = true;
      else if (f === "w") {
        this.at++;
        this.skip(/[ \t]*/y);
        s.file = this.skip(/[^\n]*/y);
        break;
      } else if (f !== undefined && /\d/.test(f)) {
        if (numbered) this.fail("multiple number options to `s' command");
        s.nth = Number(this.skip(/\d+/y));
        if (s.nth === 0) this.fail("number option to `s' command may not be zero");
        numbered = true;
        continue;
      } else break;
      this.at++;
    }
    const next = this.s[this.at];
    if (next !== undefined && !/[\s;}#]/.test(next)) {
      this.at++;
      this.fail("unknown option to `s'");
    }
    const re = this.regex(source, flags);
    const groups = new RegExp(`${re.source}|`).exec("")!.length - 1;
    for (const [, digit] of replacement.matchAll(/\\([1-9\D])/g))
      if (Number(digit) > groups) this.fail(`invalid reference \\${digit} on \`s' command's RHS`);
    return { ...s, re, with: replacer(replacement) };
  }

  private transliteration(): Map<string, string> {
    const delimiter = this.s[this.at++]!;
    const clean = (t: string): string[] => [...t.replace(/\\(.)/g, (_m, c: string) => ESCAPES[c] ?? c)];
    const from = clean(this.until(delimiter, "unterminated `y' command", false));
    const to = clean(this.until(delimiter, "unterminated `y' command", false));
    if (from.length !== to.length) this.fail("strings for `y' command are different lengths");
    return new Map(from.map((c, i) => [c, to[i]!]));
  }
}

/** Of the replacement and of y: what a letter behind a backslash stands for. */
const ESCAPES: Record<string, string> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

type Piece = string | number | { change: "U" | "L" | "u" | "l" | "E" };

/** The replacement side of s///: groups, & and case changes. */
function replacer(text: string): Substitution["with"] {
  const pieces: Piece[] = [];
  for (const m of text.matchAll(/\\([\s\S])|&|[^\\&]+/g)) {
    const c = m[1];
    if (m[0] === "&") pieces.push(0);
    else if (c === undefined) pieces.push(m[0]);
    else if (/\d/.test(c)) pieces.push(Number(c));
    else if (/[ULulE]/.test(c)) pieces.push({ change: c as "U" });
    else pieces.push(ESCAPES[c] ?? c);
  }
  const plain = pieces.every((p) => typeof p !== "object");
  return (match, groups) => {
    const value = (p: string | number): string =>
      typeof p === "string" ? p : p === 0 ? match : (groups[p - 1] ?? "");
    return plain ? pieces.map((p) => value(p as string | number)).join("") : withCase(pieces, value);
  };
}

function withCase(pieces: Piece[], value: (p: string | number) => string): string {
  let out = "";
  let run = "E";
  let once = "";
  for (const p of pieces) {
    if (typeof p === "object") {
      if (/[UL]/.test(p.change) || p.change === "E") run = p.change;
      else once = p.change;
      continue;
    }
    let s = value(p);
    if (s === "") continue;
    if (run === "U") s = s.toUpperCase();
    else if (run === "L") s = s.toLowerCase();
    if (once !== "") s = (once === "u" ? s[0]!.toUpperCase() : s[0]!.toLowerCase()) + s.slice(1);
    once = "";
    out += s;
  }
  return out;
}
