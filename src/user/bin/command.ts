// command.ts - what the utilities share: options, buffered output, input files,
// the words for what goes wrong.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { getopt, type Option } from "../kpatch/getopt.ts";
import { SysError, type Program, type SysCalls } from "../sys.ts";
import { concat, decode, encode } from "../text.ts";

/** `a` flag, `b:` with a value, `c?` with an optional one; a long name after a comma: `n:,lines`. */
function parseSpec(spec: string): Option[] {
  return spec
    .split(/\s+/)
    .filter(Boolean)
    .map((item) => {
      const m = /^([^:?,]?)([:?]?)(?:,([^:?]+)([:?]?))?$/.exec(item)!;
      const mark = m[2] || m[4];
      const option: Option = {};
      if (m[1]) option.short = m[1];
      if (m[3]) option.long = m[3];
      if (mark) option.arg = mark === ":" ? "required" : "optional";
      return option;
    });
}

export interface Info {
  /** The text of --help. */
  help: string;
  options?: string;
  /** Status for wrong usage; 1 unless given. */
  usageStatus?: number;
  /** Where wrong usage points to, if not coreutils' `Try 'x --help' for more information.` */
  hint?: string;
  /** What it says of a file it cannot open, without its name. */
  cannotOpen?: (path: string, why: string) => string;
  /** What it says when standard output takes no more, and its status then, if not as most do. */
  writeError?: string;
  writeErrorStatus?: number;
  /** The first operand ends the options: env, xargs, timeout. */
  posix?: boolean;
  /** Arguments such as -5 or +3 that are no options of getopt. */
  rewrite?: (args: string[]) => string[];
}

/** The program ends here, having said what it wanted to say. */
export class Leave extends Error {
  constructor(readonly status: number) {
    super(`leave ${status}`);
  }
}

/** A write to standard output failed. */
class OutputFailed extends Error {
  constructor(readonly code: number) {
    super(`write ${code}`);
  }
}

const FLUSH_AT = 32768;

export class Command {
  /** Exit status unless main returns another. */
  status = 0;
  operands: string[] = [];
  private given = new Map<string, string[]>();
  /** Options in the order they were given. */
  sequence: { name: string; value: string }[] = [];
  private pending: Uint8Array[] = [];
  private size = 0;

  constructor(
    readonly sys: SysCalls,
    readonly name: string,
    readonly env: Map<string, string>,
    readonly info: Info,
  ) {}

  parse(args: string[]): string | null {
    const spec = parseSpec(`${this.info.options ?? ""} ,help ,version`);
    const parsed = getopt(this.info.rewrite ? this.info.rewrite(args) : args, spec, this.info.posix);
    this.sequence = parsed.options;
    for (const { name, value } of parsed.options) {
      const option = spec.find((o) => (o.long ?? o.short) === name)!;
      for (const key of [option.short, option.long]) {
        if (key) this.given.set(key, [...(this.given.get(key) ?? []), value]);
      }
    }
    this.operands = parsed.operands;
    return parsed.error;
  }

  has(option: string): boolean {
    return this.given.has(option);
  }

  /** The last value of an option. */
  value(option: string): string | undefined {
    return this.given.get(option)?.at(-1);
  }

  values(option: string): string[] {
    return this.given.get(option) ?? [];
  }

  /** The option as if it had been given so. */
  override(option: string, value: string): void {
    this.given.set(option, [value]);
  }

  // ---- output

  async out(text: string): Promise<void> {
    await this.outBytes(encode(text));
  }

