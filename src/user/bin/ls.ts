// ls.ts - ls.

import { Errno } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { textWidth } from "../sh/edit/screen.ts";
import { entries } from "../sh/glob.ts";
import { matches } from "../sh/pattern.ts";
import { formatDate } from "../strftime.ts";
import type { Stat } from "../sys.ts";
import { type Command, utility } from "./command.ts";
import { humanSize, modeText } from "./fileWords.ts";
import { lsColumns } from "./lsColumns.ts";
import { indicator, Painter, quoteName, type Quoting } from "./lsName.ts";
import { compareVersions } from "./sort.ts";
import { groupName, userName } from "./users.ts";

/** A file as ls lists it. */
interface Entry {
  raw: string;
  /** As it is shown, quoted. */
  name: string;
  path: string;
  st: Stat;
  target: string | null;
}

type Format = "long" | "single-column" | "vertical" | "across" | "commas";

const FORMATS = [["long", "verbose"], ["commas"], ["across", "horizontal"], ["vertical"], ["single-column"]];
const SORTS = [["none"], ["time"], ["size"], ["extension"], ["version"], ["width"]];
const TIMES = [
  ["atime", "access", "use"],
  ["ctime", "status"],
  ["mtime", "modification"],
  ["birth", "creation"],
];
const COLORS = [
  ["always", "yes", "force"],
  ["never", "no", "none"],
  ["auto", "tty", "if-tty"],
];
const QUOTINGS = [["literal"], ["shell"], ["shell-always"], ["shell-escape"], ["c"], ["escape"]];
const INDICATORS = [["none"], ["slash"], ["file-type"], ["classify"]];

/** Options that are short for a word of another one. */
const SHORT: Record<string, [string, string]> = {
  l: ["format", "long"],
  g: ["format", "long"],
  o: ["format", "long"],
  "numeric-uid-gid": ["format", "long"],
  "full-time": ["format", "long"],
  "1": ["format", "single-column"],
  C: ["format", "vertical"],
  x: ["format", "across"],
  m: ["format", "commas"],
  t: ["sort", "time"],
  S: ["sort", "size"],
  X: ["sort", "extension"],
  v: ["sort", "version"],
  U: ["sort", "none"],
  f: ["sort", "none"],
  c: ["time", "ctime"],
  u: ["time", "atime"],
  escape: ["quoting-style", "escape"],
  literal: ["quoting-style", "literal"],
  "quote-name": ["quoting-style", "c"],
  p: ["indicator-style", "slash"],
  "file-type": ["indicator-style", "file-type"],
  classify: ["indicator-style", "classify"],
};

const isDirectory = (e: Entry): boolean => (e.st.mode & 0o170000) === 0o040000;

class Ls {
  private readonly owners = new Map<string, string>();
  private painter = new Painter(false);
  private now = 0;
  private width = 80;
  private tab = 8;
  private format: Format = "single-column";
  private sort = "name";
  private time = "mtime";
  private quoting: Quoting = "literal";
  private tty = false;
  private marks: "none" | "slash" | "file-type" | "classify" = "none";
  private printed = false;

  constructor(private readonly c: Command) {}

  async start(): Promise<void> {
    const c = this.c;
    this.tty = (await attempt(c.sys.tcgetattr(1))).ok;
    this.now = await c.sys.clockGettime(0);
    for (const { name } of c.sequence) {
      const meant = SHORT[name];
      // -1 after -l says nothing new.
      if (meant && !(name === "1" && c.value("format") === "long")) c.override(...meant);
    }
    const size = this.tty ? await attempt(c.sys.winsize(1)) : null;
    this.width = size?.ok && size.value.cols > 0 ? size.value.cols : 80;
    if (c.has("width")) this.width = Number(c.value("width")) || Infinity;
    const format = (await c.choose("format", FORMATS)) ?? (this.tty ? "vertical" : "single-column");
    this.format = format as Format;
    this.time = (await c.choose("time", TIMES)) ?? "mtime";
    const byTime = c.has("time") && this.format !== "long" ? "time" : "name";
    this.sort = (await c.choose("sort", SORTS)) ?? byTime;
    this.marks = ((await c.choose("indicator-style", INDICATORS)) ?? "none") as typeof this.marks;
    const quoting = (await c.choose("quoting-style", QUOTINGS)) ?? (this.tty ? "shell-escape" : "literal");
    this.quoting = quoting as Quoting;
    await this.colors();
  }

