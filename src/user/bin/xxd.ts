// xxd.ts - xxd: a hexdump, or the reverse.

import { attempt, strerror } from "../errno.ts";
import { type Command, splitLines, utility, writeFully } from "./command.ts";
import { hex, input, printable } from "./dump.ts";
import { concat } from "../text.ts";

interface Style {
  columns: number;
  group: number;
  bits: boolean;
  /** The bytes of a group the other way round. */
  swapped: boolean;
  digits: (b: number) => string;
}

function styleOf(c: Command): Style {
  const bits = c.has("b");
  const swapped = c.has("e");
  const columns = Number(c.value("c") ?? (c.has("p") ? 30 : c.has("i") ? 12 : bits ? 6 : 16));
  const digits = (b: number): string =>
    bits ? b.toString(2).padStart(8, "0") : c.has("u") ? hex(b, 2).toUpperCase() : hex(b, 2);
  const group = Number(c.value("g") ?? (bits ? 1 : swapped ? 4 : 2)) || columns;
  return { columns, group, bits, swapped, digits };
}

function dumpRow(row: number[], at: number, style: Style): string {
  const { columns, group } = style;
  const blank = " ".repeat(style.bits ? 8 : 2);
  let text = "";
  for (let i = 0; i < columns; i += group) {
    const cells = Array.from({ length: Math.min(group, columns - i) }, (_, k) =>
      i + k < row.length ? style.digits(row[i + k]!) : blank,
    );
    text += `${(style.swapped ? cells.reverse() : cells).join("")} `;
  }
  return `${hex(at, 8)}: ${text} ${row.map(printable).join("")}\n`;
}

/** As the declaration of an array in C. */
function declaration(data: Uint8Array, path: string, style: Style): string {
  const lines: string[] = [];
  for (let at = 0; at < data.length; at += style.columns)
    lines.push(
      `  ${[...data.subarray(at, at + style.columns)].map((b) => `0x${style.digits(b)}`).join(", ")}`,
    );
  const body = lines.join(",\n") + (lines.length > 0 ? "\n" : "");
  if (path === "-") return body;
  const name = path.replace(/^(?=\d)/, "__").replace(/[^A-Za-z0-9_]/g, "_");
  return `unsigned char ${name}[] = {\n${body}};\nunsigned int ${name}_len = ${data.length};\n`;
}

/** A seek is from the end when it is negative. */
async function readFrom(c: Command): Promise<{ data: Uint8Array; from: number } | null> {
  const whole = await input(c, undefined, undefined);
  if (!whole) return null;
  const size = whole.data.length;
  const seek = Number(c.value("s") ?? 0);
  const from = seek < 0 ? Math.max(0, size + seek) : seek;
  const length = c.has("l") ? Number(c.value("l")) : Infinity;
  return { data: whole.data.subarray(from, from + length), from };
}

async function dump(c: Command): Promise<Uint8Array | string | null> {
  const got = await readFrom(c);
  if (!got) return null;
  const { data, from } = got;
  const style = styleOf(c);
  if (c.has("i")) return declaration(data, c.inputs[0]!, style);
  const base = from + Number(c.value("o") ?? 0);
  const zeros = (row: number[]): boolean => row.length === style.columns && row.every((b) => b === 0);
  let out = "";
  let [starred, before] = [false, false];
  for (let at = 0; at < data.length; at += style.columns) {
    const row = [...data.subarray(at, at + style.columns)];
    if (c.has("p")) {
      out += `${row.map(style.digits).join("")}\n`;
      continue;
    }
    // -a: a star for rows of zeros after the first one, but for the last.
    const again: boolean = c.has("a") && zeros(row) && before && at + style.columns < data.length;
    before = zeros(row);
    if (again && !starred) out += "*\n";
    starred = again;
    if (!again) out += dumpRow(row, base + at, style);
  }
  return out;
}

async function reversed(c: Command): Promise<Uint8Array | null> {
  const text = await c.slurpText(c.inputs[0]!);
  if (text === null) return null;
  const parts: Uint8Array[] = [];
  for (const line of splitLines(text)) {
    const digits = c.has("p")
      ? line
      : line
          .replace(/^[0-9a-fA-F]+:/, "")
          .trimStart()
          .split("  ")[0]!;
    const pairs = digits.replace(/\s/g, "").match(/[0-9a-fA-F]{2}/g) ?? [];
    parts.push(Uint8Array.from(pairs.map((p) => parseInt(p, 16))));
  }
  return concat(parts);
}

export const xxd = utility(
  "xxd",
  {
    help: `Usage: xxd [options] [infile [outfile]]
   or: xxd -r [-p] [infile [outfile]]
Make a hexdump or do the reverse.

  -a        a star for rows of zeros
  -b        binary digits
  -c cols   octets per line (default 16)
  -e        little-endian groups
  -g bytes  octets per group (default 2, with -e 4)
  -i        C include file style
  -l len    stop after len octets
  -o off    add off to the displayed position
  -p, -ps   plain hexdump style
  -r        reverse: convert hexdump into binary
  -s seek   start at seek bytes; negative: from the end
  -u        upper case hex letters`,
    options:
      "a,autoskip b,bits c:,cols e g:,groupsize i,include l:,len o:,offset p,plain ,ps r,revert s:,seek u,uppercase",
    rewrite: (args) => args.map((a) => (a === "-ps" ? "-p" : a)),
  },
  async (c) => {
    const target = c.operands[1];
    c.operands.length = Math.min(c.operands.length, 1);
    const made = await (c.has("r") ? reversed(c) : dump(c));
    if (made === null) return 2;
    const bytes = typeof made === "string" ? new TextEncoder().encode(made) : made;
    if (target === undefined || target === "-") {
      await c.outBytes(bytes);
      return 0;
    }
    const fd = await attempt(c.sys.open(target, 0o1101, 0o666));
    if (!fd.ok) return c.die(`${target}: ${strerror(fd.code)}`, 3);
    await writeFully(c.sys, fd.value, bytes);
    return 0;
  },
);
