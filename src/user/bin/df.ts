// df.ts - how full the file systems are.

import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { directoryOf } from "./basic.ts";
import { BLOCK_OPTIONS, type Units, unitsOf } from "./blockSize.ts";
import { type Command, utility } from "./command.ts";
import { canonical } from "./inspect.ts";
import { memory } from "./load.ts";
import { readSmall } from "./processes.ts";
import { statfs } from "./statfs.ts";

/** A file system, or the sum of several. */
interface Usage {
  source: string;
  type: string;
  target: string;
  /** The argument it was found by. */
  file: string;
  /** Bytes. */
  size: number;
  used: number;
  inodes: number;
}

const percent = (part: number, whole: number): string =>
  whole > 0 ? `${Math.ceil((part / whole) * 100)}%` : "-";

interface Column {
  title: (units: Units, posix: boolean) => string;
  left?: boolean;
  /** Columns at least. */
  width?: number;
  text: (u: Usage, units: Units) => string;
}

const plain = (title: string) => () => title;

const COLUMNS: Record<string, Column> = {
  source: { title: plain("Filesystem"), left: true, width: 14, text: (u) => u.source },
  fstype: { title: plain("Type"), left: true, text: (u) => u.type },
  // There is no limit but memory.
  itotal: { title: plain("Inodes"), text: (u) => String(u.inodes) },
  iused: { title: plain("IUsed"), text: (u) => String(u.inodes) },
  iavail: { title: plain("IFree"), text: plain("0") },
  ipcent: { title: plain("IUse%"), text: plain("-") },
  size: {
    title: ({ block }, posix) => (block ? `${posix ? block.size : block.name}-blocks` : "Size"),
    width: 5,
    text: (u, { show }) => show(u.size),
  },
  used: { title: plain("Used"), width: 5, text: (u, { show }) => show(u.used) },
  avail: {
    title: ({ block }) => (block ? "Available" : "Avail"),
    width: 5,
    text: (u, { show }) => show(u.size - u.used),
  },
  pcent: {
    title: (_, posix) => (posix ? "Capacity" : "Use%"),
    text: (u) => percent(u.used, u.size),
  },
  file: { title: plain("File"), left: true, text: (u) => u.file },
  target: { title: plain("Mounted on"), left: true, text: (u) => u.target },
};

/** What a file system without a limit holds: those who look have to count. */
async function holds(c: Command, dir: string, targets: string[]): Promise<number> {
  const st = await attempt(c.sys.lstat(dir));
  if (!st.ok) return 0;
  let bytes = st.value.blocks * 512;
  if ((st.value.mode & 0o170000) !== 0o040000) return bytes;
  for (const e of await entries(c.sys, dir)) {
    const path = dir === "/" ? `/${e.name}` : `${dir}/${e.name}`;
    if (!targets.includes(path)) bytes += await holds(c, path, targets);
  }
  return bytes;
}

const IN_MEMORY = /^(ramfs|tmpfs|rootfs|devtmpfs)$/;

/** How full one is; what memory is left is free in one without a limit. */
async function usageOf(c: Command, mount: string[], file: string, targets: string[]): Promise<Usage> {
  const [source, target, type] = mount as [string, string, string];
  const { size, free, inodes } = await statfs(c.sys, target);
  const found = { source, target, type, file, inodes };
  if (size > 0 || !IN_MEMORY.test(type)) return { ...found, size, used: size - free };
  const used = await holds(c, target, targets);
  return { ...found, size: used + 1024 * (await memory(c))("MemFree"), used };
}

/** The mount that each operand lies in, and the operand. */
async function operands(c: Command, mounts: string[][]): Promise<[string[], string][]> {
  const found: [string[], string][] = [];
  for (const file of c.operands) {
    const full = await canonical(c, file, 0);
    if (typeof full === "number") await c.warn(`${file}: ${strerror(full)}`);
    for (let at = full; typeof at === "string"; at = directoryOf(at)) {
      const mount = mounts.findLast(([, target]) => target === at);
      if (mount) found.push([mount, file]);
      if (mount || at === "/") break;
    }
  }
  return found;
}

