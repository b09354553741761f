// quote.ts - writing a string so that the shell reads it back.

import { decode, encode } from "../text.ts";

/** Controls, and bytes that are no character. */
const UNPRINTABLE = /[\x00-\x1f\x7f\udc80-\udcff]/u;

/** As `printf %q` and tracing: bare when safe, else backslashes or $'…'. */
export function shellQuote(s: string): string {
  if (s === "") return "''";
  if (UNPRINTABLE.test(s)) return ansiQuote(s);
  return s
    .replace(/[^A-Za-z0-9_@%+=:./~#-]/gu, (c) => (c.charCodeAt(0) > 127 ? c : `\\${c}`))
    .replace(/^[~#]/, "\\$&");
}

/** As `set -x` and `${x@Q}`: single quotes. */
export function singleQuote(s: string): string {
  if (UNPRINTABLE.test(s)) return ansiQuote(s);
  return `'${s.replaceAll("'", "'\\''")}'`;
}

/** As `set -x`: quotes only where needed, $'…' only where nothing else needs them. */
export function traceQuote(s: string): string {
  if (s === "") return "''";
  if (/[\s'"\\|&;()<>!{}*[?\]^$`]|^[~#]|[=:]~/.test(s)) return `'${s.replaceAll("'", "'\\''")}'`;
  return UNPRINTABLE.test(s) ? ansiQuote(s) : s;
}

/** As `declare -p`: double quotes. */
export function doubleQuote(s: string): string {
  if (UNPRINTABLE.test(s)) return ansiQuote(s);
  return `"${s.replace(/[\\"$`]/g, "\\$&")}"`;
}

const NAMED: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\E",
};

function ansiQuote(s: string): string {
  const body = s.replace(/[\x00-\x1f\x7f\udc80-\udcff\\']/gu, (c) => {
    if (c === "\\" || c === "'") return `\\${c}`;
    return NAMED[c] ?? `\\${(c.charCodeAt(0) & 255).toString(8).padStart(3, "0")}`;
  });
  return `$'${body}'`;
}

/** Undoes backslashes as $'…', echo -e and printf %b do. */
export function ansiUnescape(s: string, octalNeedsZero = false): { text: string; stop: boolean } {
  if (!s.includes("\\")) return { text: s, stop: false };
  let out = "";
  let stop = false;
  const re =
    /\\(c|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|0[0-7]{0,3}|[1-7][0-7]{0,2}|[\s\S])|\\$|[^\\]+/g;
  for (let m = re.exec(s); m; m = re.exec(s)) {
    const code = m[1];
    if (code === undefined) out += m[0];
    else if (code === "c") {
      stop = true;
      break;
    } else out += escapeValue(code, octalNeedsZero, m[0]);
  }
  return { text: joinBytes(out), stop };
}

const ESCAPES: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

function escapeValue(code: string, octalNeedsZero: boolean, whole: string): string {
  if (/^[xuU]./.test(code)) {
    const n = parseInt(code.slice(1), 16);
    return code[0] === "x" ? byteChar(n) : n <= 0x10ffff ? String.fromCodePoint(n) : beyondUnicode(n);
  }
  if (/^0/.test(code)) return byteChar(parseInt(code, 8) & 255);
  if (/^[1-7]/.test(code)) return octalNeedsZero ? whole : byteChar(parseInt(code, 8) & 255);
  return ESCAPES[code] ?? whole;
}

/** A byte over 127 is kept as a lone surrogate until it is joined (text.ts). */
function byteChar(n: number): string {
  return n < 128 ? String.fromCharCode(n) : String.fromCharCode(0xdc00 + n);
}

/** `\U110000`: the bytes that UTF-8 had for it before it ended at U+10FFFF. */
function beyondUnicode(n: number): string {
  const more = n < 0x200000 ? 3 : n < 0x4000000 ? 4 : 5;
  let out = byteChar(((0xff << (7 - more)) & 0xff) | Math.floor(n / 64 ** more));
  for (let i = more - 1; i >= 0; i--) out += byteChar(0x80 | ((n >> (6 * i)) & 63));
  return n > 0x7fffffff ? "" : out;
}

/** `\303\251` is é: bytes that form UTF-8 become characters. */
function joinBytes(s: string): string {
  return /[\udc80-\udcff]/.test(s) ? decode(encode(s)) : s;
}
