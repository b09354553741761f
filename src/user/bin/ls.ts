// ls.ts - ls, and how a file's mode, owner and time are written.

import { Errno } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { columns } from "../columns.ts";
import { entries } from "../sh/glob.ts";
import { formatDate } from "../strftime.ts";
import type { Stat } from "../sys.ts";
import { type Command, utility } from "./command.ts";
import { groupName, userName } from "./users.ts";

/** A file as ls lists it. */
interface Entry {
  name: string;
  path: string;
  st: Stat | null;
  target: string | null;
}

const TYPE_LETTERS: Record<number, string> = {
  0o140000: "s",
  0o120000: "l",
  0o100000: "-",
  0o060000: "b",
  0o040000: "d",
  0o020000: "c",
  0o010000: "p",
};

/** `drwxr-xr-x`. */
export function modeText(mode: number): string {
  const bit = (n: number, c: string): string => (mode & n ? c : "-");
  const exec = (x: number, special: number, set: string): string => {
    if (mode & special) return mode & x ? set : set.toUpperCase();
    return bit(x, "x");
  };
  return (
    (TYPE_LETTERS[mode & 0o170000] ?? "?") +
    bit(0o400, "r") +
    bit(0o200, "w") +
    exec(0o100, 0o4000, "s") +
    bit(0o040, "r") +
    bit(0o020, "w") +
    exec(0o010, 0o2000, "s") +
    bit(0o004, "r") +
    bit(0o002, "w") +
    exec(0o001, 0o1000, "t")
  );
}

/** 1536 as 1.5K. */
export function humanSize(n: number, base = 1024): string {
  if (n < base) return String(n);
  let value = n;
  let unit = -1;
  while (value >= base && unit < 5) {
    value /= base;
    unit++;
  }
  const up = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  return `${up < 10 ? up.toFixed(1) : up}${"KMGTPE"[unit]}`;
}

class Ls {
  private readonly users = new Map<number, string>();
  private readonly groups = new Map<number, string>();
  private color = false;
  private now = 0;
  width = 80;
  oneColumn = true;
  private printed = false;

  constructor(private readonly c: Command) {}

  async start(): Promise<void> {
    const c = this.c;
    const tty = (await attempt(c.sys.tcgetattr(1))).ok;
    const when = c.has("color") ? c.value("color") || "always" : "never";
    this.color = when === "always" || when === "yes" || (when === "auto" && tty);
    this.now = await c.sys.clockGettime(0);
    const size = tty ? await attempt(c.sys.winsize(1)) : null;
    this.width = size?.ok && size.value.cols > 0 ? size.value.cols : Number(c.value("w") ?? 80);
    this.oneColumn = c.has("1") || (!tty && !c.has("C") && !c.has("x"));
  }

  get long(): boolean {
    return this.c.has("l") || this.c.has("n") || this.c.has("g") || this.c.has("o");
  }

  async entry(path: string, name: string, follow: boolean): Promise<Entry | null> {
    const sys = this.c.sys;
    const link = await attempt(sys.lstat(path));
    if (!link.ok) {
      await this.c.warn(`cannot access '${path}': ${strerror(link.code)}`, 2);
      return null;
    }
    let st = link.value;
    let target: string | null = null;
    if ((st.mode & 0o170000) === 0o120000) {
      const to = follow ? await attempt(sys.stat(path)) : null;
      if (to !== null && !to.ok && to.code !== Errno.ENOENT) {
        await this.c.warn(`cannot access '${path}': ${strerror(to.code)}`, 2);
        return null;
      }
      if (to?.ok) st = to.value;
      else target = await attempt(sys.readlink(path)).then((r) => (r.ok ? r.value : null));
    }
    return { name, path, st, target };
  }

  /** Operands: files first, then each directory. */
  async run(paths: string[]): Promise<void> {
    const follow = this.c.has("L") || this.c.has("H") || (!this.long && !this.c.has("d") && !this.c.has("F"));
    const files: Entry[] = [];
    const dirs: Entry[] = [];
    for (const p of paths) {
      const e = await this.entry(p, p, follow);
      if (!e) continue;
      if (!this.c.has("d") && (e.st!.mode & 0o170000) === 0o040000) dirs.push(e);
      else files.push(e);
    }
    if (files.length > 0) await this.list(this.sorted(files), false);
    const titles = paths.length > 1 || this.c.has("R");
    for (const d of this.sorted(dirs)) await this.directory(d.path, titles);
  }

