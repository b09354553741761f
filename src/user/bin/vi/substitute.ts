// substitute.ts - :s and :g.

import type { Range } from "./range.ts";
import { compile } from "./search.ts";
import { Refused, type State } from "./state.ts";

export interface Substitution {
  pattern: string;
  replacement: string;
  global: boolean;
  confirm: boolean;
  ignoreCase: boolean;
  /** Finding nothing is no mistake. */
  quiet: boolean;
}

/** Splits `/a/b/c` at its first character, which a backslash hides. */
export function splitAt(text: string, parts: number): string[] {
  const mark = text[0]!;
  const out = [""];
  for (let i = 1; i < text.length; i++) {
    if (text[i] === mark && out.length < parts) out.push("");
    else if (text[i] === "\\" && text[i + 1] === mark) out[out.length - 1] += text[++i]!;
    else if (text[i] === "\\" && i + 1 < text.length) out[out.length - 1] += text[i]! + text[++i]!;
    else out[out.length - 1] += text[i]!;
  }
  return out;
}

export function parseSubstitution(s: State, text: string, last: Substitution | null): Substitution {
  const again = /^\s*[&gciIen\s]*$/.exec(text);
  if (again) {
    if (!last) throw new Refused("E35: No previous regular expression");
    return { ...last, ...flags(text) };
  }
  if (/^[\w\s\\|"]/.test(text)) throw new Refused("E146: Regular expressions can't be delimited by letters");
  const [typed = "", replacement = "", options = ""] = splitAt(text, 3);
  const pattern = typed || s.sought?.pattern;
  if (pattern === undefined) throw new Refused("E35: No previous regular expression");
  if (/[^gcieI& ]/.test(options)) throw new Refused("E488: Trailing characters");
  return { pattern, replacement, ...flags(options) };
}

function flags(text: string): Omit<Substitution, "pattern" | "replacement"> {
  return {
    global: text.includes("g"),
    confirm: text.includes("c"),
    ignoreCase: text.includes("i"),
    quiet: text.includes("e"),
  };
}

/** & and \1 to \9 are what matched, \r or \n a new line. */
export function expandReplacement(template: string, m: RegExpExecArray): string {
  return template.replace(/\\([\s\S])|&/g, (whole, c: string | undefined) => {
    if (whole === "&") return m[0];
    if (/\d/.test(c!)) return m[Number(c)] ?? "";
    if (c === "r" || c === "n") return "\n";
    return c === "t" ? "\t" : c!;
  });
}

type Ask = (line: number, from: number, to: number) => Promise<"yes" | "no" | "all" | "last" | "quit">;

/** Substitutes in the lines of a range; how many times, in how many lines. */
export async function substitute(
  s: State,
  what: Substitution,
  range: Range,
  ask: Ask,
): Promise<{ times: number; lines: number }> {
  const regex = compile(what.pattern, {
    ...s.settings,
    ignorecase: s.settings.ignorecase || what.ignoreCase,
  });
  s.sought = { pattern: what.pattern, regex, backward: false };
  let [times, lines, line, end] = [0, 0, range.from, range.to];
  let confirm = what.confirm;
  let found = 0;
  while (line <= end) {
    const text = s.doc.line(line);
    let [out, at, done] = ["", 0, 0];
    for (const m of text.matchAll(regex)) {
      found++;
      const answer = confirm ? await ask(line, m.index, m.index + m[0].length) : "yes";
      if (answer === "all") confirm = false;
      if (answer === "quit" || answer === "last") end = -1;
      if (answer === "yes" || answer === "all" || answer === "last") {
        out += text.slice(at, m.index) + expandReplacement(what.replacement, m);
        at = m.index + m[0].length;
        done++;
      }
      if (!what.global || end < 0) break;
    }
    if (done > 0) {
      const added = (out + text.slice(at)).split("\n");
      s.doc.splice(line, 1, added);
      s.goTo(s.firstNonBlank(line + added.length - 1));
      line += added.length - 1;
      if (end >= 0) end += added.length - 1;
      times += done;
      lines++;
    }
    line++;
  }
  if (found === 0 && !what.quiet) throw new Refused(`E486: Pattern not found: ${what.pattern}`);
  return { times, lines };
}
