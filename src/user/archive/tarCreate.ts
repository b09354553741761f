// tarCreate.ts - tar -c and -r: files become members.

import type { Command } from "../bin/command.ts";
import { groupName, userName } from "../bin/users.ts";
import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { patternSource } from "../sh/pattern.ts";
import type { Stat } from "../sys.ts";
import { concat } from "../text.ts";
import { archiveName, fail, Listing, Prefixes, readArchive, shownName, writeArchive } from "./tarFile.ts";
import { BLOCK, ending, type Entry, type EntryType, member } from "./ustar.ts";

const TYPES: Record<number, EntryType> = {
  0o100000: "file",
  0o120000: "symlink",
  0o020000: "char",
  0o060000: "block",
  0o040000: "directory",
  0o010000: "fifo",
};

class Packing {
  readonly blocks: Uint8Array[] = [];
  /** First names of files with several links. */
  private readonly links = new Map<string, string>();
  private readonly prefixes: Prefixes;
  private readonly listing: Listing;
  private readonly excluded: RegExp[];

  constructor(
    private readonly c: Command,
    /** The archive itself, which is not put into itself. */
    private readonly self: Stat | null,
  ) {
    this.prefixes = new Prefixes(c);
    this.listing = new Listing(c);
    this.excluded = c.values("exclude").map((p) => new RegExp(`(?:^|/)${patternSource(p)}$`, "s"));
  }

  async add(path: string): Promise<void> {
    const { c } = this;
    if (this.excluded.some((p) => p.test(path))) return;
    const st = await attempt(c.has("h") ? c.sys.stat(path) : c.sys.lstat(path));
    if (!st.ok) return fail(c, `${path}: Cannot stat: ${strerror(st.code)}`);
    if (this.self && st.value.ino === this.self.ino && st.value.dev === this.self.dev)
      return c.errText(`tar: ${path}: file is the archive; not dumped\n`);
    const entry = await this.entry(path, st.value);
    if (!entry) return;
    this.blocks.push(member(entry));
    await this.show(entry);
    if (entry.type === "directory" && !c.has("no-recursion")) await this.addFolder(path);
  }

  private async addFolder(path: string): Promise<void> {
    const names = await attempt(entries(this.c.sys, path));
    if (!names.ok) return fail(this.c, `${path}: Cannot open: ${strerror(names.code)}`);
    for (const { name } of names.value) await this.add(`${path.replace(/\/+$/, "")}/${name}`);
  }

  private async show(entry: Entry): Promise<void> {
    const { c } = this;
    if (!c.has("v")) return;
    const line = `${c.values("v").length > 1 ? this.listing.line(entry) : shownName(entry)}\n`;
    await (archiveName(c) === "-" ? c.errText(line) : c.out(line));
  }

  private async entry(path: string, st: Stat): Promise<Entry | null> {
    const { sys } = this.c;
    const type = TYPES[st.mode & 0o170000] ?? "file";
    const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
    const entry: Entry = {
      name: await this.prefixes.safe(trimmed),
      type,
      mode: st.mode & 0o7777,
      uid: st.uid,
      gid: st.gid,
      user: await userName(sys, st.uid),
      group: await groupName(sys, st.gid),
      mtime: Math.floor(st.mtimeNs / 1e9),
      target: type === "symlink" ? await sys.readlink(path) : "",
      rdev: st.rdev,
      data: new Uint8Array(),
    };
    if (type !== "file" || (st.nlink > 1 && this.linked(entry, st))) return entry;
    const data = await this.contents(path, st.size);
    return data && { ...entry, data };
  }

  /** A second name of a file is a link to the first. */
  private linked(entry: Entry, st: Stat): boolean {
    const key = `${st.dev}:${st.ino}`;
    const first = this.links.get(key);
    if (first === undefined) {
      this.links.set(key, entry.name);
      return false;
    }
    entry.type = "hardlink";
    entry.target = first;
    return true;
  }

  /** As many bytes as stat said: of a file in /proc none. */
  private async contents(path: string, size: number): Promise<Uint8Array | null> {
    const { c } = this;
    const fd = await attempt(c.sys.open(path, 0));
    if (!fd.ok) {
      await fail(c, `${path}: Cannot open: ${strerror(fd.code)}`);
      return null;
    }
    const data =
      size === 0 ? { ok: true as const, value: new Uint8Array() } : await attempt(c.readAll(fd.value));
    await c.close(fd.value);
    if (!data.ok) {
      await fail(c, `${path}: Read error at byte 0, while reading ${size} bytes: ${strerror(data.code)}`);
      return null;
    }
    const exact = new Uint8Array(size);
    exact.set(data.value.subarray(0, size));
    return exact;
  }
}

/** The blocks of the members that an archive has already. */
async function kept(c: Command): Promise<Uint8Array> {
  const there = await attempt(c.sys.stat(archiveName(c)));
  if (!there.ok) return new Uint8Array();
  const data = await readArchive(c);
  let end = data.length;
  while (end >= BLOCK && data.subarray(end - BLOCK, end).every((b) => b === 0)) end -= BLOCK;
  return data.subarray(0, end);
}

export async function create(c: Command, paths: string[], append: boolean): Promise<void> {
  const old = append ? await kept(c) : new Uint8Array();
  const st = await attempt(c.sys.stat(archiveName(c)));
  const packing = new Packing(c, st.ok ? st.value : null);
  for (const path of paths) await packing.add(path);
  const blocks = [old, ...packing.blocks];
  const size = blocks.reduce((n, b) => n + b.length, 0);
  await writeArchive(c, concat([...blocks, ending(size)]));
}
