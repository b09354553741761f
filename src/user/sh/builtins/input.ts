// input.ts - read, mapfile.

import { Fcntl, Termios } from "../../../../kernel-as/abi.ts";
import { attempt, strerror } from "../../errno.ts";
import { SysError } from "../../sys.ts";
import { concat, decode, encode } from "../../text.ts";
import { shellQuote } from "../quote.ts";
import { interruptible, readUntil } from "../readLine.ts";
import type { Shell } from "../shell.ts";
import { isName } from "../vars.ts";
import { badOption, options, type Table } from "./types.ts";

const READ =
  "read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]";

async function read(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "ers", "adinNptu");
  if (o.bad) return badOption(sh, "read", o.bad, READ);
  const names = o.rest;
  for (const n of names) {
    if (!isName(n.replace(/\[.*\]$/s, ""))) return sh.complain(`read: \`${n}': not a valid identifier`);
  }
  const fd = Number(o.value.get("u") ?? 0);
  const timeout = o.value.get("t");
  if (timeout !== undefined && !/^\d*\.?\d+$/.test(timeout)) {
    return sh.complain(`read: ${timeout}: invalid timeout specification`);
  }
  const count = o.value.get("N") ?? o.value.get("n");
  if (count !== undefined && !/^\d+$/.test(count)) return sh.complain(`read: ${count}: invalid number`);
  const prompt = o.value.get("p");
  if (prompt !== undefined && (await attempt(sh.sys.tcgetattr(fd))).ok) await sh.err(prompt);
  if (timeout !== undefined && Number(timeout) === 0) return (await ready(sh, fd, 0)) ? 0 : 1;
  const input = await gather(sh, fd, o.value, o.set, timeout === undefined ? null : Number(timeout) * 1000);
  if (typeof input === "number")
    return input > 0 ? sh.complain(`read: read error: ${fd}: ${strerror(input)}`) : 1;
  const line = decode(input.bytes).replaceAll("\0", "");
  assignWords(sh, line, names, o.value.get("a") ?? null, o.set.has("r"), o.set.has("N"));
  if (input.timedOut) return 142;
  return input.complete ? 0 : 1;
}

async function ready(sh: Shell, fd: number, ms: number): Promise<boolean> {
  return (await sh.sys.poll([{ fd, events: 1, revents: 0 }], ms)) > 0;
}

interface Input {
  bytes: Uint8Array;
  complete: boolean;
  timedOut: boolean;
}

/** The raw input; a number is an errno (0: end of file at once, interrupted). */
async function gather(
  sh: Shell,
  fd: number,
  value: Map<string, string>,
  set: Set<string>,
  timeoutMs: number | null,
): Promise<Input | number> {
  const delimiter = value.has("d") ? (encode(value.get("d")!)[0] ?? 0) : 10;
  const count = Number(value.get("N") ?? value.get("n") ?? 0);
  if (count === 0 && (value.has("n") || value.has("N")))
    return { bytes: new Uint8Array(), complete: true, timedOut: false };
  const undo = await rawMode(sh, fd, set.has("s"), count > 0 || value.has("d"));
  try {
    if (count === 0 && timeoutMs === null && set.has("r")) {
      const r = await readUntil(sh, fd, delimiter);
      return { ...r, timedOut: false };
    }
    return await gatherBytes(sh, fd, value.has("N") ? -1 : delimiter, count, set.has("r"), timeoutMs);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return e.code === 4 ? 0 : e.code;
  } finally {
    await undo();
  }
}

/** Byte by byte: counts, continuation lines, time limits. */
async function gatherBytes(
  sh: Shell,
  fd: number,
  delimiter: number,
  count: number,
  raw: boolean,
  timeoutMs: number | null,
): Promise<Input> {
  const out: number[] = [];
  const end = timeoutMs === null ? 0 : (await sh.sys.clockGettime(1)) / 1e6 + timeoutMs;
  const result = (complete: boolean, timedOut = false): Input => ({
    bytes: Uint8Array.from(out),
    complete,
    timedOut,
  });
  let characters = 0;
  for (let escaped = false; ;) {
    if (timeoutMs !== null) {
      const left = end - (await sh.sys.clockGettime(1)) / 1e6;
      if (left <= 0 || !(await ready(sh, fd, Math.ceil(left)))) return result(false, true);
    }
    const chunk = await interruptible(sh, fd);
    if (chunk.length === 0) return result(false);
    const b = chunk[0]!;
    if (b === delimiter && !escaped) return result(true);
    if (escaped && b === 10) {
      // A continued line: neither the backslash nor the newline counts.
      out.pop();
      escaped = false;
      continue;
    }
    out.push(b);
    escaped = !raw && b === 0x5c && !escaped;
    // A backslash that quotes the next character does not count.
    if (!escaped && (b & 0xc0) !== 0x80) characters++;
    if (count > 0 && characters >= count && !escaped) return result(true);
  }
}

