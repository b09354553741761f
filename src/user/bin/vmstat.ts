// vmstat.ts - tasks, memory and the CPU at a glance, once or again and again.

import { formatDate } from "../strftime.ts";
import { type Command, utility } from "./command.ts";
import { memory } from "./load.ts";
import { readSmall } from "./processes.ts";

/** What /proc counts. */
interface Sample {
  running: number;
  blocked: number;
  forks: number;
  boot: number;
  interrupts: number;
  switches: number;
  /** Ticks of the CPU: user, nice, system, idle, waiting, irq, softirq, stolen, guest, nice guest. */
  cpu: number[];
  kb: (name: string) => number;
}

async function sample(c: Command): Promise<Sample> {
  const text = (await readSmall(c.sys, "/proc/stat")) ?? "";
  const row = (name: string): number[] =>
    (new RegExp(`^${name}\\s+(.*)`, "m").exec(text)?.[1] ?? "").split(" ").map(Number);
  const first = (name: string): number => row(name)[0] ?? 0;
  return {
    // Itself is no news.
    running: Math.max(0, first("procs_running") - 1),
    blocked: first("procs_blocked"),
    forks: first("processes"),
    boot: first("btime"),
    interrupts: first("intr"),
    switches: first("ctxt"),
    cpu: row("cpu"),
    kb: await memory(c),
  };
}

const TITLES =
  "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n" +
  " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n";
const STAMPED =
  "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----\n" +
  " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC\n";

const UNITS: Record<string, number> = { k: 1000, K: 1024, m: 1e6, M: 1 << 20 };

/** One line: what happened between two samples, per second. */
function line(then: Sample | null, now: Sample, seconds: number, unit: number): string {
  const ticks = now.cpu.map((n, i) => n - (then?.cpu[i] ?? 0));
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0] = ticks;
  const all = ticks.slice(0, 8).reduce((sum, n) => sum + n, 0) || 1;
  const part = (n: number): number => Math.floor((100 * n + all / 2) / all);
  const rate = (n: number, before = 0): number => Math.floor((n - before) / Math.max(seconds, 1));
  const size = (kb: number): number => Math.floor((kb * 1024) / unit);
  const { kb } = now;
  const cells: [number, number][] = [
    [now.running, 2],
    [now.blocked, 2],
    [size(kb("SwapTotal") - kb("SwapFree")), 6],
    [size(kb("MemFree")), 6],
    [size(kb("Buffers")), 6],
    [size(kb("Cached") + kb("SReclaimable")), 6],
    // Nothing is swapped, and there is no block device.
    ...([4, 4, 5, 5].map((width) => [0, width]) as [number, number][]),
    [rate(now.interrupts, then?.interrupts), 4],
    [rate(now.switches, then?.switches), 4],
    ...([user + nice, system + irq + softirq, idle, waiting, stolen].map((n) => [part(n), 2]) as [
      number,
      number,
    ][]),
  ];
  return cells.map(([n, width]) => String(n).padStart(width)).join(" ");
}

/** -s: the counters with their names. */
function totals({ kb, cpu, interrupts, switches, boot, forks }: Sample): string {
  const used = kb("MemTotal") - kb("MemAvailable");
  const names = ["MemTotal", "", "Active", "Inactive", "MemFree", "Buffers", "Cached", "SwapTotal"];
  const kinds = ["total memory", "used memory", "active memory", "inactive memory", "free memory"];
  kinds.push("buffer memory", "swap cache", "total swap");
  const rows: [number, string][] = kinds.map((kind, i) => [i === 1 ? used : kb(names[i]!), `K ${kind}`]);
  rows.push([kb("SwapTotal") - kb("SwapFree"), "K used swap"], [kb("SwapFree"), "K free swap"]);
  const words = ["non-nice user", "nice user", "system", "idle", "IO-wait", "IRQ", "softirq", "stolen"];
  words.push("non-nice guest", "nice guest");
  words.forEach((word, i) => rows.push([cpu[i] ?? 0, `${word} cpu ticks`]));
  rows.push([0, "K paged in"], [0, "K paged out"], [0, "pages swapped in"], [0, "pages swapped out"]);
  rows.push([interrupts, "interrupts"], [switches, "CPU context switches"]);
  rows.push([boot, "boot time"], [forks, "forks"]);
  return rows.map(([n, name]) => `${String(n).padStart(13)} ${name}\n`).join("");
}

async function argument(c: Command, text: string): Promise<number> {
  if (!/^\d+$/.test(text)) await c.die(`failed to parse argument: '${text}'`);
  return Number(text);
}

export const vmstat = utility(
  "vmstat",
  {
    help: `Usage: vmstat [options] [delay [count]]
Report tasks, memory and CPU activity: since boot, then every DELAY seconds.

  -f, --forks        number of forks since boot
  -n, --one-header   do not redisplay header
  -s, --stats        event counter statistics
  -S, --unit CHAR    define display unit: k, K, m or M
  -t, --timestamp    show timestamp
  -y, --no-first     skips first line of output`,
    options: "f,forks n,one-header s,stats S:,unit t,timestamp y,no-first",
  },
  async (c) => {
    const [every, times] = c.operands;
    const delay = every === undefined ? 1 : await argument(c, every);
    if (delay === 0) await c.die("delay must be positive integer");
    const count = times !== undefined ? await argument(c, times) : every === undefined ? 1 : Infinity;
    const unit = UNITS[c.value("S") ?? "K"];
    if (unit === undefined) return c.die("-S requires k, K, m or M (default is KiB)");
    if (c.has("s")) return c.out(totals(await sample(c)));
    if (c.has("f")) return c.out(`${String((await sample(c)).forks).padStart(13)} forks\n`);
    await watch(c, { delay, count, unit });
  },
);

async function watch(
  c: Command,
  { delay, count, unit }: { delay: number; count: number; unit: number },
): Promise<void> {
  const stamped = c.has("t");
  let before: Sample | null = null;
  let seconds = (await c.sys.clockGettime(1)) / 1e9;
  await c.out(stamped ? STAMPED : TITLES);
  for (let shown = 0; ; shown++) {
    if (before !== null || !c.has("y")) {
      const now = await sample(c);
      const date = formatDate("%Y-%m-%d %H:%M:%S", (await c.sys.clockGettime(0)) / 1e9, 0);
      await c.out(`${line(before, now, seconds, unit)}${stamped ? ` ${date}` : ""}\n`);
      before = now;
    } else before = await sample(c);
    await c.flush();
    if (shown + 1 >= count) return;
    await c.sys.nanosleep(delay * 1e9);
    seconds = delay;
  }
}
