// ustar.ts - the blocks of a tar archive, in GNU tar's format: what it writes
// unless told otherwise. Long names precede their member as members of type L and K.

import { concat, decode, encode } from "../text.ts";

export const BLOCK = 512;
/** An archive is filled up to a whole record. */
const RECORD = 20 * BLOCK;

export type EntryType = "file" | "hardlink" | "symlink" | "char" | "block" | "directory" | "fifo";

export interface Entry {
  /** Without the slash that ends a directory's name in the archive. */
  name: string;
  type: EntryType;
  /** Permission bits. */
  mode: number;
  uid: number;
  gid: number;
  user: string;
  group: string;
  /** Seconds. */
  mtime: number;
  /** Of a link. */
  target: string;
  rdev: number;
  data: Uint8Array;
}

const TYPES: EntryType[] = ["file", "hardlink", "symlink", "char", "block", "directory", "fifo"];

const LONG_LINK = "././@LongLink";
const NAME_SIZE = 100;

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function header(e: Entry, name: Uint8Array, flag: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => block.set(encode(text), at);
  const device = e.type === "char" || e.type === "block";
  block.set(name.subarray(0, NAME_SIZE), 0);
  put(octal(e.mode, 8) + octal(e.uid, 8) + octal(e.gid, 8), 100);
  put(octal(size, 12) + octal(e.mtime, 12), 124);
  put(flag, 156);
  block.set(encode(e.target).subarray(0, NAME_SIZE), 157);
  put(`ustar  \0${e.user}`, 257);
  put(e.group, 297);
  if (device) put(octal((e.rdev >> 8) & 0xfff, 8) + octal(e.rdev & 0xff, 8), 329);
  block.fill(32, 148, 156);
  const sum = block.reduce((n, b) => n + b, 0);
  put(`${octal(sum, 7)} `, 148);
  return block;
}

function padded(data: Uint8Array): Uint8Array[] {
  const rest = data.length % BLOCK;
  return rest === 0 ? [data] : [data, new Uint8Array(BLOCK - rest)];
}

function longName(text: Uint8Array, flag: "L" | "K"): Uint8Array[] {
  const data = concat([text, new Uint8Array(1)]);
  const none = { mode: 0o644, uid: 0, gid: 0, user: "root", group: "root", mtime: 0, target: "", rdev: 0 };
  const entry: Entry = { ...none, name: LONG_LINK, type: "file", data };
  return [header(entry, encode(LONG_LINK), flag, data.length), ...padded(data)];
}

/** A member: its header, and its contents filled up to a block. */
export function member(e: Entry): Uint8Array {
  const name = encode(e.type === "directory" ? `${e.name}/` : e.name);
  const target = encode(e.target);
  return concat([
    ...(name.length > NAME_SIZE ? longName(name, "L") : []),
    ...(target.length > NAME_SIZE ? longName(target, "K") : []),
    header(e, name, String(TYPES.indexOf(e.type)), e.data.length),
    ...padded(e.data),
  ]);
}

/** What ends an archive of so many bytes. */
export function ending(size: number): Uint8Array {
  const least = size + 2 * BLOCK;
  return new Uint8Array(Math.ceil(least / RECORD) * RECORD - size);
}

export class NotAnArchive extends Error {}

function text(block: Uint8Array, at: number, size: number): string {
  const field = block.subarray(at, at + size);
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or base 256 where they do not suffice. */
function number(block: Uint8Array, at: number, size: number): number {
  if (block[at]! & 0x80)
    return block.subarray(at + 1, at + size).reduce((n, b) => n * 256 + b, block[at]! & 0x7f);
  return parseInt(text(block, at, size).trim() || "0", 8) || 0;
}

function soundHeader(block: Uint8Array): boolean {
  const sum = block.reduce((n, b, i) => n + (i >= 148 && i < 156 ? 32 : b), 0);
  return sum === number(block, 148, 8);
}

/** The members of an archive, in order. Throws NotAnArchive when a header is none. */
export function* members(archive: Uint8Array): Generator<Entry> {
  let [name, target] = ["", ""];
  for (let at = 0; at + BLOCK <= archive.length;) {
    const block = archive.subarray(at, at + BLOCK);
    if (block.every((b) => b === 0)) return;
    if (!soundHeader(block)) throw new NotAnArchive();
    const size = number(block, 124, 12);
    const data = archive.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const flag = String.fromCharCode(block[156]!);
    if (flag === "L") name = text(data, 0, data.length);
    else if (flag === "K") target = text(data, 0, data.length);
    else if (flag === "x" || flag === "g") ({ name, target } = pax(decode(data), name, target));
    else {
      yield entryOf(block, flag, data, name, target);
      [name, target] = ["", ""];
    }
  }
}

/** Extended headers of POSIX: `30 path=NAME\n`; only names matter here. */
function pax(records: string, name: string, target: string): { name: string; target: string } {
  const field = (key: string): string | undefined => new RegExp(`^\\d+ ${key}=(.*)$`, "m").exec(records)?.[1];
  return { name: field("path") ?? name, target: field("linkpath") ?? target };
}

function entryOf(block: Uint8Array, flag: string, data: Uint8Array, name: string, target: string): Entry {
  const posix = text(block, 257, 6) === "ustar" && block[262] === 0;
  const prefix = posix ? text(block, 345, 155) : "";
  const short = text(block, 0, NAME_SIZE);
  const full = name || (prefix === "" ? short : `${prefix}/${short}`);
  const type = full.endsWith("/") ? "directory" : (TYPES[Number(flag)] ?? "file");
  return {
    name: full.length > 1 ? full.replace(/\/+$/, "") : full,
    type,
    mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    user: text(block, 265, 32),
    group: text(block, 297, 32),
    mtime: number(block, 136, 12),
    target: target || text(block, 157, NAME_SIZE),
    rdev: (number(block, 329, 8) << 8) | number(block, 337, 8),
    data,
  };
}