  async outBytes(data: Uint8Array): Promise<void> {
    if (data.length === 0) return;
    this.pending.push(data);
    this.size += data.length;
    if (this.size >= FLUSH_AT) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.size === 0) return;
    const data = concat(this.pending);
    this.pending = [];
    this.size = 0;
    try {
      await writeFully(this.sys, 1, data);
    } catch (e) {
      if (e instanceof SysError) throw new OutputFailed(e.code);
      throw e;
    }
  }

  /** `name: text` on standard error. */
  async warn(text: string, status = 1): Promise<void> {
    await this.flush();
    await attempt(writeFully(this.sys, 2, encode(`${this.name}: ${text}\n`)));
    if (status !== 0) this.status = status;
  }

  async errText(text: string): Promise<void> {
    await this.flush();
    await attempt(writeFully(this.sys, 2, encode(text)));
  }

  /** Says why and ends the program. */
  async die(text: string, status = 1): Promise<never> {
    await this.warn(text);
    throw new Leave(status);
  }

  /** Wrong usage: the message and where to find help. */
  async usage(text: string, status = this.info.usageStatus ?? 1): Promise<never> {
    const hint = this.info.hint ?? `Try '${this.name} --help' for more information.`;
    await this.errText(`${this.name}: ${text}\n${hint}\n`);
    throw new Leave(status);
  }

  /** The argument of an option that takes one of some words, each row a word and its other names; as argmatch(3). */
  async choose(option: string, rows: string[][]): Promise<string | undefined> {
    const given = this.value(option);
    if (given === undefined) return undefined;
    const exact = rows.find((row) => row.includes(given));
    const begun = rows.filter((row) => row.some((word) => word.startsWith(given)));
    const row = exact ?? (given !== "" && begun.length === 1 ? begun[0] : undefined);
    if (row) return row[0];
    const valid = rows.map((r) => `  - ${r.map((word) => `‘${word}’`).join(", ")}\n`).join("");
    const what = begun.length > 1 ? "ambiguous" : "invalid";
    return this.usage(
      `${what} argument ‘${given}’ for ‘--${option}’\nValid arguments are:\n${valid.trimEnd()}`,
      1,
    );
  }

  async missingOperand(): Promise<never> {
    return this.usage("missing operand");
  }

  // ---- input

  /** Opens a file for reading, `-` for standard input; complains when it cannot. */
  async open(path: string): Promise<number | null> {
    if (path === "-") return 0;
    const r = await attempt(this.sys.open(path, Open.RDONLY));
    if (r.ok) return r.value;
    const { cannotOpen } = this.info;
    await this.warn(cannotOpen?.(path, strerror(r.code)) ?? `${path}: ${strerror(r.code)}`);
    return null;
  }

  async close(fd: number): Promise<void> {
    if (fd > 0) await attempt(this.sys.close(fd));
  }

  /** Everything from a descriptor. Throws SysError. */
  async readAll(fd: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = await this.sys.read(fd, 65536);
      if (chunk.length === 0) return chunks.length === 0 ? chunk : concat(chunks);
      chunks.push(chunk);
    }
  }

  /** A whole file; null after a complaint. */
  async slurp(path: string): Promise<Uint8Array | null> {
    const fd = await this.open(path);
    if (fd === null) return null;
    const r = await attempt(this.readAll(fd));
    await this.close(fd);
    if (r.ok) return r.value;
    await this.warn(`${path}: ${strerror(r.code)}`);
    return null;
  }

  async slurpText(path: string): Promise<string | null> {
    const data = await this.slurp(path);
    return data && decode(data);
  }

  /** The operands, or standard input when there are none. */
  get inputs(): string[] {
    return this.operands.length > 0 ? this.operands : ["-"];
  }

  /** Lines of the inputs; unreadable files are complained about and skipped. */
  async *lines(paths = this.inputs): AsyncGenerator<string> {
    for (const path of paths) {
      const fd = await this.open(path);
      if (fd === null) continue;
      try {
        for await (const line of linesOf(this.sys, fd)) yield line.text;
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        await this.warn(`${path === "-" ? "-" : path}: ${strerror(e.code)}`);
      }
      await this.close(fd);
    }
  }

  /** Runs a system call; complains with `what` and goes on when it fails. */
  async try<T>(call: Promise<T>, what: string): Promise<T | null> {
    const r = await attempt(call);
    if (r.ok) return r.value;
    await this.warn(`${what}: ${strerror(r.code)}`);
    return null;
  }
}

export async function writeFully(sys: SysCalls, fd: number, data: Uint8Array): Promise<void> {
  for (let rest = data; ;) {
    const n = await sys.write(fd, rest);
    if (n >= rest.length) return;
    rest = rest.subarray(n);
  }
}

export interface Line {
  text: string;
  /** False for a last line without newline. */
  complete: boolean;
}

/** The lines of a descriptor, as they come. */
export async function* linesOf(sys: SysCalls, fd: number, delimiter = 10): AsyncGenerator<Line> {
  let rest: Uint8Array[] = [];
  for (;;) {
    const chunk = await sys.read(fd, 65536);
    if (chunk.length === 0) break;
    let from = 0;
    for (let at = chunk.indexOf(delimiter); at >= 0; at = chunk.indexOf(delimiter, from)) {
      const piece = chunk.subarray(from, at);
      yield { text: decode(rest.length > 0 ? concat([...rest, piece]) : piece), complete: true };
      rest = [];
      from = at + 1;
    }
    if (from < chunk.length) rest.push(chunk.slice(from));
  }
  if (rest.length > 0) yield { text: decode(concat(rest)), complete: false };
}

/** Cuts a text into lines; the last newline ends a line rather than beginning one. */
export function splitLines(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/** A number as coreutils take it: K, M, G and kB suffixes; null when it is none. */
export function parseSize(text: string): number | null {
  const m = /^([-+]?\d+)(?:(b)|([KMGT])(B|iB)?|(k)(B)?)?$/.exec(text);
  if (!m) return null;
  const letter = (m[3] ?? m[5] ?? "").toUpperCase();
  const base = m[4] === "B" || m[6] === "B" ? 1000 : 1024;
  const power = letter === "" ? 0 : "KMGT".indexOf(letter) + 1;
  return Number(m[1]) * (m[2] ? 512 : base ** power);
}

export type Main = (c: Command) => Promise<number | void>;

/** Makes a program of a main function. */
export function utility(name: string, info: Info, main: Main): Program {
  return async ({ sys, argv, env }) => {
    const c = new Command(sys, name, env, info);
    try {
      return await run(c, argv.slice(1), main);
    } catch (e) {
      if (e instanceof SysError) return await failed(c, e);
      if (!(e instanceof OutputFailed)) throw e;
      const text = `${name}: ${info.writeError ?? "write error"}: ${strerror(e.code)}\n`;
      await attempt(writeFully(sys, 2, encode(text)));
      return info.writeErrorStatus ?? 1;
    }
  };
}

/** A call failed that nobody expected to: what could be said is said. */
async function failed(c: Command, error: SysError): Promise<number> {
  await attempt(writeFully(c.sys, 2, encode(`${c.name}: ${strerror(error.code)}\n`)));
  return c.info.usageStatus ?? 1;
}

async function run(c: Command, args: string[], main: Main): Promise<number> {
  try {
    const error = c.parse(args);
    if (error && !c.has("help")) await c.usage(error);
    if (c.has("help")) {
      await c.out(`${c.info.help.trim()}\n`);
      await c.flush();
      return 0;
    }
    if (c.has("version")) {
      await c.out(`${c.name} (Patchbay) 1.0\n`);
      await c.flush();
      return 0;
    }
    const status = (await main(c)) ?? c.status;
    await c.flush();
    return status;
  } catch (e) {
    if (!(e instanceof Leave)) throw e;
    await c.flush();
    return e.status;
  }
}
