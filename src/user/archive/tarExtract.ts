// tarExtract.ts - tar -x, -t and -d: members become files, lines, or are compared.

import { Errno } from "../../../kernel-as/abi.ts";
import { type Command, writeFully } from "../bin/command.ts";
import { attempt, strerror } from "../errno.ts";
import { patternSource } from "../sh/pattern.ts";
import { directoryOf } from "../bin/basic.ts";
import { SysError } from "../sys.ts";
import { fail, Listing, Prefixes, readArchive, shownName } from "./tarFile.ts";
import { BLOCK, type Entry, members, NotAnArchive } from "./ustar.ts";

/** Which members are wanted: those named, and what is below them. */
class Wanted {
  private readonly missed: Set<string>;

  constructor(private readonly c: Command) {
    this.missed = new Set(c.operands);
  }

  has(name: string): boolean {
    const { c } = this;
    if (c.values("exclude").some((p) => matches(p, name, true))) return false;
    if (c.operands.length === 0) return true;
    const by = c.operands.find((p) => matches(p.replace(/\/+$/, ""), name, c.has("wildcards")));
    if (by !== undefined) this.missed.delete(by);
    return by !== undefined;
  }

  async complain(): Promise<void> {
    for (const name of this.missed) {
      if (/[*?[]/.test(name) && !this.c.has("wildcards"))
        await this.c.errText(
          "tar: Pattern matching characters used in file names\n" +
            "tar: Use --wildcards to enable pattern matching, or --no-wildcards to suppress this warning\n",
        );
      await fail(this.c, `${name}: Not found in archive`);
    }
  }
}

function matches(pattern: string, name: string, wildcards: boolean): boolean {
  if (!wildcards) return name === pattern || name.startsWith(`${pattern}/`);
  return new RegExp(`(?:^|/)${patternSource(pattern)}(?:$|/)`, "s").test(name);
}

async function eachMember(c: Command, visit: (e: Entry) => Promise<void>): Promise<void> {
  const archive = await readArchive(c);
  if (archive.length < BLOCK) return fail(c, "This does not look like a tar archive");
  const wanted = new Wanted(c);
  try {
    for (const entry of members(archive)) if (wanted.has(entry.name)) await visit(entry);
  } catch (error) {
    if (!(error instanceof NotAnArchive)) throw error;
    await fail(c, "This does not look like a tar archive");
    if (archive.length > BLOCK) await c.errText("tar: Skipping to next header\n");
  }
  await wanted.complain();
}

export async function listMembers(c: Command): Promise<void> {
  const listing = new Listing(c);
  const prefixes = new Prefixes(c);
  await eachMember(c, async (entry) => {
    await prefixes.safe(entry.name);
    await c.out(`${listing.line(entry)}\n`);
  });
}

/** Without the first folders; null when nothing is left. */
function stripped(name: string, count: number): string | null {
  const parts = name.split("/").filter((p) => p !== "");
  return parts.length > count || count === 0 ? (count === 0 ? name : parts.slice(count).join("/")) : null;
}

async function makeParents(c: Command, path: string): Promise<void> {
  const dir = directoryOf(path);
  if (dir === "." || dir === "/" || (await attempt(c.sys.stat(dir))).ok) return;
  await makeParents(c, dir);
  await attempt(c.sys.mkdir(dir, 0o777));
}

/** Puts the member where it belongs; false after a complaint. */
async function unpack(c: Command, e: Entry, path: string): Promise<boolean> {
  const old = await attempt(c.sys.lstat(path));
  const folder = old.ok && (old.value.mode & 0o170000) === 0o040000;
  if (old.ok && !c.has("k") && !(folder && e.type === "directory")) await attempt(c.sys.unlink(path));
  const verb = {
    directory: "mkdir",
    symlink: `create symlink to ‘${e.target}’`,
    hardlink: `hard link to ‘${e.target}’`,
    file: "open",
    fifo: "mkfifo",
    char: "mknod",
    block: "mknod",
  };
  const made = await attempt(make(c, e, path));
  if (made.ok || (folder && e.type === "directory")) return true;
  await fail(c, `${path}: Cannot ${verb[e.type]}: ${strerror(made.code)}`);
  return false;
}

async function make(c: Command, e: Entry, path: string): Promise<void> {
  const { sys } = c;
  if (e.type === "directory") return sys.mkdir(path, 0o700);
  if (e.type === "symlink") return sys.symlink(e.target, path);
  if (e.type === "hardlink") return sys.link(e.target, path);
  // There is no mknod(2) here: as for a user without the right to it.
  if (e.type !== "file") throw new SysError(Errno.EPERM, "mknod");
  const fd = await sys.open(path, 0o301, 0o600);
  await writeFully(sys, fd, e.data);
  await sys.close(fd);
}

/** Mode, owner and time of the archive; folders get theirs when all is in them. */
async function restore(c: Command, e: Entry, path: string, umask: number, root: boolean): Promise<void> {
  if (e.type === "hardlink" || e.type === "symlink") return;
  if (root && !c.has("no-same-owner")) await attempt(c.sys.chown(path, e.uid, e.gid));
  await attempt(c.sys.chmod(path, root || c.has("p") ? e.mode : e.mode & ~umask));
  if (!c.has("m")) await attempt(c.sys.utimens(path, e.mtime * 1e9, e.mtime * 1e9));
}

export async function extract(c: Command): Promise<void> {
  const prefixes = new Prefixes(c);
  const folders: [Entry, string][] = [];
  const umask = await c.sys.umask(0);
  await c.sys.umask(umask);
  const root = (await c.sys.geteuid()) === 0;
  const count = Number(c.value("strip-components") ?? 0);
  await eachMember(c, async (entry) => {
    const name = stripped(await prefixes.safe(entry.name), count);
    if (name === null) return;
    if (c.has("v")) await (c.has("O") ? c.errText(`${shownName(entry)}\n`) : c.out(`${shownName(entry)}\n`));
    if (c.has("O")) return c.outBytes(entry.data);
    await makeParents(c, name);
    const target = entry.type === "hardlink" ? await prefixes.safe(entry.target, "hard link targets") : "";
    const moved = entry.type === "hardlink" ? (stripped(target, count) ?? target) : entry.target;
    if (!(await unpack(c, { ...entry, target: moved }, name))) return;
    if (entry.type === "directory") folders.push([entry, name]);
    else await restore(c, entry, name, umask, root);
  });
  for (const [entry, name] of folders.reverse()) await restore(c, entry, name, umask, root);
}

export async function compare(c: Command): Promise<void> {
  await eachMember(c, async (e) => {
    if (c.has("v")) await c.out(`${shownName(e)}\n`);
    const st = await attempt(c.sys.lstat(e.name));
    if (!st.ok) return differs(c, `tar: ${e.name}: Warning: Cannot stat: ${strerror(st.code)}\n`);
    if (e.type !== "file") return;
    if (st.value.size !== e.data.length) return differs(c, `${e.name}: Size differs\n`);
    if ((st.value.mode & 0o7777) !== e.mode) await differs(c, `${e.name}: Mode differs\n`);
    const data = await c.slurp(e.name);
    if (data && data.some((b, i) => b !== e.data[i])) await differs(c, `${e.name}: Contents differ\n`);
  });
}

async function differs(c: Command, line: string): Promise<void> {
  await (line.startsWith("tar:") ? c.errText(line) : c.out(line));
  if (c.status === 0) c.status = 1;
}