/** Terminal settings for -s and -n; gives the way back. */
async function rawMode(sh: Shell, fd: number, silent: boolean, chars: boolean): Promise<() => Promise<void>> {
  const nothing = async (): Promise<void> => {};
  if (!silent && !chars) return nothing;
  const modes = await attempt(sh.sys.tcgetattr(fd));
  if (!modes.ok) return nothing;
  const changed = modes.value.slice();
  let low = changed[Termios.LFLAG]!;
  if (silent) low &= ~Termios.ECHO;
  if (chars) {
    low &= ~Termios.ICANON;
    changed[Termios.CC + Termios.VMIN] = 1;
    changed[Termios.CC + Termios.VTIME] = 0;
  }
  changed[Termios.LFLAG] = low;
  await sh.sys.tcsetattr(fd, 1, changed);
  return async () => {
    await sh.sys.tcsetattr(fd, 1, modes.value);
  };
}

/** One character of the line; an escaped one neither splits nor counts as white space. */
interface Char {
  c: string;
  escaped: boolean;
}

function unescape(line: string, raw: boolean): Char[] {
  const out: Char[] = [];
  let escaped = false;
  for (const c of line) {
    if (!raw && !escaped && c === "\\") escaped = true;
    else {
      out.push({ c, escaped });
      escaped = false;
    }
  }
  return out;
}

const text = (chars: Char[]): string => chars.map((x) => x.c).join("");

function assignWords(
  sh: Shell,
  line: string,
  names: string[],
  array: string | null,
  raw: boolean,
  whole: boolean,
): void {
  const chars = unescape(line, raw);
  const set = (name: string, value: string): void => {
    const m = /^(\w+)\[(.*)\]$/s.exec(name);
    if (m) sh.vars.setElement(m[1]!, sh.subscript(m[1]!, m[2]!), value);
    else sh.vars.set(name, value);
  };
  if (whole && !array) {
    set(names[0] ?? "REPLY", text(chars));
    for (const n of names.slice(1)) set(n, "");
    return;
  }
  const ifs = sh.vars.get("IFS") ?? " \t\n";
  if (array !== null) {
    sh.vars.unset(array);
    sh.vars.setList(array, splitWords(chars, ifs, Infinity));
    return;
  }
  if (names.length === 0) return set("REPLY", text(chars));
  const words = splitWords(chars, ifs, names.length);
  names.forEach((n, i) => set(n, words[i] ?? ""));
}

/** At most `max` words; the last one is the rest of the line when that is more than a word. */
function splitWords(chars: Char[], ifs: string, max: number): string[] {
  const sep = (i: number): boolean => i < chars.length && !chars[i]!.escaped && ifs.includes(chars[i]!.c);
  const space = (i: number): boolean => sep(i) && " \t\n".includes(chars[i]!.c);
  const skip = (i: number): number => {
    while (space(i)) i++;
    return i;
  };
  const out: string[] = [];
  for (let i = skip(0); i < chars.length;) {
    let end = i;
    while (end < chars.length && !sep(end)) end++;
    // One delimiter: white space, and at most one other separator within it.
    let next = skip(end);
    if (sep(next)) next = skip(next + 1);
    if (out.length === max - 1 && next < chars.length) {
      let last = chars.length;
      while (space(last - 1)) last--;
      out.push(text(chars.slice(i, last)));
      return out;
    }
    out.push(text(chars.slice(i, end)));
    i = next;
  }
  return out;
}

async function mapfile(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "t", "dnOsuCc");
  if (o.bad)
    return badOption(
      sh,
      argv[0]!,
      o.bad,
      `${argv[0]} [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]`,
    );
  const name = o.rest[0] ?? "MAPFILE";
  const fd = Number(o.value.get("u") ?? 0);
  const delimiter = o.value.has("d") ? (encode(o.value.get("d")!)[0] ?? 0) : 10;
  const count = Number(o.value.get("n") ?? 0);
  const skip = Number(o.value.get("s") ?? 0);
  const origin = Number(o.value.get("O") ?? 0);
  const callback = o.value.get("C");
  const quantum = Number(o.value.get("c") ?? 5000);
  const open = await attempt(sh.sys.fcntl(fd, Fcntl.F_GETFD, 0));
  if (!open.ok) return sh.complain(`${argv[0]}: ${fd}: invalid file descriptor: ${strerror(open.code)}`);
  if (!isName(name)) return sh.complain(`${argv[0]}: \`${name}': not a valid identifier`);
  if (!o.value.has("O")) sh.vars.setList(name, []);
  for (let n = 0; count === 0 || n < count + skip; n++) {
    const read = await attempt(readUntil(sh, fd, delimiter));
    // As for bash, what cannot be read ends there.
    if (!read.ok) break;
    const r = read.value;
    if (!r.complete && r.bytes.length === 0) break;
    if (n < skip) continue;
    const keep = r.complete && !o.set.has("t");
    const line = decode(keep ? concat([r.bytes, Uint8Array.of(delimiter)]) : r.bytes);
    const value = line.replace(/\0[\s\S]*/, "");
    const at = origin + n - skip;
    if (callback !== undefined && (n - skip + 1) % quantum === 0) {
      await sh.hooks.evalText(sh, `${callback} ${at} ${shellQuote(value)}`, null);
    }
    sh.vars.setElement(name, String(at), value);
    if (!r.complete) break;
  }
  return 0;
}

export const input: Table = { read, mapfile, readarray: mapfile };
