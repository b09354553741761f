// processes.ts - ps, kill, pgrep, pkill, pidof: what /proc says about tasks.

import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { posixRegex } from "../regex.ts";
import { signalNames, signalName, signalNumber } from "../signals.ts";
import type { Program, SysCalls } from "../sys.ts";
import { decode } from "../text.ts";
import { type Command, utility } from "./command.ts";
import { userName } from "./users.ts";

export interface TaskInfo {
  pid: number;
  comm: string;
  state: string;
  ppid: number;
  pgrp: number;
  session: number;
  tty: number;
  foreground: number;
  /** Ticks of user and system time. */
  utime: number;
  stime: number;
  /** Ticks after boot. */
  start: number;
  vsize: number;
  rss: number;
  uid: number;
  /** Empty for kernel threads. */
  argv: string[];
  wchan: string;
}

/** A small file's text; null when it cannot be read. */
export async function readSmall(sys: SysCalls, path: string): Promise<string | null> {
  const fd = await attempt(sys.open(path, 0));
  if (!fd.ok) return null;
  let text = "";
  for (;;) {
    const chunk = await attempt(sys.read(fd.value, 65536));
    if (!chunk.ok || chunk.value.length === 0) break;
    text += decode(chunk.value);
  }
  await sys.close(fd.value);
  return text;
}

