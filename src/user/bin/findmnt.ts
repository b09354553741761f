// findmnt.ts - what is mounted where, as a tree, a list, or data.

import type { SysCalls } from "../sys.ts";
import { type Command, utility } from "./command.ts";
import { humanSize } from "./fileWords.ts";
import { canonical } from "./inspect.ts";
import { readSmall } from "./processes.ts";
import { type Room, statfs } from "./statfs.ts";

interface Mounted {
  source: string;
  target: string;
  fstype: string;
  options: string;
  parent: Mounted | null;
}

/** The mounts, each below the one it lies in. */
async function mounts(sys: SysCalls): Promise<Mounted[]> {
  const list: Mounted[] = [];
  for (const line of ((await readSmall(sys, "/proc/mounts")) ?? "").split("\n").filter(Boolean)) {
    const [source, target, fstype, options] = line.split(" ") as [string, string, string, string];
    list.push({ source, target, fstype, options, parent: holder(list, target) });
  }
  return list;
}

/** The mount that shows a path: of those whose directory it lies in, the newest of the deepest. */
function holder(list: Mounted[], path: string): Mounted | null {
  const inside = list.filter(({ target }) => `${path}/`.startsWith(target === "/" ? "/" : `${target}/`));
  const deepest = Math.max(...inside.map(({ target }) => target.length));
  return inside.findLast(({ target }) => target.length === deepest) ?? null;
}

type Cell = (m: Mounted, c: Command) => string | Promise<string>;

async function sized(m: Mounted, c: Command, pick: (room: Room) => number): Promise<string> {
  const n = pick(await statfs(c.sys, m.target));
  return c.has("b") ? String(n) : humanSize(n);
}

const COLUMNS: Record<string, { right?: boolean; text: Cell }> = {
  TARGET: { text: (m) => m.target },
  SOURCE: { text: (m) => m.source },
  FSTYPE: { text: (m) => m.fstype },
  OPTIONS: { text: (m) => m.options },
  SIZE: { right: true, text: (m, c) => sized(m, c, ({ size }) => size) },
  USED: { right: true, text: (m, c) => sized(m, c, ({ size, free }) => size - free) },
  AVAIL: { right: true, text: (m, c) => sized(m, c, ({ free }) => free) },
  "USE%": {
    right: true,
    text: async (m, c) => {
      const { size, free } = await statfs(c.sys, m.target);
      return size === 0 ? "-" : `${Math.ceil((100 * (size - free)) / size)}%`;
    },
  },
};

/** The mounts the command line asks for. */
async function chosen(c: Command, all: Mounted[]): Promise<Mounted[]> {
  let found = all;
  const keep = (test: (m: Mounted) => boolean): void => void (found = found.filter(test));
  const path = async (text: string): Promise<string> => {
    const real = await canonical(c, text, 0);
    return typeof real === "string" ? real : text;
  };
  const [first, second] = c.operands;
  if (second !== undefined) keep((m) => m.source === first);
  const target = c.value("M") ?? second ?? first;
  if (target !== undefined) {
    const real = await path(target);
    keep(
      (m) => m.target === real || (m.source === target && c.value("M") === undefined && second === undefined),
    );
  }
  if (c.has("T")) {
    const held = holder(all, await path(c.value("T")!));
    keep((m) => m === held);
  }
  if (c.has("S")) keep((m) => m.source === c.value("S"));
  if (c.has("t")) {
    const types = c.value("t")!.split(",");
    keep((m) => types.includes(m.fstype) || (types[0]!.startsWith("no") && !types.includes(`no${m.fstype}`)));
  }
  if (c.has("i")) found = all.filter((m) => !found.includes(m));
  return c.has("f") ? found.slice(0, 1) : found;
}

/** What is drawn before each of `list` when those above it in the list are its parents. */
function branches(list: Mounted[], ascii: boolean): Map<Mounted, string> {
  const [tee, end, bar] = ascii ? ["|-", "`-", "| "] : ["├─", "└─", "│ "];
  const drawn = new Map<Mounted, string>();
  const draw = (m: Mounted, before: string, here: string): void => {
    drawn.set(m, here);
    const children = list.filter((child) => child.parent === m);
    children.forEach((child, i) => {
      const last = i === children.length - 1;
      draw(child, before + (last ? "  " : bar), before + (last ? end : tee));
    });
  };
  for (const m of list) if (m.parent === null || !list.includes(m.parent)) draw(m, "", "");
  return drawn;
}