async function columnsOf(c: Command): Promise<string[]> {
  if (!c.has("output")) {
    const counts = c.has("i") ? ["itotal", "iused", "iavail", "ipcent"] : ["size", "used", "avail", "pcent"];
    return ["source", ...(c.has("T") ? ["fstype"] : []), ...counts, "target"];
  }
  for (const option of ["i", "P", "T"]) {
    if (c.has(option)) await c.usage(`options -${option} and --output are mutually exclusive`);
  }
  const names = c.value("output")
    ? c.values("output").flatMap((list) => list.split(","))
    : Object.keys(COLUMNS);
  const unknown = names.find((name) => !(name in COLUMNS));
  if (unknown !== undefined) await c.usage(`option --output: field ‘${unknown}’ unknown`);
  return names;
}

async function wanted(c: Command): Promise<(type: string) => boolean> {
  const [only, without] = [c.values("t"), c.values("x")];
  const both = only.find((type) => without.includes(type));
  if (both !== undefined) await c.die(`file system type ‘${both}’ both selected and excluded`);
  return (type) => (only.length === 0 || only.includes(type)) && !without.includes(type);
}

function total(list: Usage[]): Usage {
  const all = { source: "total", type: "-", target: "-", file: "-", size: 0, used: 0, inodes: 0 };
  for (const { size, used, inodes } of list) {
    all.size += size;
    all.used += used;
    all.inodes += inodes;
  }
  return all;
}

function table(c: Command, list: Usage[], names: string[], units: Units): string {
  const columns = names.map((name) => COLUMNS[name]!);
  const titles = columns.map(({ title }, i) =>
    c.has("output") && names[i] === "avail" ? "Avail" : title(units, c.has("P")),
  );
  const rows = [titles, ...list.map((u) => columns.map(({ text }) => text(u, units)))];
  const widths = columns.map(({ width }, i) => Math.max(width ?? 0, ...rows.map((row) => row[i]!.length)));
  const pad = (cell: string, i: number): string => {
    if (!columns[i]!.left) return cell.padStart(widths[i]!);
    return i === columns.length - 1 ? cell : cell.padEnd(widths[i]!);
  };
  return rows.map((row) => `${row.map(pad).join(" ")}\n`).join("");
}

export const df = utility(
  "df",
  {
    help: `Usage: df [OPTION]... [FILE]...
Show information about the file systems, or about those that the FILEs lie on.

  -a, --all             include pseudo file systems
  -B, --block-size=SIZE scale sizes by SIZE: -BM, -B 1000
  -h, --human-readable  print sizes in powers of 1024
  -H, --si              print sizes in powers of 1000
  -i, --inodes          list inodes instead of sizes
  -k, -m                sizes of 1K, of 1M
      --output[=LIST]   use the fields of LIST: ${Object.keys(COLUMNS).join(", ")}
  -P, --portability     use the POSIX output format
      --total           produce a grand total
  -t, --type=TYPE       only file systems of type TYPE
  -T, --print-type      print file system type
  -x, --exclude-type=TYPE  no file systems of type TYPE`,
    options: `a,all h,human-readable H i,inodes l,local ,no-sync ,output? P,portability ,sync t:,type T,print-type ,total x:,exclude-type ${BLOCK_OPTIONS}`,
  },
  async (c) => {
    const [units, names, test] = [await unitsOf(c, "1K"), await columnsOf(c), await wanted(c)];
    const text = (await readSmall(c.sys, "/proc/mounts")) ?? "";
    const mounts = text
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" "));
    const targets = mounts.map(([, target]) => target!);
    const named = c.operands.length > 0;
    const chosen: [string[], string][] = named ? await operands(c, mounts) : mounts.map((m) => [m, "-"]);
    const list: Usage[] = [];
    for (const [mount, file] of chosen) {
      const type = mount[2]!;
      if (!test(type) || !(named || c.has("a") || IN_MEMORY.test(type))) continue;
      list.push(await usageOf(c, mount, file, targets));
    }
    if (list.length === 0 && c.status === 0) await c.die("no file systems processed");
    if (list.length === 0) return c.status;
    if (c.has("total")) list.push(total(list));
    await c.out(table(c, list, names, units));
    return c.status;
  },
);