  private async directory(path: string, titled: boolean): Promise<void> {
    const c = this.c;
    const probe = await attempt(c.sys.open(path, 0o200000));
    if (!probe.ok) return c.warn(`cannot open directory '${path}': ${strerror(probe.code)}`, 2);
    await c.sys.close(probe.value);
    if (titled) await c.out(`${this.printed ? "\n" : ""}${path}:\n`);
    this.printed = true;
    const names = (await entries(c.sys, path)).map((e) => e.name);
    const all = c.has("a") ? [".", "..", ...names] : names;
    const shown = c.has("a") || c.has("A") ? all : all.filter((n) => !n.startsWith("."));
    const list: Entry[] = [];
    for (const n of shown) {
      const e = await this.entry(path === "/" ? `/${n}` : `${path}/${n}`, n, c.has("L"));
      if (e) list.push(e);
    }
    const sorted = this.sorted(list);
    await this.list(sorted, this.long || c.has("s"));
    if (!c.has("R")) return;
    for (const e of sorted) {
      if (e.name === "." || e.name === ".." || (e.st!.mode & 0o170000) !== 0o040000) continue;
      await this.directory(e.path, true);
    }
  }

  private sorted(list: Entry[]): Entry[] {
    const c = this.c;
    if (c.has("U") || c.has("f")) return list;
    const key = (n: string): string => n;
    const byName = (a: Entry, b: Entry): number =>
      key(a.name) < key(b.name) ? -1 : key(a.name) > key(b.name) ? 1 : 0;
    const compare = c.has("t")
      ? (a: Entry, b: Entry) => b.st!.mtimeNs - a.st!.mtimeNs || byName(a, b)
      : c.has("S")
        ? (a: Entry, b: Entry) => b.st!.size - a.st!.size || byName(a, b)
        : byName;
    const out = [...list].sort(compare);
    if (c.has("r")) out.reverse();
    return c.has("group-directories-first") ? out.sort((a, b) => Number(isDir(b)) - Number(isDir(a))) : out;
  }

  private mark(e: Entry): string {
    const type = e.st!.mode & 0o170000;
    if (this.c.has("p")) return type === 0o040000 ? "/" : "";
    if (!this.c.has("F")) return "";
    if (type === 0o040000) return "/";
    if (type === 0o120000) return this.long ? "" : "@";
    if (type === 0o010000) return "|";
    return type === 0o100000 && e.st!.mode & 0o111 ? "*" : "";
  }

  private painted(e: Entry): string {
    const text = e.name;
    if (!this.color) return text;
    const type = e.st!.mode & 0o170000;
    const code =
      type === 0o040000
        ? "01;34"
        : type === 0o120000
          ? "01;36"
          : type === 0o020000
            ? "40;33;01"
            : type === 0o010000
              ? "40;33"
              : e.st!.mode & 0o111
                ? "01;32"
                : "";
    return code ? `\x1b[${code}m${text}\x1b[0m` : text;
  }

  private async list(list: Entry[], total: boolean): Promise<void> {
    const c = this.c;
    if (total) {
      const blocks = list.reduce((n, e) => n + (e.st?.blocks ?? 0), 0);
      await c.out(`total ${c.has("h") ? humanSize(blocks * 512) : Math.ceil(blocks / 2)}\n`);
    }
    if (this.long) return this.longList(list);
    const inode = c.has("i") ? Math.max(0, ...list.map((e) => String(e.st!.ino).length)) : 0;
    const cells = list.map((e) => {
      const head = inode > 0 ? `${String(e.st!.ino).padStart(inode)} ` : "";
      const tail = this.mark(e);
      return { text: head + this.painted(e) + tail, width: (head + e.name + tail).length };
    });
    if (this.oneColumn) return c.out(cells.map((x) => `${x.text}\n`).join(""));
    if (c.has("m")) return c.out(cells.length > 0 ? `${cells.map((x) => x.text).join(", ")}\n` : "");
    await c.out(columns(cells, this.width));
  }