  private async colors(): Promise<void> {
    const c = this.c;
    if (c.value("color") === "") c.override("color", "always");
    const when = await c.choose("color", COLORS);
    const on = when === "always" || (when === "auto" && this.tty);
    this.painter = new Painter(on);
    if (on || c.value("tabsize") === "0") this.tab = 0;
  }

  private get long(): boolean {
    return this.format === "long";
  }

  private shown(name: string): string {
    return quoteName(name, this.quoting, this.c.has("q") || (this.tty && !this.c.has("show-control-chars")));
  }

  private async entry(path: string, name: string, follow: boolean): Promise<Entry | null> {
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
    return { raw: name, name: this.shown(name), path, st, target };
  }

  /** Operands: files first, then each directory. */
  async run(paths: string[]): Promise<void> {
    const c = this.c;
    const follow = c.has("L") || c.has("H") || (!this.long && !c.has("d") && this.marks !== "classify");
    const files: Entry[] = [];
    const dirs: Entry[] = [];
    for (const p of paths) {
      const e = await this.entry(p, p, follow);
      if (!e) continue;
      if (!c.has("d") && isDirectory(e)) dirs.push(e);
      else files.push(e);
    }
    if (files.length > 0) {
      await this.list(this.sorted(files));
      this.printed = true;
    }
    const titles = paths.length > 1 || c.has("R");
    for (const d of this.sorted(dirs)) await this.directory(d.path, titles);
  }

  private hidden(name: string): boolean {
    const c = this.c;
    if (c.values("I").some((pattern) => matches(pattern, name))) return true;
    if (c.has("B") && name.endsWith("~")) return true;
    if (c.has("a") || c.has("A") || c.has("f")) return false;
    return name.startsWith(".") || c.values("hide").some((pattern) => matches(pattern, name));
  }

  private async directory(path: string, titled: boolean): Promise<void> {
    const c = this.c;
    const probe = await attempt(c.sys.open(path, 0o200000));
    if (!probe.ok) return c.warn(`cannot open directory '${path}': ${strerror(probe.code)}`, 2);
    await c.sys.close(probe.value);
    if (titled) await c.out(`${this.printed ? "\n" : ""}${this.shown(path)}:\n`);
    this.printed = true;
    const names = (await entries(c.sys, path)).map((e) => e.name);
    const all = c.has("a") || c.has("f") ? [".", "..", ...names] : names;
    const list: Entry[] = [];
    for (const n of all.filter((name) => !this.hidden(name))) {
      const e = await this.entry(path.endsWith("/") ? `${path}${n}` : `${path}/${n}`, n, c.has("L"));
      if (e) list.push(e);
    }
    const sorted = this.sorted(list);
    if (this.long || c.has("s"))
      await c.out(`total ${this.blocks(list.reduce((n, e) => n + e.st.blocks, 0))}\n`);
    await this.list(sorted);
    if (!c.has("R")) return;
    for (const e of sorted)
      if (isDirectory(e) && !/(^|\/)\.\.?$/.test(e.path)) await this.directory(e.path, true);
  }

  private blocks(count: number): string {
    return this.c.has("h") ? humanSize(count * 512) : String(Math.ceil(count / 2));
  }

  private stamp(e: Entry): number {
    return this.time === "atime" ? e.st.atimeNs : this.time === "ctime" ? e.st.ctimeNs : e.st.mtimeNs;
  }

  private sorted(list: Entry[]): Entry[] {
    const c = this.c;
    const out = [...list];
    if (this.sort !== "none") out.sort(this.order());
    if (c.has("r") && this.sort !== "none") out.reverse();
    return c.has("group-directories-first")
      ? out.sort((a, b) => Number(isDirectory(b)) - Number(isDirectory(a)))
      : out;
  }

