// shuf.ts - shuf: lines in an order by chance.
//
// Nothing in the machine is random: without --random-source the order follows
// from the pid and the clock, so a session that is replayed shuffles alike.

import { attempt, strerror } from "../errno.ts";
import { type Command, Leave, splitLines, utility, writeFully } from "./command.ts";
import { encode } from "../text.ts";

/** Numbers below a limit. */
type Chance = (limit: number) => number;

/** xorshift32. */
function fromSeed(seed: number): Chance {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

async function chance(c: Command): Promise<Chance> {
  const path = c.value("random-source");
  if (path === undefined) return fromSeed(c.sys.pid * 2654435761 + (await c.sys.clockGettime(1)));
  const fd = await attempt(c.sys.open(path, 0));
  if (!fd.ok) return c.die(`${path}: ${strerror(fd.code)}`);
  const data = await c.sys.read(fd.value, 4096);
  if (data.length === 0) await c.die(`${path}: end of file`);
  return fromSeed(data.reduce((n, b) => (Math.imul(n, 31) + b) >>> 0, 7));
}

async function choices(c: Command): Promise<string[]> {
  if (c.has("e")) return c.operands;
  const range = c.value("i");
  if (range !== undefined) {
    const m = /^(\d+)-(\d+)$/.exec(range);
    if (!m || Number(m[1]) > Number(m[2]) + 1) await c.die(`invalid input range: ‘${range}’`);
    if (c.operands.length > 0) await c.usage(`extra operand ‘${c.operands[0]}’`);
    return Array.from({ length: Number(m![2]) - Number(m![1]) + 1 }, (_, i) => String(Number(m![1]) + i));
  }
  if (c.operands.length > 1) await c.usage(`extra operand ‘${c.operands[1]}’`);
  const text = await c.slurpText(c.operands[0] ?? "-");
  if (text === null) throw new Leave(1);
  return c.has("z") ? text.replace(/\0$/, "").split("\0") : splitLines(text);
}

export const shuf = utility(
  "shuf",
  {
    help: `Usage: shuf [OPTION]... [FILE]
  or:  shuf -e [OPTION]... [ARG]...
  or:  shuf -i LO-HI [OPTION]...
Write a random permutation of the input lines to standard output.

  -e, --echo                treat each ARG as an input line
  -i, --input-range=LO-HI   treat each number LO through HI as an input line
  -n, --head-count=COUNT    output at most COUNT lines
  -o, --output=FILE         write result to FILE instead of standard output
      --random-source=FILE  get random bytes from FILE
  -r, --repeat              output lines can be repeated
  -z, --zero-terminated     line delimiter is NUL, not newline`,
    options: "e,echo i:,input-range n:,head-count o:,output ,random-source: r,repeat z,zero-terminated",
  },
  async (c) => {
    const count = c.value("n");
    if (count !== undefined && !/^\d+$/.test(count)) await c.die(`invalid line count: ‘${count}’`);
    const lines = await choices(c);
    const pick = await chance(c);
    const end = c.has("z") ? "\0" : "\n";
    const limit = Number(count ?? Infinity);
    if (c.has("r")) {
      if (lines.length === 0) await c.die("no lines to repeat");
      for (let i = 0; i < limit; i++) await c.out(lines[pick(lines.length)] + end);
      return 0;
    }
    for (let i = lines.length - 1; i > 0; i--) {
      const j = pick(i + 1);
      [lines[i], lines[j]] = [lines[j]!, lines[i]!];
    }
    const text = lines
      .slice(0, limit)
      .map((l) => l + end)
      .join("");
    const file = c.value("o");
    if (file === undefined) await c.out(text);
    else {
      const fd = await c.try(c.sys.open(file, 0o1101, 0o666), file);
      if (fd !== null) await writeFully(c.sys, fd, encode(text));
    }
    return c.status;
  },
);
