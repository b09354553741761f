// top.ts - top: the tasks, the busiest first, again and again.

import type { Program } from "../sys.ts";
import { parseDuration } from "./basic.ts";
import { type Command, utility } from "./command.ts";
import { Terminal } from "./fullscreen/terminal.ts";
import { memory, uptimeLine } from "./load.ts";
import { allTasks, commandLine, type TaskInfo } from "./processes.ts";
import { userName } from "./users.ts";

/** Ticks a second. */
const HZ = 100;

type Order = "P" | "M" | "N" | "T";

interface Row {
  task: TaskInfo;
  /** Of the time since the last look, or since it began. */
  cpu: number;
}

class Top {
  private before = new Map<number, number>();
  private looked = 0;
  private order: Order = "P";
  private reversed = false;
  private whole: boolean;

  constructor(private readonly c: Command) {
    this.whole = c.has("c");
    const field = c.value("o") ?? "";
    this.order =
      field.includes("MEM") || field === "RES" ? "M" : field === "PID" ? "N" : /TIME/.test(field) ? "T" : "P";
  }

  private async rows(): Promise<Row[]> {
    const { c } = this;
    const now = (await c.sys.clockGettime(1)) / 1e9;
    const wanted = c.values("p").flatMap((list) => list.split(",").map(Number));
    const user = c.value("u");
    const rows: Row[] = [];
    for (const task of await allTasks(c.sys)) {
      if (wanted.length > 0 && !wanted.includes(task.pid)) continue;
      if (user !== undefined && user !== String(task.uid) && user !== (await userName(c.sys, task.uid)))
        continue;
      const ticks = task.utime + task.stime;
      const since = this.before.has(task.pid) ? this.looked : task.start / HZ;
      const spent = ticks - (this.before.get(task.pid) ?? 0);
      rows.push({ task, cpu: now > since ? (100 * spent) / HZ / (now - since) : 0 });
    }
    this.before = new Map(rows.map(({ task }) => [task.pid, task.utime + task.stime]));
    this.looked = now;
    return rows.sort((a, b) => (this.reversed ? -1 : 1) * this.compare(a, b));
  }

  private compare(a: Row, b: Row): number {
    const time = (r: Row): number => r.task.utime + r.task.stime;
    if (this.order === "N") return b.task.pid - a.task.pid;
    const first = this.order === "M" ? b.task.rss - a.task.rss : this.order === "P" ? b.cpu - a.cpu : 0;
    return first || time(b) - time(a) || a.task.pid - b.task.pid;
  }

  private async line({ task, cpu }: Row, total: number): Promise<string> {
    const ticks = task.utime + task.stime;
    const time = `${Math.floor(ticks / 6000)}:${((ticks % 6000) / 100).toFixed(2).padStart(5, "0")}`;
    const percent = total > 0 ? ((task.rss * 400) / total).toFixed(1) : "0.0";
    const user = (await userName(this.c.sys, task.uid)).slice(0, 8).padEnd(8);
    const name = this.whole ? commandLine(task) : task.comm;
    return (
      `${String(task.pid).padStart(7)} ${user}  20   0 ${String(Math.round(task.vsize / 1024)).padStart(7)} ` +
      `${String(task.rss * 4).padStart(6)} ${"0".padStart(6)} ${task.state} ${Math.min(cpu, 100).toFixed(1).padStart(5)} ` +
      `${percent.padStart(5)} ${time.padStart(9)} ${name}`
    );
  }