  private order(): (a: Entry, b: Entry) => number {
    const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const byName = (a: Entry, b: Entry): number => text(a.raw, b.raw);
    const ending = (e: Entry): string => /\.[^.]*$/.exec(e.raw)?.[0] ?? "";
    switch (this.sort) {
      case "time":
        return (a, b) => this.stamp(b) - this.stamp(a) || byName(a, b);
      case "size":
        return (a, b) => b.st.size - a.st.size || byName(a, b);
      case "extension":
        return (a, b) => text(ending(a), ending(b)) || byName(a, b);
      case "version":
        return (a, b) => compareVersions(a.raw, b.raw) || byName(a, b);
      case "width":
        return (a, b) => textWidth(a.name) - textWidth(b.name) || byName(a, b);
      default:
        return byName;
    }
  }

  private painted(e: Entry): string {
    return this.painter.paint(e.name, e.st.mode) + indicator(e.st, this.marks, this.long);
  }

  private async list(list: Entry[]): Promise<void> {
    const c = this.c;
    const inodes = c.has("i") ? Math.max(0, ...list.map((e) => String(e.st.ino).length)) : 0;
    const sizes = c.has("s") ? Math.max(0, ...list.map((e) => this.blocks(e.st.blocks).length)) : 0;
    const head = (e: Entry): string =>
      (inodes > 0 ? `${String(e.st.ino).padStart(inodes)} ` : "") +
      (sizes > 0 ? `${this.blocks(e.st.blocks).padStart(sizes)} ` : "");
    // Names that are not quoted stand below the letters of those that are.
    const aligned = this.quoting.startsWith("shell") && this.tty && this.format !== "commas";
    const indent = aligned && list.some((e) => /^['"]/.test(e.name)) ? " " : "";
    const lead = (e: Entry): string => (/^['"]/.test(e.name) ? "" : indent);
    if (this.long) return this.longList(list, head, lead);
    const cells = list.map((e) => {
      const before = head(e) + lead(e);
      return {
        text: before + this.painted(e),
        width: textWidth(before + e.name + indicator(e.st, this.marks, false)),
      };
    });
    if (this.format === "single-column") return c.out(cells.map((x) => `${x.text}\n`).join(""));
    if (this.format !== "commas")
      return c.out(lsColumns(cells, this.width, { across: this.format === "across", tab: this.tab }));
    let at = 0;
    for (const [i, { text, width }] of cells.entries()) {
      const wraps = at > 0 && at + width + (i < cells.length - 1 ? 2 : 0) >= this.width;
      await c.out((i === 0 ? "" : wraps ? ",\n" : ", ") + text);
      at = wraps ? width : at + width + (i === 0 ? 0 : 2);
    }
    if (cells.length > 0) await c.out("\n");
  }

  private async longList(
    list: Entry[],
    head: (e: Entry) => string,
    lead: (e: Entry) => string,
  ): Promise<void> {
    const c = this.c;
    const numeric = c.has("numeric-uid-gid");
    const rows: string[][] = [];
    for (const e of list) {
      const st = e.st;
      const device = (st.mode & 0o170000) === 0o020000 || (st.mode & 0o170000) === 0o060000;
      const size = device
        ? `${(st.rdev >> 8) & 0xfff}, ${String(st.rdev & 0xff).padStart(3)}`
        : c.has("h")
          ? humanSize(st.size)
          : String(st.size);
      const link = e.target === null ? "" : ` -> ${this.shown(e.target)}`;
      const row = [head(e) + modeText(st.mode), String(st.nlink)];
      if (!c.has("g")) row.push(await this.owner("u", st.uid, numeric));
      if (!c.has("o") && !c.has("G")) row.push(await this.owner("g", st.gid, numeric));
      row.push(size, this.date(this.stamp(e)), lead(e) + this.painted(e) + link);
      rows.push(row);
    }
    const widths = rows[0]?.map((_, i) => Math.max(...rows.map((r) => r[i]!.length))) ?? [];
    const left = (i: number): boolean => !numeric && i > 1 && i < widths.length - 3;
    for (const r of rows)
      await c.out(
        `${r.map((s, i) => (i === r.length - 1 ? s : left(i) ? s.padEnd(widths[i]!) : s.padStart(widths[i]!))).join(" ")}\n`,
      );
  }

  private async owner(kind: "u" | "g", id: number, numeric: boolean): Promise<string> {
    if (numeric) return String(id);
    const key = `${kind}${id}`;
    if (!this.owners.has(key))
      this.owners.set(key, await (kind === "u" ? userName : groupName)(this.c.sys, id));
    return this.owners.get(key)!;
  }

  private date(ns: number): string {
    const style = this.c.has("full-time") ? "full-iso" : this.c.value("time-style");
    const seconds = ns / 1e9;
    if (style === "full-iso") return formatDate("%Y-%m-%d %H:%M:%S.%N %z", seconds, Math.round(ns % 1e9));
    if (style === "long-iso") return formatDate("%Y-%m-%d %H:%M", seconds, 0);
    if (style?.startsWith("+")) return formatDate(style.slice(1), seconds, 0);
    const age = this.now - ns;
    const recent = age < 15778476e9 && age > -3600e9;
    if (style === "iso") return formatDate(recent ? "%m-%d %H:%M" : "%Y-%m-%d ", seconds, 0);
    return formatDate(recent ? "%b %e %H:%M" : "%b %e  %Y", seconds, 0);
  }
}

export const ls = utility(
  "ls",
  {
    help: `Usage: ls [OPTION]... [FILE]...
List information about the FILEs (the current directory by default).

  -a, --all             do not ignore entries starting with .
  -A, --almost-all      do not list implied . and ..
  -b, --escape          print C-style escapes for nongraphic characters
  -B, --ignore-backups  do not list implied entries ending with ~
  -c                    sort by, or with -l show, the time of the last change of status
  -C                    list entries by columns
      --color[=WHEN]    colorize the output
  -d, --directory       list directories themselves, not their contents
  -f                    list all entries in directory order
  -F, --classify        append indicator (one of */=>@|) to entries
      --format=WORD     across, commas, long, single-column, vertical
      --full-time       like -l --time-style=full-iso
  -g                    like -l, but do not list owner
      --group-directories-first
  -G, --no-group        in a long listing, don't print group names
  -h, --human-readable  with -l and -s, print sizes like 1K 234M 2G
      --hide=PATTERN    do not list entries that match, unless -a or -A
  -i, --inode           print the index number of each file
  -I, --ignore=PATTERN  do not list entries that match
  -l                    use a long listing format
  -L, --dereference     show information for the file a link refers to
  -m                    fill width with a comma separated list of entries
  -n, --numeric-uid-gid like -l, but list numeric user and group IDs
  -N, --literal         print entry names without quoting
  -o                    like -l, but do not list group information
  -p                    append / indicator to directories
  -q, --hide-control-chars  print ? instead of nongraphic characters
  -Q, --quote-name      enclose entry names in double quotes
      --quoting-style=WORD  literal, shell, shell-always, shell-escape, c, escape
  -r, --reverse         reverse order while sorting
  -R, --recursive       list subdirectories recursively
  -s, --size            print the allocated size of each file, in blocks
  -S                    sort by file size, largest first
      --sort=WORD       none, size, time, version, extension, width
  -t                    sort by time, newest first
      --time=WORD       atime, ctime or mtime, to show and to sort by
      --time-style=STYLE  full-iso, long-iso, iso, locale or +FORMAT
  -T, --tabsize=COLS    assume tab stops at each COLS instead of 8
  -u                    sort by, or with -l show, the time of the last access
  -U                    do not sort; list entries in directory order
  -v                    natural sort of (version) numbers within text
  -w, --width=COLS      set output width to COLS; 0 means no limit
  -x                    list entries by lines instead of by columns
  -X                    sort alphabetically by entry extension
  -1                    list one file per line`,
    options:
      "a,all A,almost-all b,escape B,ignore-backups c C ,color? d,directory f F,classify? ,file-type ,format: ,full-time g " +
      ",group-directories-first G,no-group h,human-readable ,hide: H i,inode I:,ignore: ,indicator-style: k,kibibytes l " +
      "L,dereference m n,numeric-uid-gid N,literal o p q,hide-control-chars Q,quote-name ,quoting-style: r,reverse R,recursive " +
      ",show-control-chars s,size S ,sort: t ,time: ,time-style: T:,tabsize: u U v w:,width: x X 1",
    usageStatus: 2,
    writeErrorStatus: 2,
  },
  async (c) => {
    const list = new Ls(c);
    await list.start();
    await list.run(c.operands.length > 0 ? c.operands : ["."]);
  },
);
