// tarFile.ts - what tar's modes share: the archive as a file, names, listing, giving up.

import { type Command, Leave, writeFully } from "../bin/command.ts";
import { modeText } from "../bin/fileWords.ts";
import { attempt, strerror } from "../errno.ts";
import { formatDate } from "../strftime.ts";
import { gunzip, gzip, GzipError, isGzip } from "./gunzip.ts";
import type { Entry, EntryType } from "./ustar.ts";

const FATAL = "tar: Error is not recoverable: exiting now\n";

export async function fatal(c: Command, text: string): Promise<never> {
  await c.errText(`${text}${FATAL}`);
  throw new Leave(2);
}

/** An error that lets tar go on; its end says so. */
export async function fail(c: Command, text: string): Promise<void> {
  await c.errText(`tar: ${text}\n`);
  c.status = 2;
}

export const archiveName = (c: Command): string => c.value("f") ?? "-";

/** Whether the archive is compressed, by the options or, with -a, by its name. */
export const compressed = (c: Command): boolean =>
  c.has("z") || (c.has("a") && /\.(t?gz|taz)$/.test(archiveName(c)));

export async function readArchive(c: Command): Promise<Uint8Array> {
  const path = archiveName(c);
  const fd = path === "-" ? { ok: true as const, value: 0 } : await attempt(c.sys.open(path, 0));
  if (!fd.ok) return cannotOpen(c, path, fd.code);
  const data = await attempt(c.readAll(fd.value));
  await c.close(fd.value);
  if (!data.ok)
    return fatal(
      c,
      `tar: ${path}: Cannot read: ${strerror(data.code)}\ntar: At beginning of tape, quitting now\n`,
    );
  return isGzip(data.value) || c.has("z") ? expanded(c, data.value) : data.value;
}

async function cannotOpen(c: Command, path: string, code: number): Promise<never> {
  const text = `${path}: Cannot open: ${strerror(code)}\n`;
  if (!c.has("z")) return fatal(c, `tar: ${text}`);
  const child = `tar (child): ${text}tar (child): Error is not recoverable: exiting now\n`;
  return fatal(c, `${child}tar: Child returned status 2\n`);
}

async function expanded(c: Command, data: Uint8Array): Promise<Uint8Array> {
  try {
    return gunzip(data);
  } catch (error) {
    if (!(error instanceof GzipError)) throw error;
    return fatal(c, `\ngzip: stdin: ${error.message}\ntar: Child returned status 1\n`);
  }
}

export async function writeArchive(c: Command, data: Uint8Array): Promise<void> {
  const bytes = compressed(c) ? gzip(data, 6) : data;
  const path = archiveName(c);
  if (path === "-") return c.outBytes(bytes);
  const fd = await attempt(c.sys.open(path, 0o1101, 0o666));
  if (!fd.ok) return cannotOpen(c, path, fd.code);
  const done = await attempt(writeFully(c.sys, fd.value, bytes));
  await c.close(fd.value);
  if (!done.ok) await fatal(c, `tar: ${path}: Cannot write: ${strerror(done.code)}\n`);
}

/** Member names lose what would lead out of the folder they are unpacked in; said once. */
export class Prefixes {
  private readonly said = new Set<string>();

  constructor(private readonly c: Command) {}

  async safe(name: string, what = "member names"): Promise<string> {
    if (this.c.has("P")) return name;
    const m = /^(?:\/+|(?:.*\/)?\.\.(?:\/+|$))+/.exec(name);
    if (!m) return name;
    const message = `tar: Removing leading \`${m[0]}' from ${what}\n`;
    if (!this.said.has(message)) await this.c.errText(message);
    this.said.add(message);
    return name.slice(m[0].length) || ".";
  }
}

const LETTER: Record<EntryType, number> = {
  file: 0o100000,
  hardlink: 0o100000,
  symlink: 0o120000,
  char: 0o020000,
  block: 0o060000,
  directory: 0o040000,
  fifo: 0o010000,
};

/** The name as tar shows it: folders end in a slash. */
export const shownName = (e: Entry): string =>
  e.type === "directory" ? `${e.name.replace(/\/$/, "")}/` : e.name;

/** Lines of `tar -tv`: the column of sizes grows with what it has to hold. */
export class Listing {
  private width = 19;

  constructor(private readonly c: Command) {}

  line(e: Entry): string {
    if (!this.c.has("v")) return shownName(e);
    const mode = modeText(LETTER[e.type] | e.mode);
    const owner = this.c.has("numeric-owner")
      ? `${e.uid}/${e.gid}`
      : `${e.user || e.uid}/${e.group || e.gid}`;
    const size =
      e.type === "char" || e.type === "block" ? `${e.rdev >> 8},${e.rdev & 255}` : String(e.data.length);
    this.width = Math.max(this.width, owner.length + size.length + 1);
    const space = " ".repeat(this.width - owner.length - size.length);
    const time = formatDate("%Y-%m-%d %H:%M", e.mtime, 0);
    const link =
      e.type === "symlink" ? ` -> ${e.target}` : e.type === "hardlink" ? ` link to ${e.target}` : "";
    return `${e.type === "hardlink" ? `h${mode.slice(1)}` : mode} ${owner}${space}${size} ${time} ${shownName(e)}${link}`;
  }
}