  private async longList(list: Entry[]): Promise<void> {
    const c = this.c;
    const rows: string[][] = [];
    for (const e of list) {
      const st = e.st!;
      const device = (st.mode & 0o170000) === 0o020000 || (st.mode & 0o170000) === 0o060000;
      const size = device
        ? `${(st.rdev >> 8) & 0xfff}, ${String(st.rdev & 0xff).padStart(3)}`
        : c.has("h")
          ? humanSize(st.size)
          : String(st.size);
      const link = e.target === null ? "" : ` -> ${e.target}`;
      const row = [modeText(st.mode), String(st.nlink)];
      if (!c.has("g")) row.push(await this.user(st.uid));
      if (!c.has("o") && !c.has("G")) row.push(await this.group(st.gid));
      row.push(size, this.time(st.mtimeNs), this.painted(e) + this.mark(e) + link);
      if (c.has("i")) row.unshift(String(st.ino));
      rows.push(row);
    }
    const widths = rows[0]?.map((_, i) => Math.max(...rows.map((r) => r[i]!.length))) ?? [];
    const left = this.leftAligned();
    for (const r of rows) {
      await c.out(
        `${r.map((s, i) => (i === r.length - 1 ? s : left.has(i) ? s.padEnd(widths[i]!) : s.padStart(widths[i]!))).join(" ")}\n`,
      );
    }
  }

  private leftAligned(): Set<number> {
    const at = this.c.has("i") ? 1 : 0;
    const numeric = this.c.has("n");
    const owners = (this.c.has("g") ? 0 : 1) + (this.c.has("o") || this.c.has("G") ? 0 : 1);
    const out = new Set([at]);
    if (!numeric) for (let k = 0; k < owners; k++) out.add(at + 2 + k);
    return out;
  }

  private async user(uid: number): Promise<string> {
    if (this.c.has("n")) return String(uid);
    if (!this.users.has(uid)) this.users.set(uid, await userName(this.c.sys, uid));
    return this.users.get(uid)!;
  }

  private async group(gid: number): Promise<string> {
    if (this.c.has("n")) return String(gid);
    if (!this.groups.has(gid)) this.groups.set(gid, await groupName(this.c.sys, gid));
    return this.groups.get(gid)!;
  }

  private time(ns: number): string {
    const style = this.c.has("full-time") ? "full-iso" : this.c.value("time-style");
    const seconds = ns / 1e9;
    if (style === "full-iso") return formatDate("%Y-%m-%d %H:%M:%S.%N %z", seconds, Math.round(ns % 1e9));
    if (style === "long-iso") return formatDate("%Y-%m-%d %H:%M", seconds, 0);
    if (style?.startsWith("+")) return formatDate(style.slice(1), seconds, 0);
    const age = this.now - ns;
    const recent = age < 15778476e9 && age > -3600e9;
    return formatDate(recent ? "%b %e %H:%M" : "%b %e  %Y", seconds, 0);
  }
}

function isDir(e: Entry): boolean {
  return (e.st!.mode & 0o170000) === 0o040000;
}

export const ls = utility(
  "ls",
  {
    help: `Usage: ls [OPTION]... [FILE]...
List information about the FILEs (the current directory by default).

  -a, --all             do not ignore entries starting with .
  -A, --almost-all      do not list implied . and ..
  -C                    list entries by columns
      --color[=WHEN]    colorize the output
  -d, --directory       list directories themselves, not their contents
  -F, --classify        append indicator (one of */=>@|) to entries
  -h, --human-readable  with -l, print sizes like 1K 234M 2G
  -i, --inode           print the index number of each file
  -l                    use a long listing format
  -L, --dereference     show information for the file a link refers to
  -n, --numeric-uid-gid like -l, but list numeric user and group IDs
  -p                    append / indicator to directories
  -r, --reverse         reverse order while sorting
  -R, --recursive       list subdirectories recursively
  -s, --size            print the allocated size of each file
  -S                    sort by file size, largest first
  -t                    sort by time, newest first
      --full-time       like -l --time-style=full-iso
  -U                    do not sort; list entries in directory order
  -1                    list one file per line`,
    options:
      "a,all A,almost-all C ,color? d,directory f F,classify? g G,no-group h,human-readable H i,inode l L,dereference m " +
      "n,numeric-uid-gid o p r,reverse R,recursive s,size S t ,full-time ,time-style: U w:,width x 1 q ,group-directories-first",
    usageStatus: 2,
    writeErrorStatus: 2,
  },
  async (c) => {
    const list = new Ls(c);
    await list.start();
    await list.run(c.operands.length > 0 ? c.operands : ["."]);
  },
);
