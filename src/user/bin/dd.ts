// dd.ts - dd: copies in blocks.

import { attempt, strerror } from "../errno.ts";
import type { Program } from "../sys.ts";
import { concat } from "../text.ts";
import { type Command, Leave, utility, writeFully } from "./command.ts";
import { humanDecimal } from "./humanDecimal.ts";

const HELP = `Usage: dd [OPERAND]...
  or:  dd OPTION
Copy a file, converting and formatting according to the operands.

  bs=BYTES     read and write up to BYTES bytes at a time (default: 512)
  conv=CONVS   convert the file as per the comma separated symbol list:
                 lcase ucase swab sync notrunc nocreat excl fsync fdatasync noerror
  count=N      copy only N input blocks
  ibs=BYTES    read up to BYTES bytes at a time (default: 512)
  if=FILE      read from FILE instead of stdin
  iflag=FLAGS  count_bytes skip_bytes fullblock
  obs=BYTES    write BYTES bytes at a time (default: 512)
  of=FILE      write to FILE instead of stdout
  oflag=FLAGS  append seek_bytes
  seek=N       skip N obs-sized output blocks
  skip=N       skip N ibs-sized input blocks
  status=LEVEL none, noxfer or progress`;

const CONVERSIONS = [
  "lcase",
  "ucase",
  "swab",
  "sync",
  "notrunc",
  "nocreat",
  "excl",
  "fsync",
  "fdatasync",
  "noerror",
];
const FLAGS = [
  "append",
  "count_bytes",
  "skip_bytes",
  "seek_bytes",
  "fullblock",
  "nonblock",
  "sync",
  "dsync",
  "direct",
];
const NAMES = [
  "bs",
  "cbs",
  "conv",
  "count",
  "ibs",
  "if",
  "iflag",
  "obs",
  "of",
  "oflag",
  "seek",
  "skip",
  "status",
];