async function readTask(sys: SysCalls, pid: number): Promise<TaskInfo | null> {
  const stat = await readSmall(sys, `/proc/${pid}/stat`);
  if (!stat) return null;
  const open = stat.indexOf("(");
  const close = stat.lastIndexOf(")");
  const f = stat
    .slice(close + 2)
    .trim()
    .split(" ");
  const num = (field: number): number => Number(f[field - 3] ?? 0);
  const status = (await readSmall(sys, `/proc/${pid}/status`)) ?? "";
  const cmdline = (await readSmall(sys, `/proc/${pid}/cmdline`)) ?? "";
  return {
    pid,
    comm: stat.slice(open + 1, close),
    state: f[0] ?? "?",
    ppid: num(4),
    pgrp: num(5),
    session: num(6),
    tty: num(7),
    foreground: num(8),
    utime: num(14),
    stime: num(15),
    start: num(22),
    vsize: num(23),
    rss: num(24),
    uid: Number(/^Uid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
    argv: cmdline
      .replace(/\0$/, "")
      .split("\0")
      .filter((a, i, all) => a !== "" || all.length > 1),
    wchan: "",
  };
}

export async function allTasks(sys: SysCalls): Promise<TaskInfo[]> {
  const pids = (await entries(sys, "/proc")).map((e) => Number(e.name)).filter((n) => n > 0);
  const out: TaskInfo[] = [];
  for (const pid of pids.sort((a, b) => a - b)) {
    const t = await readTask(sys, pid);
    if (t) out.push(t);
  }
  return out;
}

export function commandLine(t: TaskInfo): string {
  return t.argv.length > 0 ? t.argv.join(" ") : `[${t.comm}]`;
}

function ttyName(t: TaskInfo): string {
  return t.tty === 0 ? "?" : "console";
}

/** Seconds as ps's TIME: 00:00:01. */
function cpuTime(t: TaskInfo): string {
  const s = Math.floor((t.utime + t.stime) / 100);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

function stateLetters(t: TaskInfo): string {
  return t.state + (t.session === t.pid ? "s" : "") + (t.tty !== 0 && t.pgrp === t.foreground ? "+" : "");
}

interface Column {
  title: string;
  left: boolean;
  text: (t: TaskInfo, x: Context) => string;
}

interface Context {
  users: Map<number, string>;
  uptime: number;
  total: number;
  bootSeconds: number;
}

function percentCpu(t: TaskInfo, x: Context): string {
  const life = x.uptime - t.start / 100;
  return life > 0 ? (((t.utime + t.stime) / 100 / life) * 100).toFixed(1) : "0.0";
}

function clock(t: TaskInfo, x: Context): string {
  const s = x.bootSeconds + t.start / 100;
  const d = new Date(s * 1000);
  return `${String(d.getUTCHours()).padStart(2, "0")}:${String(d.getUTCMinutes()).padStart(2, "0")}`;
}

function bsdTime(t: TaskInfo): string {
  const s = Math.floor((t.utime + t.stime) / 100);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

const COLUMNS: Record<string, Column> = {
  pid: { title: "PID", left: false, text: (t) => String(t.pid) },
  ppid: { title: "PPID", left: false, text: (t) => String(t.ppid) },
  pgid: { title: "PGID", left: false, text: (t) => String(t.pgrp) },
  sid: { title: "SID", left: false, text: (t) => String(t.session) },
  tty: { title: "TTY", left: true, text: ttyName },
  time: { title: "TIME", left: false, text: cpuTime },
  bsdtime: { title: "TIME", left: false, text: bsdTime },
  comm: { title: "CMD", left: true, text: (t) => t.comm },
  args: { title: "COMMAND", left: true, text: commandLine },
  cmd: { title: "CMD", left: true, text: commandLine },
  user: { title: "USER", left: true, text: (t, x) => x.users.get(t.uid)! },
  uid: { title: "UID", left: true, text: (t, x) => x.users.get(t.uid)! },
  stat: { title: "STAT", left: true, text: stateLetters },
  s: { title: "S", left: true, text: (t) => t.state },
  pcpu: { title: "%CPU", left: false, text: percentCpu },
  pmem: {
    title: "%MEM",
    left: false,
    text: (t, x) => (x.total > 0 ? (((t.rss * 4) / x.total) * 100).toFixed(1) : "0.0"),
  },
  vsz: { title: "VSZ", left: false, text: (t) => String(Math.floor(t.vsize / 1024)) },
  rss: { title: "RSS", left: false, text: (t) => String(t.rss * 4) },
  stime: { title: "STIME", left: true, text: clock },
  start: { title: "START", left: true, text: clock },
  c: { title: "C", left: false, text: (t, x) => String(Math.floor(Number(percentCpu(t, x)))) },
  wchan: { title: "WCHAN", left: true, text: (t) => t.wchan || "-" },
  etimes: { title: "ELAPSED", left: false, text: (t, x) => String(Math.floor(x.uptime - t.start / 100)) },
};
const ALIASES: Record<string, string> = {
  command: "args",
  ucmd: "comm",
  ucomm: "comm",
  state: "s",
  "%cpu": "pcpu",
  "%mem": "pmem",
  pgrp: "pgid",
  tname: "tty",
  tt: "tty",
  cputime: "time",
  vsize: "vsz",
  rsz: "rss",
  euser: "user",
  ruser: "user",
  sess: "sid",
};

const LAYOUTS: Record<string, string[]> = {
  plain: ["pid", "tty", "time", "comm"],
  full: ["uid", "pid", "ppid", "c", "stime", "tty", "time", "cmd"],
  user: ["user", "pid", "pcpu", "pmem", "vsz", "rss", "tty", "stat", "start", "bsdtime", "args"],
  bsd: ["pid", "tty", "stat", "bsdtime", "args"],
};

async function context(c: Command, tasks: TaskInfo[]): Promise<Context> {
  const users = new Map<number, string>();
  for (const t of tasks) if (!users.has(t.uid)) users.set(t.uid, await userName(c.sys, t.uid));
  const uptime = Number((await readSmall(c.sys, "/proc/uptime"))?.split(" ")[0] ?? 0);
  const total = Number(/^MemTotal:\s*(\d+)/m.exec((await readSmall(c.sys, "/proc/meminfo")) ?? "")?.[1] ?? 0);
  return { users, uptime, total, bootSeconds: (await c.sys.clockGettime(0)) / 1e9 - uptime };
}

/** `-o pid,comm=NAME`: columns with their own titles; null names an unknown one. */
function chosenColumns(spec: string[]): { columns: Column[]; unknown: string | null } {
  const columns: Column[] = [];
  for (const item of spec.flatMap((s) => s.split(/[ ,]+/)).filter(Boolean)) {
    const [name, title] = item.split("=") as [string, string?];
    const column = COLUMNS[ALIASES[name] ?? name];
    if (!column) return { columns, unknown: name };
    const own = name === "command" || name === "comm" ? "COMMAND" : column.title;
    columns.push({ ...column, title: title ?? own });
  }
  return { columns, unknown: null };
}

const ps = utility(
  "ps",
  {
    help: `Usage: ps [options]
Report a snapshot of the current tasks.

  -A, -e           all processes
  a, x             BSD: all with a terminal; those without one, too
  u                BSD: user-oriented format
  -f               full format
  -o, -O <format>  user-defined format: pid ppid pgid sid tty time comm args user stat pcpu pmem vsz rss wchan
  -p, --pid <PID>  by process id
  -C <command>     by command name
  --no-headers     do not print header lines`,
    options:
      "A e f l j o:,format O: p:,pid C: u:,user w h a x d ,no-headers ,no-heading ,sort: ,forest N T L",
    // BSD options have no dash.
    rewrite: (args) =>
      args
        .map((a) => (/^[auxwfelj]+$/.test(a) ? `---${a}` : a))
        .flatMap((a) => (a.startsWith("---") ? bsd(a.slice(3)) : [a])),
  },
  async (c) => {
    const all = await allTasks(c.sys);
    const mine = all.find((t) => t.pid === c.sys.pid);
    const tasks = all.filter((t) => selected(c, t, mine));
    if (c.has("o") && /wchan/.test(c.values("o").join())) {
      for (const t of tasks) t.wchan = (await readSmall(c.sys, `/proc/${t.pid}/wchan`)) ?? "-";
    }
    const { columns, unknown } = c.has("o")
      ? chosenColumns(c.values("o"))
      : { columns: layout(c).map((n) => COLUMNS[n]!), unknown: null };
    if (unknown) {
      await c.errText(
        `error: unknown user-defined format specifier "${unknown}"\n\n${c.info.help.split("\n")[0]}\n`,
      );
      return 1;
    }
    const x = await context(c, all);
    sortTasks(tasks, c.value("sort"));
    await c.out(table(columns, tasks, x, !c.has("no-headers") && !c.has("no-heading") && !c.has("h")));
    return tasks.length > 0 ? 0 : 1;
  },
);

/** `ps aux` as long options that getopt knows: a, x, and u by a value. */
function bsd(letters: string): string[] {
  return [...letters].flatMap((l) => (l === "u" ? ["-u", "\0format"] : l === "w" ? [] : [`-${l}`]));
}

function layout(c: Command): string[] {
  if (c.values("u").includes("\0format")) return LAYOUTS["user"]!;
  if (c.has("f")) return LAYOUTS["full"]!;
  return c.has("a") || c.has("x") ? LAYOUTS["bsd"]! : LAYOUTS["plain"]!;
}

function selected(c: Command, t: TaskInfo, mine: TaskInfo | undefined): boolean {
  const byUser = c.values("u").filter((u) => u !== "\0format");
  const named = c.has("p") || c.has("C") || byUser.length > 0;
  if (named) {
    const pids = c
      .values("p")
      .flatMap((p) => p.split(/[ ,]+/))
      .map(Number);
    return (
      pids.includes(t.pid) ||
      c.values("C").includes(t.comm) ||
      byUser.includes(String(t.uid)) ||
      (byUser.includes("root") && t.uid === 0)
    );
  }
  if (c.operands.some((p) => /^\d+$/.test(p))) return c.operands.map(Number).includes(t.pid);
  if (c.has("A") || c.has("e")) return true;
  if (c.has("x")) return c.has("a") || t.uid === (mine?.uid ?? 0);
  if (c.has("a")) return t.tty !== 0;
  return mine === undefined || (t.tty === mine.tty && t.session === mine.session);
}

function sortTasks(tasks: TaskInfo[], spec: string | undefined): void {
  if (!spec) return;
  const name = spec.replace(/^[-+]/, "");
  const sign = spec.startsWith("-") ? -1 : 1;
  const key = (t: TaskInfo): number | string =>
    name === "comm" || name === "cmd"
      ? t.comm
      : name === "rss" || name === "pmem"
        ? t.rss
        : name === "time" || name === "pcpu" || name === "%cpu"
          ? t.utime + t.stime
          : name === "ppid"
            ? t.ppid
            : t.pid;
  tasks.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function table(columns: Column[], tasks: TaskInfo[], x: Context, headers: boolean): string {
  const rows = tasks.map((t) => columns.map((col) => col.text(t, x)));
  const titles = columns.map((col) => col.title);
  const minimum: Record<string, number> = { PID: 7, PPID: 7, TTY: 8, TIME: 8, USER: 8, UID: 8, STAT: 4 };
  const widths = titles.map((title, i) =>
    Math.max(title.length, minimum[title] ?? 0, ...rows.map((r) => r[i]!.length)),
  );
  const line = (cells: string[]): string =>
    `${cells.map((s, i) => (!columns[i]!.left ? s.padStart(widths[i]!) : i === cells.length - 1 ? s : s.padEnd(widths[i]!))).join(" ")}\n`;
  const show = headers && titles.some((t) => t !== "");
  return (show ? line(titles) : "") + rows.map(line).join("");
}

const kill: Program = utility(
  "kill",
  {
    help: "Usage: kill [options] <pid> [...]\nSend a signal to a process.\n\n  -s, --signal <signal>  the signal to send\n  -l, --list=[<signal>]  list all signal names, or convert one to a name",
    options: "s:,signal l?,list L n:",
    rewrite: (args) =>
      args.flatMap((a, i) => (i === 0 && /^-(\d+|[A-Z]\w+)$/.test(a) ? ["-s", a.slice(1), "--"] : [a])),
  },
  async (c) => {
    if (c.has("l")) {
      const one = c.value("l") || c.operands[0];
      const names = signalNames();
      return void (await c.out(
        one ? `${/^\d+$/.test(one) ? signalName(Number(one)) : signalNumber(one)}\n` : `${names.join(" ")}\n`,
      ));
    }
    const sig = signalNumber(c.value("s") ?? c.value("n") ?? "TERM");
    if (sig === null) await c.die(`unknown signal ${c.value("s")}`);
    if (c.operands.length === 0) await c.usage("not enough arguments");
    for (const p of c.operands) {
      if (!/^-?\d+$/.test(p)) {
        await c.warn(`failed to parse argument: '${p}'`);
        continue;
      }
      const r = await attempt(c.sys.kill(Number(p), sig!));
      if (!r.ok) await c.warn(`(${p}): ${strerror(r.code)}`);
    }
  },
);

async function pattern(c: Command, text: string): Promise<RegExp> {
  try {
    return posixRegex(c.has("x") ? `^(${text})$` : text, { extended: true, ignoreCase: c.has("i") });
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    return c.die(`regex error: ${e.message}`, 2);
  }
}

async function matching(c: Command, tasks: TaskInfo[], text: string): Promise<TaskInfo[]> {
  const re = await pattern(c, text);
  return tasks.filter((t) => t.pid !== c.sys.pid && re.test(c.has("f") ? commandLine(t) : t.comm));
}

const PGREP =
  "f,full x,exact l,list-name a,list-full c,count n,newest o,oldest v,inverse P:,parent d:,delimiter";

const pgrep = utility(
  "pgrep",
  {
    help: "Usage: pgrep [options] <pattern>\nLook up processes by name.\n\n  -a  list PID and full command line\n  -f  use full process name to match\n  -l  list PID and process name\n  -x  match exactly",
    options: PGREP,
    usageStatus: 2,
  },
  async (c) => {
    if (c.operands.length !== 1) await c.usage("no matching criteria specified", 2);
    const found = await matching(c, await allTasks(c.sys), c.operands[0]!);
    if (c.has("c")) await c.out(`${found.length}\n`);
    else
      for (const t of found)
        await c.out(`${t.pid}${c.has("a") ? ` ${commandLine(t)}` : c.has("l") ? ` ${t.comm}` : ""}\n`);
    return found.length > 0 ? 0 : 1;
  },
);

function killByName(name: "pkill" | "killall"): Program {
  return utility(
    name,
    {
      help: `Usage: ${name} [-signal] <pattern>\nSend a signal to processes by name.`,
      options: `${PGREP} s:,signal q,quiet`,
      rewrite: (args) => args.flatMap((a) => (/^-(\d+|[A-Z]{2,}\w*)$/.test(a) ? ["-s", a.slice(1)] : [a])),
    },
    async (c) => {
      const sig = signalNumber(c.value("s") ?? "TERM");
      if (sig === null) await c.die(`unknown signal ${c.value("s")}`);
      if (c.operands.length === 0) await c.usage("no matching criteria specified", 2);
      let any = false;
      for (const pattern of c.operands) {
        const tasks = await allTasks(c.sys);
        const found =
          name === "killall"
            ? tasks.filter((t) => t.comm === pattern.slice(0, 15))
            : await matching(c, tasks, pattern);
        if (found.length === 0 && name === "killall" && !c.has("q"))
          await c.warn(`${pattern}: no process found`);
        for (const t of found) any = (await attempt(c.sys.kill(t.pid, sig!))).ok || any;
      }
      return any ? 0 : 1;
    },
  );
}

const pidof = utility(
  "pidof",
  {
    help: "Usage: pidof program [program...]\nFind the process ID of a running program.\n\n  -s  only one PID",
    options: "s x",
  },
  async (c) => {
    const found = (await allTasks(c.sys))
      .filter((t) => c.operands.includes(t.comm))
      .map((t) => t.pid)
      .reverse();
    if (found.length === 0) return 1;
    await c.out(`${(c.has("s") ? found.slice(0, 1) : found).join(" ")}\n`);
    return 0;
  },
);

export const processes: Record<string, Program> = {
  ps,
  kill,
  pgrep,
  pkill: killByName("pkill"),
  killall: killByName("killall"),
  pidof,
};