async function table(c: Command, list: Mounted[], names: string[], tree: boolean): Promise<string> {
  const drawn = tree ? branches(list, c.has("a")) : new Map(list.map((m) => [m, ""]));
  const rows = c.has("n") ? [] : [names];
  for (const [m, branch] of drawn) {
    const cells: string[] = [];
    for (const name of names) {
      cells.push((name === "TARGET" ? branch : "") + (await COLUMNS[name]!.text(m, c)));
    }
    rows.push(cells);
  }
  const widths = names.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const pad = (cell: string, i: number): string => {
    if (c.has("r")) return cell;
    if (COLUMNS[names[i]!]!.right) return cell.padStart(widths[i]!);
    return i === names.length - 1 ? cell : cell.padEnd(widths[i]!);
  };
  return rows.map((row) => `${row.map(pad).join(" ")}\n`).join("");
}

async function pairs(c: Command, list: Mounted[], names: string[]): Promise<string> {
  let out = "";
  for (const m of list) {
    const cells: string[] = [];
    for (const name of names) cells.push(`${name}="${await COLUMNS[name]!.text(m, c)}"`);
    out += `${cells.join(" ")}\n`;
  }
  return out;
}

type Data = { [name: string]: string | Data[] };

async function json(c: Command, list: Mounted[], names: string[], tree: boolean): Promise<string> {
  const made = new Map<Mounted, Data>();
  const tops: Data[] = [];
  for (const m of list) {
    const data: Data = {};
    for (const name of names) data[name.toLowerCase()] = await COLUMNS[name]!.text(m, c);
    made.set(m, data);
    const above = tree && m.parent ? made.get(m.parent) : undefined;
    if (above) ((above["children"] ??= []) as Data[]).push(data);
    else tops.push(data);
  }
  return `${JSON.stringify({ filesystems: tops }, null, 3)}\n`;
}

async function columnNames(c: Command): Promise<string[]> {
  const usual = c.has("D")
    ? ["SOURCE", "FSTYPE", "SIZE", "USED", "AVAIL", "USE%", "TARGET"]
    : ["TARGET", "SOURCE", "FSTYPE", "OPTIONS"];
  if (!c.has("o")) return usual;
  const given = c.value("o")!.split(",");
  const unknown = given.find((name) => !(name.toUpperCase() in COLUMNS));
  if (unknown !== undefined) await c.die(`unknown column: ${unknown}`);
  return given.map((name) => name.toUpperCase());
}

export const findmnt = utility(
  "findmnt",
  {
    help: `Usage:
 findmnt [options]
 findmnt [options] <device> | <mountpoint>
 findmnt [options] <device> <mountpoint>

Find a (mounted) filesystem.

Options:
 -a, --ascii            use ASCII chars for tree formatting
 -b, --bytes            print sizes in bytes rather than in human readable format
 -D, --df               imitate the output of df(1)
 -f, --first-only       print the first found filesystem only
 -i, --invert           invert the sense of matching
 -J, --json             use JSON output format
 -l, --list             use list format output
 -n, --noheadings       don't print column headings
 -o, --output <list>    the output columns to be shown
 -P, --pairs            use key="value" output format
 -r, --raw              use raw output format
 -S, --source <string>  the device to mount
 -T, --target <path>    the path to the filesystem to use
 -M, --mountpoint <dir> the mountpoint directory
 -t, --types <list>     limit the set of filesystems by FS types

Available output columns: ${Object.keys(COLUMNS).join(", ")}`,
    options:
      "a,ascii b,bytes D,df f,first-only i,invert J,json l,list n,noheadings o:,output P,pairs r,raw S:,source T:,target M:,mountpoint t:,types k,kernel m,mtab u,notruncate",
  },
  async (c) => {
    const names = await columnNames(c);
    const all = await mounts(c.sys);
    const list = await chosen(c, all);
    if (list.length === 0) return 1;
    const tree = list.length === all.length && !["l", "D", "r", "P"].some((option) => c.has(option));
    if (c.has("J")) await c.out(await json(c, list, names, tree));
    else if (c.has("P")) await c.out(await pairs(c, list, names));
    else await c.out(await table(c, list, names, tree && names.includes("TARGET")));
    return 0;
  },
);
