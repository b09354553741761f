// dump.ts - od, strings, base64.

import { Errno, Mode } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import type { Program } from "../sys.ts";
import { type Command, parseSize, utility } from "./command.ts";
import { concat } from "../text.ts";
import { floatText } from "../printf.ts";

export const hex = (n: number, width: number): string => n.toString(16).padStart(width, "0");

/** All inputs behind each other, cut by -j/-s and -N/-n. */
export async function input(
  c: Command,
  skip: string | undefined,
  limit: string | undefined,
): Promise<{ data: Uint8Array; from: number } | null> {
  const parts: Uint8Array[] = [];
  for (const path of c.inputs) {
    const data = await c.slurp(path);
    if (data) parts.push(data);
  }
  if (parts.length === 0) return null;
  const from = parseSize(skip ?? "0") ?? 0;
  const n = limit === undefined ? Infinity : (parseSize(limit) ?? Infinity);
  return { data: concat(parts).subarray(from, from + n), from };
}

export const printable = (b: number): string => (b >= 32 && b < 127 ? String.fromCharCode(b) : ".");

/** Bytes as C writes them in a character. */
export const characterText = (b: number): string =>
  NAMED[b] ?? (b >= 32 && b < 127 ? String.fromCharCode(b) : b.toString(8).padStart(3, "0"));

const NAMED: Record<number, string> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

const ASCII: Record<number, string> = Object.fromEntries(
  [
    ..."nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp".split(
      " ",
    ),
  ].map((name, i) => [i, name]),
);
ASCII[127] = "del";

function floatFormat(size: 4 | 8): { size: number; width: number; text: (b: Uint8Array) => string } {
  const near = (value: number, text: string): boolean =>
    size === 4 ? Math.fround(Number(text)) === value : Number(text) === value;
  return {
    size,
    width: size === 4 ? 15 : 24,
    text: (b) => {
      const whole = Uint8Array.from(b).buffer;
      const value = size === 4 ? new Float32Array(whole)[0]! : new Float64Array(whole)[0]!;
      // As few digits as name it.
      let text = "";
      for (let digits = 1; digits <= 17 && (text === "" || !near(value, text)); digits++)
        text = floatText(value, "g", "", 0, digits);
      return text;
    },
  };
}

/** How od writes one item of a type such as x1, o2, d4, c, a. */
function odFormat(type: string): { size: number; width: number; text: (b: Uint8Array) => string } | null {
  if (type === "c") {
    return { size: 1, width: 3, text: ([b]) => characterText(b!) };
  }
  if (type === "a")
    return { size: 1, width: 3, text: ([b]) => ASCII[b! & 127] ?? String.fromCharCode(b! & 127) };
  if (/^f[48]?$/.test(type)) return floatFormat(type === "f4" ? 4 : 8);
  const m = /^([xodu])([1248]?)$/.exec(type);
  if (!m) return null;
  const size = Number(m[2] || 4);
  const value = (b: Uint8Array): bigint => b.reduceRight((n, x) => (n << 8n) | BigInt(x), 0n);
  const bits = BigInt(size * 8);
  if (m[1] === "x")
    return {
      size,
      width: size * 2,
      text: (b) =>
        value(b)
          .toString(16)
          .padStart(size * 2, "0"),
    };
  if (m[1] === "o") {
    const width = Math.ceil((size * 8) / 3);
    return { size, width, text: (b) => value(b).toString(8).padStart(width, "0") };
  }
  const digits = String((1n << bits) - 1n).length;
  return {
    size,
    width: m[1] === "d" ? digits + 1 : digits,
    text: (b) => String(m[1] === "d" ? BigInt.asIntN(size * 8, value(b)) : value(b)),
  };
}

const OD_SHORT: Record<string, string> = {
  a: "a",
  b: "o1",
  c: "c",
  d: "u2",
  o: "o2",
  s: "d2",
  x: "x2",
  i: "d4",
  l: "d8",
};

