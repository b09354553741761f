// dump.ts - od, hexdump, xxd, strings, base64.

import type { Program } from "../sys.ts";
import { type Command, parseSize, splitLines, utility } from "./command.ts";
import { concat } from "../text.ts";

const hex = (n: number, width: number): string => n.toString(16).padStart(width, "0");

/** All inputs behind each other, cut by -j/-s and -N/-n. */
async function input(
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

/** How od writes one item of a type such as x1, o2, d4, c, a. */
function odFormat(type: string): { size: number; width: number; text: (b: Uint8Array) => string } | null {
  if (type === "c") {
    return {
      size: 1,
      width: 3,
      text: ([b]) =>
        NAMED[b!] ?? (b! >= 32 && b! < 127 ? String.fromCharCode(b!) : b!.toString(8).padStart(3, "0")),
    };
  }
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
  const width = String(1n << bits).length + (m[1] === "d" ? 0 : -1);
  return {
    size,
    width: m[1] === "d" ? width : Math.max(width, 3),
    text: (b) => String(m[1] === "d" ? BigInt.asIntN(size * 8, value(b)) : value(b)),
  };
}

const OD_SHORT: Record<string, string> = {
  a: "c",
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
    help: "Usage: od [OPTION]... [FILE]...\nWrite an unambiguous representation of FILE to standard output.\n\n  -A, --address-radix=RADIX   output format for file offsets: d, o, x or n\n  -j, --skip-bytes=BYTES      skip BYTES input bytes first\n  -N, --read-bytes=BYTES      limit dump to BYTES input bytes\n  -t, --format=TYPE           c, d[SIZE], o[SIZE], u[SIZE], x[SIZE]\n  -v, --output-duplicates     do not use * to mark line suppression\n  -w, --width=BYTES           output BYTES bytes per output line",
    options:
      "A:,address-radix j:,skip-bytes N:,read-bytes t:,format v,output-duplicates w?,width a b c d o s x i l",
  },
  async (c) => {
    const got = await input(c, c.value("j"), c.value("N"));
    if (!got) return 1;
    const types = c.sequence.flatMap((o) =>
      o.name === "format"
        ? (o.value.match(/[a-z]\d?/g) ?? [])
        : o.name in OD_SHORT
          ? [OD_SHORT[o.name]!]
          : [],
    );
    const formats = (types.length > 0 ? types : ["o2"]).map(odFormat);
    if (formats.some((f) => !f)) await c.die(`invalid type string ‘${c.value("t")}’`);
    const width = Number(c.value("w") || 16);
    const radix = c.value("A") ?? "o";
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
        await c.out(`${line}\n`);
      }
    }
    if (radix !== "n") await c.out(`${address(from + data.length)}\n`);
    return 0;
  },
);

const printable = (b: number): string => (b >= 32 && b < 127 ? String.fromCharCode(b) : ".");

const hexdump = utility(
  "hexdump",
  {
    help: "Usage: hexdump [options] <file>...\nDisplay file contents in hexadecimal.\n\n  -C, --canonical        canonical hex+ASCII display\n  -n, --length <length>  interpret only length bytes of input\n  -s, --skip <offset>    skip offset bytes from the beginning\n  -v, --no-squeezing     output identical lines",
    options: "C,canonical n:,length s:,skip v,no-squeezing",
  },
  async (c) => {
    const got = await input(c, c.value("s"), c.value("n"));
    if (!got) return 1;
    const { data, from } = got;
    let previous = "";
    let starred = false;
    for (let at = 0; at < data.length; at += 16) {
      const row = data.subarray(at, at + 16);
      const same = row.length === 16 && row.join() === previous && !c.has("v");
      previous = row.join();
      if (same) {
        if (!starred) await c.out("*\n");
        starred = true;
        continue;
      }
      starred = false;
      await c.out(`${hex(from + at, c.has("C") ? 8 : 7)}${c.has("C") ? canonicalRow(row) : wordRow(row)}\n`);
    }
    if (data.length > 0) await c.out(`${hex(from + data.length, c.has("C") ? 8 : 7)}\n`);
    return 0;
  },
);

