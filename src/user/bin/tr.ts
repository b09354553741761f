// tr.ts - tr.

import { ansiUnescape } from "../sh/quote.ts";
import { encode } from "../text.ts";
import { type Command, utility } from "./command.ts";

const CLASSES: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t\n\v\f\r]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  cntrl: /[\x00-\x1f\x7f]/,
  xdigit: /[0-9A-Fa-f]/,
};

class SetError extends Error {}

/** The characters of a set, in order; bytes, as everything here. */
function trSet(spec: string, length: number): string[] {
  const out: string[] = [];
  const chars = [...bytesText(encode(ansiUnescape(spec.replace(/\\([[\]-])/g, "\\x5c$1")).text))];
  for (let i = 0; i < chars.length;) {
    const rest = chars.slice(i).join("");
    const cls = /^\[:(\w+):\]/.exec(rest);
    const repeat = /^\[(.)\*(\d*)\]/su.exec(rest);
    const equal = /^\[=(.)=\]/su.exec(rest);
    if (cls && !CLASSES[cls[1]!]) throw new SetError(`invalid character class ‘${cls[1]}’`);
    if (cls) {
      for (let b = 0; b < 128; b++)
        if (CLASSES[cls[1]!]!.test(String.fromCharCode(b))) out.push(String.fromCharCode(b));
      i += cls[0].length;
    } else if (repeat) {
      const n = repeat[2]
        ? parseInt(repeat[2], repeat[2].startsWith("0") ? 8 : 10)
        : Math.max(0, length - out.length);
      for (let k = 0; k < n; k++) out.push(repeat[1]!);
      i += [...repeat[0]].length;
    } else if (equal) {
      out.push(equal[1]!);
      i += 5;
    } else if (chars[i + 1] === "-" && chars[i + 2] !== undefined) {
      const [a, b] = [chars[i]!.codePointAt(0)!, chars[i + 2]!.codePointAt(0)!];
      if (a > b)
        throw new SetError(
          `range-endpoints of '${chars.slice(i, i + 3).join("")}' are in reverse collating sequence order`,
        );
      for (let p = a; p <= b; p++) out.push(String.fromCodePoint(p));
      i += 3;
    } else out.push(chars[i++]!);
  }
  return out;
}

/** A character for each byte. */
const bytesText = (bytes: Uint8Array): string => Array.from(bytes, (b) => String.fromCharCode(b)).join("");

async function sets(c: Command, one: string, two: string | undefined): Promise<[string[], string[]]> {
  try {
    const first = trSet(one, 0);
    return [first, two === undefined ? [] : trSet(two, first.length)];
  } catch (e) {
    if (!(e instanceof SetError)) throw e;
    return c.die(e.message);
  }
}

async function checkOperands(c: Command, del: boolean): Promise<void> {
  const most = del && !c.has("s") ? 1 : 2;
  const extra = c.operands[most];
  if (extra === undefined) return;
  const why = del && most === 1 && c.operands.length === 2;
  await c.usage(
    `extra operand ‘${extra}’${why ? "\nOnly one string may be given when deleting without squeezing repeats." : ""}`,
  );
}

export const tr = utility(
  "tr",
  {
    help: `Usage: tr [OPTION]... STRING1 [STRING2]
Translate, squeeze, and/or delete characters from standard input, writing to standard output.

  -c, -C, --complement    use the complement of STRING1
  -d, --delete            delete characters in STRING1, do not translate
  -s, --squeeze-repeats   replace each sequence of a repeated character by one
  -t, --truncate-set1     first truncate STRING1 to length of STRING2`,
    options: "c,complement C d,delete s,squeeze-repeats t,truncate-set1",
    posix: true,
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    const [one, two] = c.operands as [string, string | undefined];
    const del = c.has("d");
    if (two === undefined && !del && !c.has("s")) {
      await c.errText(
        `tr: missing operand after ‘${one}’\nTwo strings must be given when translating.\nTry 'tr --help' for more information.\n`,
      );
      return 1;
    }
    await checkOperands(c, del);
    const complement = c.has("c") || c.has("C");
    const [set1, set2] = await sets(c, one, two);
    if (two === "" && !del && !c.has("t")) await c.die("when not truncating set1, string2 must be non-empty");
    const inSet1 = new Set(set1);
    const chosen = (ch: string): boolean => inSet1.has(ch) !== complement;
    const map = new Map<string, string>();
    if (!complement && !del)
      set1.forEach((ch, i) => {
        if (set2.length > 0 && !(c.has("t") && i >= set2.length)) map.set(ch, set2[i] ?? set2.at(-1)!);
      });
    const translate = (ch: string): string =>
      complement && set2.length > 0 ? (inSet1.has(ch) ? ch : set2.at(-1)!) : (map.get(ch) ?? ch);
    const squeezed = c.has("s") ? new Set(two === undefined ? null : set2) : null;
    let last = "";
    for (;;) {
      const chunk = await c.sys.read(0, 65536);
      if (chunk.length === 0) return 0;
      let out = "";
      for (const ch of bytesText(chunk)) {
        if (del && chosen(ch)) continue;
        const t = del ? ch : translate(ch);
        const squeeze = squeezed && (two === undefined ? chosen(t) : squeezed.has(t));
        if (squeeze && t === last) continue;
        out += t;
        last = t;
      }
      await c.outBytes(Uint8Array.from(out, (ch) => ch.charCodeAt(0)));
      await c.flush();
    }
  },
);
