// load.ts - uptime, free: what /proc says about the machine as a whole.

import { formatDate } from "../strftime.ts";
import type { Program } from "../sys.ts";
import { parseDuration } from "./basic.ts";
import { type Command, utility } from "./command.ts";
import { humanSize } from "./fileWords.ts";
import { readSmall } from "./processes.ts";

async function seconds(c: Command): Promise<number> {
  return Number(((await readSmall(c.sys, "/proc/uptime")) ?? "0").split(" ")[0]);
}

/** ` 10:30:01 up 2 min,  1 user,  load average: 0.00, 0.00, 0.00` */
export async function uptimeLine(c: Command): Promise<string> {
  const up = await seconds(c);
  const [days, hours, minutes] = [
    Math.floor(up / 86400),
    Math.floor(up / 3600) % 24,
    Math.floor(up / 60) % 60,
  ];
  const clock = formatDate("%H:%M:%S", (await c.sys.clockGettime(0)) / 1e9, 0);
  const day = days > 0 ? `${days} day${days > 1 ? "s" : ""}, ` : "";
  const span =
    hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, "0")}` : `${minutes} min`;
  const load = ((await readSmall(c.sys, "/proc/loadavg")) ?? "").split(" ").slice(0, 3).join(", ");
  return ` ${clock} up ${day}${span},  1 user,  load average: ${load}`;
}

const uptime = utility(
  "uptime",
  {
    help: "Usage: uptime [options]\nTell how long the system has been running.\n\n  -p, --pretty  show uptime in pretty format\n  -s, --since   system up since",
    options: "p,pretty s,since",
  },
  async (c) => {
    const up = await seconds(c);
    if (c.has("s")) {
      const start = (await c.sys.clockGettime(0)) / 1e9 - up;
      return c.out(`${formatDate("%Y-%m-%d %H:%M:%S", start, 0)}\n`);
    }
    if (!c.has("p")) return c.out(`${await uptimeLine(c)}\n`);
    const parts = [
      [Math.floor(up / 86400), "day"],
      [Math.floor(up / 3600) % 24, "hour"],
      [Math.floor(up / 60) % 60, "minute"],
    ] as const;
    const shown = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}${n > 1 ? "s" : ""}`);
    await c.out(`up ${shown.length > 0 ? shown.join(", ") : "0 minutes"}\n`);
  },
);

export async function memory(c: Command): Promise<(name: string) => number> {
  const text = (await readSmall(c.sys, "/proc/meminfo")) ?? "";
  return (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? 0);
}

const UNITS: Record<string, number> = { b: 1 / 1024, k: 1, m: 1024, g: 1024 ** 2 };

/** The rows of one look at memory. */
async function freeRows(c: Command): Promise<string> {
  const kb = await memory(c);
  const unit = UNITS[Object.keys(UNITS).find((key) => c.has(key)) ?? "k"]!;
  const human = (n: number): string => {
    const text = humanSize(n * 1024);
    return /\d$/.test(text) ? `${text}B` : `${text}i`;
  };
  const size = (n: number): string => (c.has("h") ? human(n) : String(Math.floor(n / unit)));
  const [total, unused] = [kb("MemTotal"), kb("MemFree")];
  const [buffers, cached] = [kb("Buffers"), kb("Cached") + kb("SReclaimable")];
  const used = total - unused - buffers - cached;
  const caches = c.has("w") ? [buffers, cached] : [buffers + cached];
  const row = [total, used, unused, kb("Shmem"), ...caches, kb("MemAvailable") || unused + cached];
  const swap = [kb("SwapTotal"), kb("SwapTotal") - kb("SwapFree"), kb("SwapFree")];
  const titles = [
    "total",
    "used",
    "free",
    "shared",
    ...(c.has("w") ? ["buffers", "cache"] : ["buff/cache"]),
    "available",
  ];
  const cells = (name: string, list: string[]): string =>
    `${name.padEnd(9)}${list.map((s, i) => s.padStart(i === 0 ? 11 : 12)).join("")}\n`;
  let out = cells("", titles) + cells("Mem:", row.map(size)) + cells("Swap:", swap.map(size));
  if (c.has("t")) out += cells("Total:", [total + swap[0]!, used + swap[1]!, unused + swap[2]!].map(size));
  return out;
}

const free = utility(
  "free",
  {
    help: `Usage: free [options]
Display the amount of free and used memory in the system.

  -b, --bytes      show output in bytes
  -k, --kibi       show output in kibibytes
  -m, --mebi       show output in mebibytes
  -g, --gibi       show output in gibibytes
  -h, --human      show human-readable output
  -t, --total      show total for RAM + swap
  -s, --seconds N  repeat printing every N seconds
  -c, --count N    repeat printing N times, then exit
  -w, --wide       wide output`,
    options: "b,bytes k,kibi m,mebi g,gibi h,human t,total s:,seconds c:,count w,wide",
  },
  async (c) => {
    const delay = parseDuration(c.value("s") ?? "1");
    if (delay === null || delay === 0) await c.die(`seconds argument failed: '${c.value("s")}'`);
    const turns = Number(c.value("c") ?? (c.has("s") ? Infinity : 1));
    if (!(turns >= 1)) await c.die(`failed to parse count argument: '${c.value("c")}'`);
    for (let turn = 1; ; turn++) {
      await c.out(await freeRows(c));
      await c.flush();
      if (turn >= turns) return;
      await c.sys.nanosleep(delay!);
      await c.out("\n");
    }
  },
);

export const load: Record<string, Program> = { uptime, free };