function canonicalRow(row: Uint8Array): string {
  let bytes = "";
  for (let i = 0; i < 16; i++)
    bytes += `${i % 8 === 0 ? "  " : " "}${i < row.length ? hex(row[i]!, 2) : "  "}`;
  return `${bytes}  |${[...row].map(printable).join("")}|`;
}

function wordRow(row: Uint8Array): string {
  let out = "";
  for (let i = 0; i < 16; i += 2)
    out += i < row.length ? ` ${hex(row[i]! | ((row[i + 1] ?? 0) << 8), 4)}` : "     ";
  return out;
}

const xxd = utility(
  "xxd",
  {
    help: "Usage: xxd [options] [infile]\nMake a hexdump or do the reverse.\n\n  -c cols   octets per line (default 16)\n  -g bytes  octets per group (default 2)\n  -l len    stop after len octets\n  -p        plain hexdump style\n  -r        reverse: convert hexdump into binary\n  -s seek   start at seek bytes\n  -u        upper case hex letters\n  -i        C include file style",
    options: "c:,cols g: l: p,plain r,revert s: u i b",
  },
  async (c) => {
    if (c.has("r")) return reverse(c);
    const got = await input(c, c.value("s"), c.value("l"));
    if (!got) return 1;
    const { data, from } = got;
    const cols = Number(c.value("c") ?? (c.has("p") ? 30 : 16));
    const group = Number(c.value("g") ?? 2) || cols;
    const digits = (b: number): string => (c.has("u") ? hex(b, 2).toUpperCase() : hex(b, 2));
    for (let at = 0; at < data.length; at += cols) {
      const row = [...data.subarray(at, at + cols)];
      if (c.has("p")) {
        await c.out(`${row.map(digits).join("")}\n`);
        continue;
      }
      let text = "";
      for (let i = 0; i < cols; i++)
        text += (i < row.length ? digits(row[i]!) : "  ") + ((i + 1) % group === 0 ? " " : "");
      await c.out(
        `${hex(from + at, 8)}: ${text}${text.endsWith(" ") ? "" : " "} ${row.map(printable).join("")}\n`,
      );
    }
    return 0;
  },
);

async function reverse(c: Command): Promise<number> {
  const text = await c.slurpText(c.inputs[0]!);
  if (text === null) return 1;
  for (const line of splitLines(text)) {
    const digits = c.has("p") ? line : line.replace(/^[0-9a-fA-F]+:/, "").split("  ")[0]!;
    const pairs = digits.replace(/\s/g, "").match(/[0-9a-fA-F]{2}/g) ?? [];
    await c.outBytes(Uint8Array.from(pairs.map((p) => parseInt(p, 16))));
  }
  return 0;
}

const strings = utility(
  "strings",
  {
    help: "Usage: strings [option(s)] [file(s)]\nDisplay printable strings in [file(s)] (stdin by default).\n\n  -n, --bytes=<number>  print any sequence of at least <number> displayable characters\n  -t {o,d,x}            print the location of the string",
    options: "a,all n:,bytes t:,radix f,print-file-name",
    rewrite: (args) => args.flatMap((a) => (/^-\d+$/.test(a) ? ["-n", a.slice(1)] : [a])),
  },
  async (c) => {
    const least = Number(c.value("n") ?? 4);
    for (const path of c.inputs) {
      const data = await c.slurp(path);
      if (!data) continue;
      let start = 0;
      for (let i = 0; i <= data.length; i++) {
        const b = data[i];
        if (b !== undefined && ((b >= 32 && b < 127) || b === 9)) continue;
        if (i - start >= least) {
          const radix = c.value("t");
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

export const dumps: Record<string, Program> = { od, hexdump, xxd, strings, base64 };
