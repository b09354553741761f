// lexer.ts - awk source to tokens. A slash is a division or a regular expression by what precedes it.

import { AwkSyntax } from "./ast.ts";

export interface Token {
  kind: "num" | "str" | "regex" | "name" | "func" | "op" | "newline" | "end" | "keyword" | "builtin";
  text: string;
  line: number;
}

const KEYWORDS = new Set([
  "BEGIN",
  "END",
  "function",
  "func",
  "if",
  "else",
  "while",
  "for",
  "do",
  "break",
  "continue",
  "next",
  "nextfile",
  "exit",
  "return",
  "delete",
  "in",
  "getline",
  "print",
  "printf",
]);
export const BUILTINS = new Set([
  "length",
  "substr",
  "index",
  "split",
  "sub",
  "gsub",
  "gensub",
  "match",
  "sprintf",
  "sin",
  "cos",
  "atan2",
  "exp",
  "log",
  "sqrt",
  "int",
  "rand",
  "srand",
  "tolower",
  "toupper",
  "system",
  "close",
  "fflush",
  "strftime",
  "systime",
]);

const OPERATORS =
  /\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>|?:~$=,;(){}[\]]/y;

export function tokenize(src: string): Token[] {
  const out: Token[] = [];
  let line = 1;
  let i = 0;
  const push = (kind: Token["kind"], text: string): void => void out.push({ kind, text, line });
  const match = (re: RegExp): string | null => {
    re.lastIndex = i;
    return re.exec(src)?.[0] ?? null;
  };
  while (i < src.length) {
    const space = match(/(?:[ \t\r]|\\\n|#[^\n]*)+/y);
    if (space !== null) {
      line += (space.match(/\\\n/g) ?? []).length;
      i += space.length;
      continue;
    }
    const c = src[i]!;
    if (c === "\n") {
      push("newline", c);
      line++;
      i++;
    } else if (c === '"') {
      const end = stringEnd(src, i, line);
      push("str", unescape(src.slice(i + 1, end)));
      i = end + 1;
    } else if (c === "/" && regexAllowed(out.at(-1))) {
      const end = regexEnd(src, i, line);
      push("regex", src.slice(i + 1, end).replace(/\\\//g, "/"));
      i = end + 1;
    } else {
      const number = match(/0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y);
      const name = number === null ? match(/[A-Za-z_]\w*/y) : null;
      const op = number === null && name === null ? match(OPERATORS) : null;
      const text = number ?? name ?? op;
      if (text === null) throw new AwkSyntax(line, `syntax error at or near ${c}`);
      if (number !== null) push("num", number);
      else if (name !== null) push(nameKind(name, src[i + name.length]), name);
      else push("op", text);
      i += text.length;
    }
  }
  push("newline", "\n");
  push("end", "");
  return out;
}

function nameKind(name: string, next: string | undefined): Token["kind"] {
  if (KEYWORDS.has(name)) return "keyword";
  if (BUILTINS.has(name)) return "builtin";
  return next === "(" ? "func" : "name";
}

function regexAllowed(last: Token | undefined): boolean {
  if (!last) return true;
  if (["num", "str", "name", "regex", "builtin"].includes(last.kind)) return false;
  return !(last.kind === "op" && [")", "]", "$", "++", "--"].includes(last.text)) && last.text !== "getline";
}

function stringEnd(src: string, from: number, line: number): number {
  for (let i = from + 1; i < src.length; i++) {
    if (src[i] === "\\") i++;
    else if (src[i] === '"') return i;
    else if (src[i] === "\n") break;
  }
  throw new AwkSyntax(line, "runaway string constant");
}

function regexEnd(src: string, from: number, line: number): number {
  let bracket = false;
  for (let i = from + 1; i < src.length; i++) {
    const c = src[i]!;
    if (c === "\\") i++;
    else if (c === "[" && !bracket) {
      bracket = true;
      if (src[i + 1] === "^") i++;
      if (src[i + 1] === "]") i++;
    } else if (c === "]") bracket = false;
    else if (c === "/" && !bracket) return i;
    else if (c === "\n") break;
  }
  throw new AwkSyntax(line, "regular expression unterminated");
}

const ESCAPES: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "/": "/",
  '"': '"',
  "\\": "\\",
};

export function unescape(s: string): string {
  return s.replace(/\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|\n|[\s\S])/g, (whole, c: string) => {
    if (c === "\n") return "";
    if (/^[0-7]/.test(c)) return String.fromCharCode(parseInt(c, 8));
    if (/^x./.test(c)) return String.fromCharCode(parseInt(c.slice(1), 16));
    return ESCAPES[c] ?? whole;
  });
}
