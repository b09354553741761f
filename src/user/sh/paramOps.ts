// paramOps.ts - the string operations of ${x#…}, ${x/…/…}, ${x^^}, ${x@Q}.

import { matches, type MatchStyle, patternRegex, patternSource } from "./pattern.ts";
import { ansiUnescape, doubleQuote, singleQuote } from "./quote.ts";
import type { Shell } from "./shell.ts";
import { arrayElements, Attr, type Var } from "./vars.ts";

/** Unlike `[[ == ]]` these know extended patterns only with `shopt -s extglob`. */
const styleOf = (sh: Shell): MatchStyle => ({
  path: false,
  ignoreCase: false,
  extglob: sh.shopts["extglob"] === true,
});

/** `#`, `##`, `%`, `%%`. */
export function removePattern(sh: Shell, s: string, pattern: string, op: string): string {
  if (!/[\\*?[(]/.test(pattern)) return removeLiteral(s, pattern, op);
  const style = styleOf(sh);
  if (style.extglob && /[?*+@!]\(/.test(pattern)) return removeByTrying(s, pattern, op);
  const source = patternSource(pattern, style);
  try {
    if (op === "##") return s.replace(new RegExp(`^(?:${source})`, "su"), "");
    if (op === "#") return s.replace(new RegExp(`^(?:${source.replace(/\.\*/g, ".*?")})`, "su"), "");
    const group = op === "%" ? "(.*)" : "(.*?)";
    const m = new RegExp(`^${group}(?:${source})$`, "su").exec(s);
    return m ? m[1]! : s;
  } catch {
    return s;
  }
}

function removeLiteral(s: string, text: string, op: string): string {
  if (op[0] === "#") return s.startsWith(text) ? s.slice(text.length) : s;
  return text !== "" && s.endsWith(text) ? s.slice(0, -text.length) : s;
}

/** Extended patterns: no regular expression finds their shortest match at once. */
function removeByTrying(s: string, pattern: string, op: string): string {
  const re = patternRegex(pattern);
  const n = s.length;
  for (let k = 0; k <= n; k++) {
    const len = op.length === 1 ? k : n - k;
    const piece = op[0] === "#" ? s.slice(0, len) : s.slice(n - len);
    if (re.test(piece)) return op[0] === "#" ? s.slice(len) : s.slice(0, n - len);
  }
  return s;
}

/** `/`, `//`, `/#`, `/%`. `by` has backslashes before characters that were quoted. */
export function replacePattern(sh: Shell, s: string, pattern: string, by: string, op: string): string {
  if (pattern === "" && op !== "/#" && op !== "/%") return s;
  const style = styleOf(sh);
  if (style.extglob && pattern.includes("!("))
    return replaceByTrying(s, pattern, op, (m) => replaced(sh, by, m));
  const source = patternSource(pattern, style);
  const anchored = op === "/#" ? `^(?:${source})` : op === "/%" ? `(?:${source})$` : `(?:${source})`;
  const flags = (op === "//" ? "g" : "") + "su" + (sh.shopts["nocasematch"] ? "i" : "");
  try {
    return s.replace(new RegExp(anchored, flags), (m: string) =>
      m === "" && op === "//" ? "" : replaced(sh, by, m),
    );
  } catch {
    return s;
  }
}

/** The replacement for a matched text: `&` stands for it. */
function replaced(sh: Shell, by: string, m: string): string {
  const ampersand = sh.shopts["patsub_replacement"] === true;
  return by.replace(/\\([\\&])|&/g, (c, quoted: string | undefined) => quoted ?? (ampersand ? m : c));
}

/** Patterns with `!( )`: the longest match at each place. */
function replaceByTrying(s: string, pattern: string, op: string, by: (m: string) => string): string {
  const re = patternRegex(pattern);
  let out = "";
  for (let i = 0; i < s.length;) {
    let end = s.length;
    while (end > i && !(re.test(s.slice(i, end)) && (op !== "/%" || end === s.length))) end--;
    if (end === i) {
      if (op === "/#") return s;
      out += s[i++]!;
      continue;
    }
    out += by(s.slice(i, end));
    i = end;
    if (op !== "//") return out + s.slice(i);
  }
  return out;
}

/** As towupper(3): ß stays one character. */
export function upperCase(s: string): string {
  return [...s].map((c) => (c.toUpperCase().length === c.length ? c.toUpperCase() : c)).join("");
}

/** `^`, `^^`, `,`, `,,`, `~`, `~~`. */
export function changeCase(s: string, pattern: string, op: string): string {
  const change = (c: string): string => {
    if (!matches(pattern, c)) return c;
    if (op[0] === "^") return upperCase(c);
    if (op[0] === ",") return c.toLowerCase();
    return c === upperCase(c) ? c.toLowerCase() : upperCase(c);
  };
  const chars = [...s];
  if (op.length === 2) return chars.map(change).join("");
  return chars.length === 0 ? s : change(chars[0]!) + chars.slice(1).join("");
}

/** `@Q` and friends. `a`, `A`, `K`, `k` concern the variable, not its value. */
export function transform(
  sh: Shell,
  name: string,
  index: string | null,
  s: string,
  op: string,
): string | string[] {
  const v = sh.vars.find(name);
  const whole = index === "@" || index === "*";
  switch (op) {
    case "Q":
      return singleQuote(s);
    case "E":
      return ansiUnescape(s).text;
    case "U":
      return s.toUpperCase();
    case "L":
      return s.toLowerCase();
    case "u":
      return s.charAt(0).toUpperCase() + s.slice(1);
    case "P":
      return sh.hooks.promptNow(sh, s);
    case "a":
      return v ? attributeLetters(v) : "";
    case "A":
      return v ? declaration(name, v) : "";
    case "K":
      return whole && v
        ? arrayElements(v)
            .map(([k, x]) => (v.map ? `${quoteKey(k)} ${doubleQuote(x)} ` : `${k} ${doubleQuote(x)}`))
            .join(v.map ? "" : " ")
        : singleQuote(s);
    case "k":
      return whole && v ? arrayElements(v).flat() : singleQuote(s);
    default:
      return s;
  }
}

const LETTERS: [number, string][] = [
  [Attr.INTEGER, "i"],
  [Attr.NAMEREF, "n"],
  [Attr.READONLY, "r"],
  [Attr.EXPORT, "x"],
  [Attr.LOWER, "l"],
  [Attr.UPPER, "u"],
];

export function attributeLetters(v: Var): string {
  let out = v.map ? "A" : v.list ? "a" : "";
  for (const [bit, letter] of LETTERS) if ((v.attrs & bit) !== 0) out += letter;
  return out;
}

/** `${x@A}`: a statement that makes the variable again. */
function declaration(name: string, v: Var): string {
  const letters = attributeLetters(v);
  const value = v.list || v.map ? arrayLiteral(v) : v.value === undefined ? "" : singleQuote(v.value);
  if (letters === "") return `${name}=${value}`;
  return `declare -${letters} ${name}${value === "" && v.value === undefined && !v.list && !v.map ? "" : `=${value}`}`;
}

export function arrayLiteral(v: Var): string {
  const items = arrayElements(v).map(([k, s]) => `[${v.map ? quoteKey(k) : k}]=${doubleQuote(s)}`);
  return v.map && items.length > 0 ? `(${items.join(" ")} )` : `(${items.join(" ")})`;
}

function quoteKey(k: string): string {
  return /^[\w.@%+:,/=\u0080-\uffff-]+$/.test(k) ? k : doubleQuote(k);
}