  /** The head and as many tasks as there is room for. */
  async lines(room: number): Promise<string[]> {
    const rows = await this.rows();
    const kb = await memory(this.c);
    const count = (letters: string): number => rows.filter(({ task }) => letters.includes(task.state)).length;
    const busy = Math.min(
      100,
      rows.reduce((sum, row) => sum + row.cpu, 0),
    ).toFixed(1);
    const mib = (n: number): string => (n / 1024).toFixed(1).padStart(8);
    const cache = kb("Buffers") + kb("Cached") + kb("SReclaimable");
    const [total, free] = [kb("MemTotal"), kb("MemFree")];
    const head = [
      `top -${await uptimeLine(this.c)}`,
      `Tasks: ${String(rows.length).padStart(3)} total, ${String(count("R")).padStart(3)} running, ` +
        `${String(count("SDI")).padStart(3)} sleeping, ${String(count("Tt")).padStart(3)} stopped, ${String(count("Z")).padStart(3)} zombie`,
      `%Cpu(s): ${busy.padStart(4)} us,  0.0 sy,  0.0 ni, ${(100 - Number(busy)).toFixed(1).padStart(4)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st`,
      `MiB Mem : ${mib(total)} total, ${mib(free)} free, ${mib(total - free - cache)} used, ${mib(cache)} buff/cache`,
      `MiB Swap: ${mib(0)} total, ${mib(0)} free, ${mib(0)} used. ${mib(kb("MemAvailable"))} avail Mem`,
      "",
      "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND",
    ];
    const shown = rows.slice(0, Math.max(0, room - head.length));
    for (const row of shown) head.push(await this.line(row, total));
    return head;
  }

  /** False: the key ends it. */
  key(name: string): boolean {
    if (name === "q" || name === "C-c") return false;
    if (/^[PMNT]$/.test(name)) this.order = name as Order;
    if (name === "R") this.reversed = !this.reversed;
    if (name === "c") this.whole = !this.whole;
    return true;
  }
}

async function batch(c: Command, top: Top, turns: number, delay: number): Promise<void> {
  for (let turn = 1; ; turn++) {
    await c.out(`${turn > 1 ? "\n" : ""}${(await top.lines(Infinity)).join("\n")}\n`);
    await c.flush();
    if (turn >= turns) return;
    await c.sys.nanosleep(delay);
  }
}

async function onTerminal(top: Top, terminal: Terminal, turns: number, delay: number): Promise<number> {
  for (let turn = 1; ; turn++) {
    const lines = (await top.lines(terminal.rows)).map((line) => line.slice(0, terminal.cols));
    const title = (line: string, i: number): string =>
      i === 6 ? `\x1b[7m${line.padEnd(terminal.cols)}` : line;
    await terminal.paint(lines.map(title), { row: 5, col: 0 });
    if (turn >= turns) return 0;
    const wake = await terminal.next(-1, Math.max(1, delay / 1e6));
    if (wake.kind === "hangup") return 128 + wake.sig;
    if (wake.kind === "key" && wake.name === "C-z") await terminal.suspend();
    if (wake.kind === "text" && ![...wake.text].every((letter) => top.key(letter))) return 0;
    if (wake.kind === "key" && !top.key(wake.name)) return 0;
  }
}

export const top: Program = utility(
  "top",
  {
    help: `Usage: top [options]
Display tasks, the busiest first, until q or Ctrl-C.

  -b        batch mode: no keys, one list after the other
  -c        whole command lines
  -d secs   delay between updates (3)
  -n num    number of updates
  -o field  sort by %CPU, %MEM, PID or TIME+
  -p pids   only these tasks
  -u user   only this user's tasks

Keys: q quit, Space look again, P M N T sort by CPU, memory, pid, time,
R the other way round, c whole command lines.`,
    options:
      "b,batch-mode c,cmdline-toggle d:,delay n:,iterations o:,sort-override p:,pid u:,filter-only-euser",
  },
  async (c) => {
    const delay = parseDuration(c.value("d") ?? "3");
    if (delay === null) await c.die(`bad delay interval '${c.value("d")}'`);
    const turns = Number(c.value("n") ?? Infinity);
    if (!(turns >= 1)) await c.die(`bad iterations argument '${c.value("n")}'`);
    const top = new Top(c);
    if (c.has("b")) return batch(c, top, turns, delay!);
    const terminal = await Terminal.open(c.sys, { alternate: false });
    if (!terminal) return c.die("failed tty get");
    const status = await onTerminal(top, terminal, turns, delay!);
    await terminal.close();
    return status;
  },
);
