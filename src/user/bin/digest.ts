// digest.ts - md5sum, sha1sum, sha256sum and their family; cksum, sum.

import { blake2b } from "@noble/hashes/blake2.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { attempt } from "../errno.ts";
import type { Program } from "../sys.ts";
import { type Command, splitLines, utility } from "./command.ts";

type Hash = (data: Uint8Array) => Uint8Array;

const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** The digest of a file in hexadecimal; null after a complaint. */
async function digestOf(c: Command, hash: Hash, path: string): Promise<string | null> {
  const data = await c.slurp(path);
  return data && hex(hash(data));
}

/** A name with a newline or backslash in it is escaped, and its line begins with a backslash. */
function lineOf(c: Command, digest: string, path: string, label: string): string {
  const end = c.has("z") ? "\0" : "\n";
  const odd = /[\\\n\r]/.test(path) && !c.has("z");
  const name = odd ? path.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\r/g, "\\r") : path;
  const mark = odd ? "\\" : "";
  if (c.has("tag")) return `${mark}${label} (${name}) = ${digest}${end}`;
  return `${mark}${digest} ${c.has("b") ? "*" : " "}${name}${end}`;
}

interface Entry {
  digest: string;
  path: string;
}

function parseEntry(line: string, label: string, digits: number): Entry | null {
  const text = line.replace(/^\\/, "");
  const tagged = new RegExp(`^${label} \\((.*)\\) = ([0-9a-fA-F]{${digits}})$`).exec(text);
  if (tagged) return { digest: tagged[2]!, path: tagged[1]! };
  const m = new RegExp(`^([0-9a-fA-F]{${digits}}) [ *]?(.+)$`).exec(text);
  return m && { digest: m[1]!, path: m[2]! };
}

interface Tally {
  good: number;
  wrong: number;
  unreadable: number;
  malformed: number;
  missing: number;
}

async function checkEntry(c: Command, hash: Hash, entry: Entry, tally: Tally): Promise<void> {
  const { path, digest } = entry;
  const st = path === "-" ? null : await attempt(c.sys.stat(path));
  if (st && !st.ok && st.code === 2 && c.has("ignore-missing")) return void tally.missing++;
  const got = await digestOf(c, hash, path);
  if (got === null) {
    tally.unreadable++;
    if (!c.has("status")) await c.out(`${path}: FAILED open or read\n`);
    return;
  }
  const same = got === digest.toLowerCase();
  if (same) tally.good++;
  else tally.wrong++;
  if (!c.has("status") && !(same && c.has("quiet"))) await c.out(`${path}: ${same ? "OK" : "FAILED"}\n`);
}

const plural = (n: number, one: string, many: string): string => `WARNING: ${n} ${n === 1 ? one : many}`;

async function summary(c: Command, tally: Tally): Promise<void> {
  const lines = [
    [tally.malformed, "line is improperly formatted", "lines are improperly formatted"],
    [tally.unreadable, "listed file could not be read", "listed files could not be read"],
    [tally.wrong, "computed checksum did NOT match", "computed checksums did NOT match"],
  ] as const;
  for (const [n, one, many] of lines)
    if (n > 0 && !c.has("status")) await c.warn(plural(n, one, many), n === tally.malformed ? 0 : 1);
  if (tally.unreadable + tally.wrong > 0 || (c.has("strict") && tally.malformed > 0)) c.status = 1;
}

async function check(c: Command, hash: Hash, label: string, list: string): Promise<void> {
  const text = await c.slurpText(list);
  if (text === null) return;
  const tally: Tally = { good: 0, wrong: 0, unreadable: 0, malformed: 0, missing: 0 };
  const name = list === "-" ? "'standard input'" : list;
  for (const [i, line] of splitLines(text).entries()) {
    const entry = parseEntry(line, label, hash(new Uint8Array()).length * 2);
    if (entry) await checkEntry(c, hash, entry, tally);
    else if (line !== "" && !line.startsWith("#")) {
      tally.malformed++;
      if (c.has("w")) await c.warn(`${name}: ${i + 1}: improperly formatted ${label} checksum line`, 0);
    }
  }
  if (tally.good + tally.wrong + tally.unreadable + tally.missing === 0)
    return c.warn(`${name}: no properly formatted checksum lines found`);
  await summary(c, tally);
  if (c.has("ignore-missing") && tally.good === 0) await c.warn(`${name}: no file was verified`);
}