const od = utility(
  "od",
  {
    help: "Usage: od [OPTION]... [FILE]...\nWrite an unambiguous representation of FILE to standard output.\n\n  -A, --address-radix=RADIX   output format for file offsets: d, o, x or n\n  -j, --skip-bytes=BYTES      skip BYTES input bytes first\n  -N, --read-bytes=BYTES      limit dump to BYTES input bytes\n  -t, --format=TYPE           a, c, d[SIZE], f[SIZE], o[SIZE], u[SIZE], x[SIZE]; z shows characters too\n  -v, --output-duplicates     do not use * to mark line suppression\n  -w, --width=BYTES           output BYTES bytes per output line",
    options:
      "A:,address-radix j:,skip-bytes N:,read-bytes t:,format v,output-duplicates w?,width a b c d o s x i l",
  },
  async (c) => {
    for (const option of ["N", "j"])
      if (c.has(option) && parseSize(c.value(option)!) === null)
        await c.die(`invalid -${option} argument '${c.value(option)}'`);
    const radix = c.value("A") ?? "o";
    if (!/^[doxn]$/.test(radix))
      await c.die(`invalid output address radix '${radix}'; it must be one character from [doxn]`);
    const types = c.sequence.flatMap((o) =>
      o.name === "format"
        ? (o.value.match(/[a-z]\d?z?/g) ?? [o.value])
        : o.name in OD_SHORT
          ? [OD_SHORT[o.name]!]
          : [],
    );
    const named = types.length > 0 ? types : ["o2"];
    const formats = named.map((type) => odFormat(type.replace(/(?<=.)z$/, "")));
    const bad = named[formats.indexOf(null)];
    if (bad) await c.die(`invalid character '${bad[0]}' in type string ‘${bad}’`);
    const width = Number(c.value("w") || 16);
    const got = await input(c, c.value("j"), c.value("N"));
    if (!got) return 1;
    const address = (n: number): string =>
      radix === "n"
        ? ""
        : radix === "x"
          ? hex(n, 6)
          : radix === "d"
            ? String(n).padStart(7, "0")
            : n.toString(8).padStart(7, "0");
    const { data, from } = got;
    // Items of different sizes stand under each other.
    const cell = Math.max(...formats.map((f) => (f!.width + 1) / f!.size));
    let previous = "";
    let starred = false;
    for (let at = 0; at < data.length; at += width) {
      const row = data.subarray(at, at + width);
      const same = row.length === width && previous === row.join() && !c.has("v");
      previous = row.join();
      if (same) {
        if (!starred) await c.out("*\n");
        starred = true;
        continue;
      }
      starred = false;
      for (const [k, f] of formats.entries()) {
        let line = k === 0 ? address(from + at) : " ".repeat(address(0).length);
        for (let i = 0; i < row.length; i += f!.size) {
          const item = new Uint8Array(f!.size);
          item.set(row.subarray(i, i + f!.size));
          line += f!.text(item).padStart(Math.round(cell * f!.size));
        }
        if (/.z$/.test(named[k]!)) {
          const blank = Math.round(cell * f!.size) * ((width - row.length) / f!.size);
          line += `${" ".repeat(blank)}  >${[...row].map(printable).join("")}<`;
        }
        await c.out(`${line}\n`);
      }
    }
    if (radix !== "n") await c.out(`${address(from + data.length)}\n`);
    return 0;
  },
);

const strings = utility(
  "strings",
  {
    help: "Usage: strings [option(s)] [file(s)]\nDisplay printable strings in [file(s)] (stdin by default).\n\n  -n, --bytes=<number>  print any sequence of at least <number> displayable characters\n  -t {o,d,x}            print the location of the string",
    options: "a,all n:,bytes t:,radix o f,print-file-name",
    rewrite: (args) => args.flatMap((a) => (/^-\d+$/.test(a) ? ["-n", a.slice(1)] : [a])),
  },
  async (c) => {
    const text = c.value("n") ?? "4";
    if (!/^\d+$/.test(text)) await c.die(`invalid integer argument ${text}`);
    const least = Number(text);
    if (least < 1) await c.die(`invalid minimum string length ${text}`);
    for (const path of c.inputs) {
      const st = path === "-" ? null : await attempt(c.sys.stat(path));
      if (st && !st.ok && st.code === Errno.ENOENT) await c.warn(`'${path}': No such file`);
      else if (st?.ok && (st.value.mode & Mode.IFMT) === Mode.IFDIR)
        await c.warn(`Warning: '${path}' is a directory`, 1);
      if (st && (!st.ok || (st.value.mode & Mode.IFMT) === Mode.IFDIR)) continue;
      const data = await c.slurp(path);
      if (!data) continue;
      let start = 0;
      for (let i = 0; i <= data.length; i++) {
        const b = data[i];
        if (b !== undefined && ((b >= 32 && b < 127) || b === 9)) continue;
        if (i - start >= least) {
          const radix = c.value("t") ?? (c.has("o") ? "o" : undefined);
          const at = radix
            ? `${start.toString(radix === "x" ? 16 : radix === "o" ? 8 : 10).padStart(7)} `
            : "";
          await c.out(`${c.has("f") ? `${path}: ` : ""}${at}`);
          await c.outBytes(data.slice(start, i));
          await c.out("\n");
        }
        start = i + 1;
      }
    }
  },
);

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const base64 = utility(
  "base64",
  {
    help: "Usage: base64 [OPTION]... [FILE]\nBase64 encode or decode FILE, or standard input.\n\n  -d, --decode          decode data\n  -i, --ignore-garbage  when decoding, ignore non-alphabet characters\n  -w, --wrap=COLS       wrap encoded lines after COLS character (default 76)",
    options: "d,decode i,ignore-garbage w:,wrap",
  },
  async (c) => {
    const data = await c.slurp(c.inputs[0]!);
    if (!data) return 1;
    if (c.has("d")) return decode64(c, data);
    let out = "";
    for (let i = 0; i < data.length; i += 3) {
      const n = (data[i]! << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
      out += ALPHABET[n >> 18]! + ALPHABET[(n >> 12) & 63]!;
      out +=
        (i + 1 < data.length ? ALPHABET[(n >> 6) & 63]! : "=") +
        (i + 2 < data.length ? ALPHABET[n & 63]! : "=");
    }
    const wrap = Number(c.value("w") ?? 76);
    if (wrap === 0) await c.out(out);
    else for (let i = 0; i < out.length; i += wrap) await c.out(`${out.slice(i, i + wrap)}\n`);
    return 0;
  },
);

async function decode64(c: Command, data: Uint8Array): Promise<number> {
  const out: number[] = [];
  let bits = 0;
  let count = 0;
  for (const ch of new TextDecoder().decode(data)) {
    if (ch === "\n" || ch === "=") continue;
    const v = ALPHABET.indexOf(ch);
    if (v < 0) {
      if (c.has("i")) continue;
      await c.outBytes(Uint8Array.from(out));
      return c.die("invalid input");
    }
    bits = ((bits << 6) | v) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push((bits >> count) & 255);
    }
  }
  await c.outBytes(Uint8Array.from(out));
  return 0;
}

export const dumps: Record<string, Program> = { od, strings, base64 };
