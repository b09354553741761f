// load.ts - uptime, free, top: what /proc says about the machine as a whole.

import { attempt } from "../errno.ts";
import { formatDate } from "../strftime.ts";
import type { Program } from "../sys.ts";
import { parseDuration } from "./basic.ts";
import { type Command, utility } from "./command.ts";
import { humanSize } from "./fileWords.ts";
import { allTasks, commandLine, readSmall, type TaskInfo } from "./processes.ts";
import { userName } from "./users.ts";

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

async function memory(c: Command): Promise<(name: string) => number> {
  const text = (await readSmall(c.sys, "/proc/meminfo")) ?? "";
  return (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? 0);
}

const free = utility(
  "free",
  {
    help: "Usage: free [options]\nDisplay the amount of free and used memory in the system.\n\n  -b, --bytes  show output in bytes\n  -k, --kibi   show output in kibibytes\n  -m, --mebi   show output in mebibytes\n  -h, --human  show human-readable output",
    options: "b,bytes k,kibi m,mebi g,gibi h,human",
  },
  async (c) => {
    const kb = await memory(c);
    const size = (n: number): string =>
      c.has("h")
        ? `${humanSize(n * 1024)}i`
        : String(c.has("b") ? n * 1024 : c.has("m") ? Math.floor(n / 1024) : n);
    const cache = kb("Buffers") + kb("Cached") + kb("SReclaimable");
    const [total, unused] = [kb("MemTotal"), kb("MemFree")];
    const row = [
      total,
      total - unused - cache,
      unused,
      kb("Shmem"),
      cache,
      kb("MemAvailable") || unused + cache,
    ];
    const swap = [kb("SwapTotal"), kb("SwapTotal") - kb("SwapFree"), kb("SwapFree")];
    const cells = (list: string[]): string => list.map((s) => s.padStart(12)).join("");
    const titles = cells(["total", "used", "free", "shared", "buff/cache", "available"]).slice(1);
    await c.out(
      `        ${titles}\nMem:    ${cells(row.map(size)).slice(1)}\nSwap:   ${cells(swap.map(size)).slice(1)}\n`,
    );
  },
);

function line(t: TaskInfo, user: string, total: number): string {
  const ticks = t.utime + t.stime;
  const time = `${Math.floor(ticks / 6000)}:${((ticks % 6000) / 100).toFixed(2).padStart(5, "0")}`;
  const percent = total > 0 ? ((t.rss * 400) / total).toFixed(1) : "0.0";
  return `${String(t.pid).padStart(7)} ${user.padEnd(8)} ${t.state} ${String(t.rss * 4).padStart(7)} ${percent.padStart(5)} ${time.padStart(9)} ${commandLine(t)}`;
}

const top = utility(
  "top",
  {
    help: "Usage: top [-b] [-d secs] [-n iterations]\nDisplay tasks until interrupted.\n\n  -b       batch mode\n  -d secs  delay between updates\n  -n num   number of updates",
    options: "b,batch d:,delay n:,iterations",
  },
  async (c) => {
    const delay = parseDuration(c.value("d") ?? "3") ?? 3e9;
    const batch = c.has("b");
    const size = await attempt(c.sys.winsize(1));
    const rows = !batch && size.ok && size.value.rows > 0 ? size.value.rows - 6 : Infinity;
    for (let turn = 1; ; turn++) {
      const tasks = (await allTasks(c.sys)).sort(
        (a, b) => b.utime + b.stime - (a.utime + a.stime) || a.pid - b.pid,
      );
      const kb = await memory(c);
      const running = tasks.filter((t) => t.state === "R").length;
      const lines: string[] = [];
      for (const t of tasks.slice(0, rows)) lines.push(line(t, await userName(c.sys, t.uid), kb("MemTotal")));
      const head = `top -${await uptimeLine(c)}\nTasks: ${tasks.length} total, ${running} running, ${tasks.length - running} sleeping\nKiB Mem: ${kb("MemTotal")} total, ${kb("MemFree")} free\n\n    PID USER     S     RES  %MEM     TIME+ COMMAND\n`;
      await c.out(`${batch ? "" : "\x1b[H\x1b[2J"}${head}${lines.join("\n")}\n`);
      await c.flush();
      if (turn === Number(c.value("n") ?? Infinity)) return;
      await c.sys.nanosleep(delay);
    }
  },
);

export const load: Record<string, Program> = { uptime, free, top };
