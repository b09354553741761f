// du.ts - how much room files take.

import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { matches } from "../sh/pattern.ts";
import { formatDate } from "../strftime.ts";
import type { Stat } from "../sys.ts";
import { lastComponent } from "./basic.ts";
import { BLOCK_OPTIONS, type Units, unitsOf } from "./blockSize.ts";
import { type Command, parseSize, utility } from "./command.ts";

const isDir = (st: Stat): boolean => (st.mode & 0o170000) === 0o040000;

interface Plan {
  units: Units;
  depth: number;
  /** Negative: what is larger is left out. */
  threshold: number;
  /** Files with several names that were counted already: device and inode. */
  counted: Set<string>;
}

interface Total {
  bytes: number;
  /** The newest change. */
  mtimeNs: number;
}

const sum = (a: Total, b: Total): Total => ({
  bytes: a.bytes + b.bytes,
  mtimeNs: Math.max(a.mtimeNs, b.mtimeNs),
});

async function planOf(c: Command): Promise<Plan> {
  const given = c.value("d");
  if (given !== undefined && !/^\d+$/.test(given)) await c.usage(`invalid maximum depth ‘${given}’`);
  if (c.has("s") && c.has("a")) await c.usage("cannot both summarize and show all entries");
  if (c.has("s") && given === "0") await c.warn("warning: summarizing is the same as using --max-depth=0", 0);
  else if (c.has("s") && given !== undefined) {
    await c.usage(`warning: summarizing conflicts with --max-depth=${given}`);
  }
  const threshold = parseSize(c.value("t") ?? "0");
  if (threshold === null) return c.die(`invalid -t argument '${c.value("t")}'`);
  const depth = c.has("s") ? 0 : Number(given ?? Infinity);
  return { units: await unitsOf(c, "1K"), depth, threshold, counted: new Set() };
}

async function show(c: Command, { units, threshold }: Plan, total: Total, path: string): Promise<void> {
  if (threshold > 0 ? total.bytes < threshold : threshold < 0 && total.bytes > -threshold) return;
  const cells = [units.show(total.bytes)];
  if (c.has("time")) cells.push(formatDate("%Y-%m-%d %H:%M", total.mtimeNs / 1e9, 0));
  await c.out(`${[...cells, path].join("\t")}${c.has("0") ? "\0" : "\n"}`);
}

/** What a file and all below it take; null when it does not count. */
async function walk(c: Command, plan: Plan, path: string, level: number): Promise<Total | null> {
  if (c.values("exclude").some((p) => matches(p, path) || matches(p, lastComponent(path)))) return null;
  const follow = c.has("L") || (c.has("D") && level === 0);
  const found = await attempt(follow ? c.sys.stat(path) : c.sys.lstat(path));
  if (!found.ok) {
    await c.warn(`cannot access '${path}': ${strerror(found.code)}`);
    return null;
  }
  const st = found.value;
  const id = `${st.dev}:${st.ino}`;
  if (!isDir(st) && st.nlink > 1 && !c.has("l")) {
    if (plan.counted.has(id)) return null;
    plan.counted.add(id);
  }
  const apparent = c.has("b") || c.has("apparent-size");
  let own: Total = { bytes: apparent ? st.size : st.blocks * 512, mtimeNs: st.mtimeNs };
  let all = own;
  const names = isDir(st) ? (await entries(c.sys, path)).map((e) => e.name) : [];
  for (const name of names) {
    const below = `${path.replace(/\/+$/, "")}/${name}`;
    const sub = await attempt(c.sys.lstat(below));
    if (c.has("x") && sub.ok && sub.value.dev !== st.dev) continue;
    const total = await walk(c, plan, below, level + 1);
    if (total === null) continue;
    all = sum(all, total);
    if (!(sub.ok && isDir(sub.value))) own = sum(own, total);
  }
  const shown = c.has("S") ? own : all;
  if ((isDir(st) || c.has("a") || level === 0) && level <= plan.depth) await show(c, plan, shown, path);
  return all;
}

export const du = utility(
  "du",
  {
    help: `Usage: du [OPTION]... [FILE]...
Summarize device usage of the set of FILEs, recursively for directories.

  -0, --null            end each output line with NUL, not newline
  -a, --all             write counts for all files
      --apparent-size   print apparent sizes rather than device usage
  -B, --block-size=SIZE scale sizes by SIZE: -BM, -B 1000
  -b, --bytes           apparent size in bytes
  -c, --total           produce a grand total
  -D                    dereference only symlinks on the command line
  -d, --max-depth=N     only for directories N or fewer levels below
      --exclude=PATTERN exclude files that match PATTERN
  -h, --human-readable  print sizes in human readable format
      --si              like -h, but use powers of 1000
  -k, -m                sizes of 1K, of 1M
  -L, --dereference     dereference all symbolic links
  -l, --count-links     count sizes many times if hard linked
  -S, --separate-dirs   for directories do not include size of subdirectories
  -s, --summarize       display only a total for each argument
  -t, --threshold=SIZE  exclude entries smaller than SIZE, or greater if it is negative
      --time            show the time of the newest change
  -x, --one-file-system skip directories on different file systems`,
    options: `0,null a,all ,apparent-size b,bytes c,total D d:,max-depth ,exclude: h,human-readable L,dereference l,count-links P S,separate-dirs s,summarize t:,threshold ,time x,one-file-system ${BLOCK_OPTIONS}`,
  },
  async (c) => {
    const plan = await planOf(c);
    let total: Total = { bytes: 0, mtimeNs: 0 };
    for (const path of c.operands.length > 0 ? c.operands : ["."]) {
      const found = await walk(c, plan, path, 0);
      if (found) total = sum(total, found);
    }
    if (c.has("c")) await show(c, plan, total, "total");
  },
);