function digester(name: string, label: string, hash: Hash): Program {
  const info = {
    help: `Usage: ${name} [OPTION]... [FILE]...
Print or check ${label} checksums.

  -b, --binary          read in binary mode
  -c, --check           read checksums from the FILEs and check them
      --tag             create a BSD-style checksum
  -t, --text            read in text mode (default)
  -z, --zero            end each output line with NUL, not newline
      --ignore-missing  don't fail or report status for missing files
      --quiet           don't print OK for each successfully verified file
      --status          don't output anything, status code shows success
      --strict          exit non-zero for improperly formatted checksum lines
  -w, --warn            warn about improperly formatted checksum lines`,
    options: "b,binary c,check ,tag t,text z,zero ,ignore-missing ,quiet ,status ,strict w,warn",
  };
  return utility(name, info, async (c) => {
    for (const path of c.inputs) {
      if (c.has("c")) {
        await check(c, hash, label, path);
        continue;
      }
      const digest = await digestOf(c, hash, path);
      if (digest !== null) await c.out(lineOf(c, digest, path, label));
    }
  });
}

/** POSIX cksum: a CRC over the bytes and then over their number. */
function crc(data: Uint8Array): number {
  let value = 0;
  const feed = (byte: number): void => {
    value ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  };
  for (const byte of data) feed(byte);
  for (let n = data.length; n > 0; n = Math.floor(n / 256)) feed(n & 255);
  return ~value >>> 0;
}

const cksum = utility(
  "cksum",
  { help: "Usage: cksum [FILE]...\nPrint CRC checksum and byte counts of each FILE." },
  async (c) => {
    for (const path of c.inputs) {
      const data = await c.slurp(path);
      if (data) await c.out(`${crc(data)} ${data.length}${c.operands.length > 0 ? ` ${path}` : ""}\n`);
    }
  },
);

/** BSD's 16 bit sum: rotate, then add. */
function bsdSum(data: Uint8Array): number {
  let value = 0;
  for (const byte of data) value = (((value >> 1) | ((value & 1) << 15)) + byte) & 0xffff;
  return value;
}

const sum = utility(
  "sum",
  {
    help: "Usage: sum [OPTION]... [FILE]...\nPrint checksum and block counts for each FILE.\n\n  -r         use BSD sum algorithm, 1K blocks (default)\n  -s, --sysv  use System V sum algorithm, 512-byte blocks",
    options: "r s,sysv",
  },
  async (c) => {
    for (const path of c.inputs) {
      const data = await c.slurp(path);
      if (!data) continue;
      const name = c.operands.length > 0 ? ` ${path}` : "";
      if (c.has("s")) {
        const total = data.reduce((n, b) => (n + b) >>> 0, 0);
        const folded = (total & 0xffff) + (total >>> 16);
        await c.out(`${(folded & 0xffff) + (folded >>> 16)} ${Math.ceil(data.length / 512)}${name}\n`);
      } else {
        const value = String(bsdSum(data)).padStart(5, "0");
        await c.out(`${value} ${String(Math.ceil(data.length / 1024)).padStart(5)}${name}\n`);
      }
    }
  },
);

export const digests: Record<string, Program> = {
  md5sum: digester("md5sum", "MD5", md5),
  sha1sum: digester("sha1sum", "SHA1", sha1),
  sha224sum: digester("sha224sum", "SHA224", sha224),
  sha256sum: digester("sha256sum", "SHA256", sha256),
  sha384sum: digester("sha384sum", "SHA384", sha384),
  sha512sum: digester("sha512sum", "SHA512", sha512),
  b2sum: digester("b2sum", "BLAKE2b", (data) => blake2b(data)),
  cksum,
  sum,
};