const UNITS: Record<string, number> = {
  "": 1,
  c: 1,
  w: 2,
  b: 512,
  K: 1024,
  k: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
};
const DECIMAL: Record<string, number> = {
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** `4k`, `2x512`; null when it is no number. */
function amount(text: string): number | null {
  let product = 1;
  for (const factor of text.split("x")) {
    const m = /^(\d+)([a-zA-Z]*)$/.exec(factor);
    const unit = m && (UNITS[m[2]!] ?? DECIMAL[m[2]!]);
    if (!m || unit === undefined || unit === null) return null;
    product *= Number(m[1]) * unit;
  }
  return product;
}

interface Plan {
  words: Map<string, string>;
  conv: Set<string>;
  flags: Set<string>;
  ibs: number;
  obs: number;
}

async function plan(c: Command): Promise<Plan> {
  const words = new Map<string, string>();
  for (const operand of c.operands) {
    const at = operand.indexOf("=");
    if (at < 0 || !NAMES.includes(operand.slice(0, at))) await c.usage(`unrecognized operand ‘${operand}’`);
    words.set(operand.slice(0, at), operand.slice(at + 1));
  }
  const list = async (name: string, known: string[], what: string): Promise<string[]> => {
    const given = (words.get(name) ?? "").split(",").filter((w) => w !== "");
    const odd = given.find((w) => !known.includes(w));
    return odd === undefined ? given : c.usage(`invalid ${what}: ‘${odd}’`);
  };
  const conv = new Set(await list("conv", CONVERSIONS, "conversion"));
  const flags = new Set([
    ...(await list("iflag", FLAGS, "input flag")),
    ...(await list("oflag", FLAGS, "output flag")),
  ]);
  const status = words.get("status") ?? "";
  if (!["", "none", "noxfer", "progress"].includes(status))
    await c.usage(`invalid status level: ‘${status}’`);
  const ibs = await size(c, words, "ibs", 512);
  return { words, conv, flags, ibs, obs: await size(c, words, "obs", 512) };
}

async function size(
  c: Command,
  words: Map<string, string>,
  name: string,
  otherwise: number,
): Promise<number> {
  const text = words.get("bs") ?? words.get(name);
  if (text === undefined) return otherwise;
  const n = amount(text);
  return n === null || n === 0 ? c.die(`invalid number: ‘${text}’`) : n;
}

async function count(c: Command, p: Plan, name: string, unit: number): Promise<number | null> {
  const text = p.words.get(name);
  if (text === undefined) return null;
  const n = amount(text.replace(/(\d)B$/, "$1"));
  if (n === null) return c.die(`invalid number: ‘${text}’`);
  return p.flags.has(`${name}_bytes`) || text.endsWith("B") ? n : n * unit;
}

async function openInput(c: Command, p: Plan): Promise<number> {
  const path = p.words.get("if");
  if (path === undefined) return 0;
  const fd = await attempt(c.sys.open(path, 0));
  return fd.ok ? fd.value : c.die(`failed to open '${path}': ${strerror(fd.code)}`);
}

async function openOutput(c: Command, p: Plan, seek: number): Promise<number> {
  const path = p.words.get("of");
  if (path === undefined) return 1;
  const keeps = p.conv.has("notrunc") || seek > 0;
  const flags =
    1 |
    (p.conv.has("nocreat") ? 0 : 0o100) |
    (p.conv.has("excl") ? 0o200 : 0) |
    (keeps ? 0 : 0o1000) |
    (p.flags.has("append") ? 0o2000 : 0);
  const fd = await attempt(c.sys.open(path, flags, 0o666));
  if (!fd.ok) return c.die(`failed to open '${path}': ${strerror(fd.code)}`);
  if (seek > 0 && !p.conv.has("notrunc")) await attempt(c.sys.truncate(path, seek));
  return fd.value;
}

class Copy {
  private readonly in = { full: 0, part: 0 };
  private readonly written = { full: 0, part: 0 };
  private bytes = 0;
  private held: number[] = [];

  constructor(
    private readonly c: Command,
    private readonly p: Plan,
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** False when the input ends before; what cannot be sought is read. */
  async skip(bytes: number): Promise<boolean> {
    if (bytes === 0 || (await attempt(this.c.sys.lseek(this.from, bytes, 1))).ok) return true;
    for (let left = bytes; left > 0;) {
      const chunk = await this.c.sys.read(this.from, Math.min(left, 65536));
      if (chunk.length === 0) return false;
      left -= chunk.length;
    }
    return true;
  }

  private async block(limit: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    // A block larger than one read(2) takes here is still one block.
    const whole = this.p.flags.has("fullblock") || limit > 65536;
    for (let got = 0; got < limit;) {
      const data = await this.c.sys.read(this.from, limit - got);
      parts.push(data);
      got += data.length;
      if (data.length === 0 || !whole) break;
    }
    return concat(parts);
  }

  async run(total: number | null): Promise<void> {
    for (let left = total ?? Infinity; left > 0;) {
      const data = await this.block(Math.min(this.p.ibs, left));
      if (data.length === 0) break;
      if (data.length === this.p.ibs) this.in.full++;
      else this.in.part++;
      left -= total === null || this.p.flags.has("count_bytes") ? data.length : this.p.ibs;
      await this.put(this.converted(data));
    }
    if (this.held.length > 0) await this.write(Uint8Array.from(this.held));
  }

  private converted(data: Uint8Array): Uint8Array {
    const { conv, ibs } = this.p;
    let out = data.slice();
    if (conv.has("sync") && out.length < ibs) {
      out = new Uint8Array(ibs);
      out.set(data);
    }
    if (conv.has("swab"))
      for (let i = 0; i + 1 < out.length; i += 2) [out[i], out[i + 1]] = [out[i + 1]!, out[i]!];
    const turn = conv.has("ucase") ? [97, 122, -32] : conv.has("lcase") ? [65, 90, 32] : null;
    if (turn) out = out.map((b) => (b >= turn[0]! && b <= turn[1]! ? b + turn[2]! : b));
    return out;
  }

  /** With bs each block goes out as it came; else output blocks are filled. */
  private async put(data: Uint8Array): Promise<void> {
    if (this.p.words.has("bs")) return this.write(data);
    for (const byte of data) this.held.push(byte);
    while (this.held.length >= this.p.obs) await this.write(Uint8Array.from(this.held.splice(0, this.p.obs)));
  }

  private async write(data: Uint8Array): Promise<void> {
    const done = await attempt(writeFully(this.c.sys, this.to, data));
    if (!done.ok) {
      const name = this.p.words.get("of") ?? "standard output";
      await this.c.warn(`error writing '${name}': ${strerror(done.code)}`);
      await this.report(0);
      throw new Leave(1);
    }
    this.bytes += data.length;
    if (data.length === this.p.obs) this.written.full++;
    else this.written.part++;
  }

  async report(ns: number): Promise<void> {
    const status = this.p.words.get("status");
    if (status === "none") return;
    const records = `${this.in.full}+${this.in.part} records in\n${this.written.full}+${this.written.part} records out\n`;
    await this.c.errText(status === "noxfer" ? records : records + this.speed(ns));
  }

  private speed(ns: number): string {
    const { bytes } = this;
    const human =
      bytes < 1000 ? "" : ` (${humanDecimal(bytes)}${bytes < 1024 ? "" : `, ${humanDecimal(bytes, true)}`})`;
    const seconds = Math.max(ns, 1) / 1e9;
    const name = `${bytes} byte${bytes === 1 ? "" : "s"}`;
    return `${name}${human} copied, ${Number(seconds.toPrecision(6))} s, ${humanDecimal(bytes / seconds)}/s\n`;
  }
}

const dd = utility("dd", { help: HELP }, async (c) => {
  const p = await plan(c);
  const skip = (await count(c, p, "skip", p.ibs)) ?? 0;
  const seek = (await count(c, p, "seek", p.obs)) ?? 0;
  const total = await count(c, p, "count", p.ibs);
  const start = await c.sys.clockGettime(1);
  const [from, to] = [await openInput(c, p), await openOutput(c, p, seek)];
  const copy = new Copy(c, p, from, to);
  if (!(await copy.skip(skip)))
    await c.warn(`'${p.words.get("if") ?? "standard input"}': cannot skip to specified offset`, 0);
  if (seek > 0) await attempt(c.sys.lseek(to, seek, 0));
  await copy.run(total);
  await copy.report((await c.sys.clockGettime(1)) - start);
});

export const ddProgram: Record<string, Program> = { dd };
