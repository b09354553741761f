// lsof.ts - which files are open in which tasks, by /proc.

import { Mode } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import type { Stat } from "../sys.ts";
import { type Command, utility } from "./command.ts";
import { allTasks, type TaskInfo } from "./processes.ts";
import { findUser, userName } from "./users.ts";

/** What lsof shows of a command's name. */
const COMMAND_WIDTH = 9;

interface OpenFile {
  task: TaskInfo;
  user: string;
  /** `cwd` and the like, or a number. */
  fd: string;
  /** How a number is open: r, w or u. */
  access: string;
  type: string;
  device: string;
  size: string;
  node: string;
  name: string;
  /** Device and inode, when it has them. */
  identity: string;
}

const TYPES: Record<number, string> = {
  [Mode.IFREG]: "REG",
  [Mode.IFDIR]: "DIR",
  [Mode.IFCHR]: "CHR",
  [Mode.IFIFO]: "FIFO",
  [Mode.IFSOCK]: "sock",
};

const numbers = (dev: number): string => `${dev >> 8},${dev & 255}`;
const identity = (st: Stat): string => `${st.dev}:${st.ino}`;

function nameOf(target: string): string {
  if (target.startsWith("pipe:")) return "pipe";
  return target.startsWith("socket:") ? "can't identify protocol" : target;
}

/** What a link in /proc/PID leads to; null when nobody may know, or it is gone. */
async function look(
  c: Command,
  task: TaskInfo,
  link: string,
  fd: string,
  access = " ",
): Promise<OpenFile | null> {
  const path = `/proc/${task.pid}/${link}`;
  const whose = { task, user: await userName(c.sys, task.uid), fd, access };
  const target = await attempt(c.sys.readlink(path));
  const found = await attempt(c.sys.stat(path));
  if (!target.ok || !found.ok) {
    // A kernel thread has no program.
    const nothing = { type: "unknown", device: "", size: "", node: "", identity: "" };
    return fd === "txt" ? { ...whose, ...nothing, name: path } : null;
  }
  const st = found.value;
  const type = st.mode & Mode.IFMT;
  const sized = type === Mode.IFREG || type === Mode.IFDIR;
  return {
    ...whose,
    type: TYPES[type] ?? type.toString(8),
    device: numbers(type === Mode.IFCHR ? st.rdev : st.dev),
    size: sized ? String(st.size) : "0t0",
    node: String(st.ino),
    name: nameOf(target.value),
    identity: identity(st),
  };
}

/** The link's own mode says how a descriptor is open. */
async function accessOf(c: Command, path: string): Promise<string> {
  const st = await attempt(c.sys.lstat(path));
  const mode = st.ok ? st.value.mode & 0o600 : 0;
  return mode === 0o600 ? "u" : mode === 0o200 ? "w" : "r";
}

async function filesOf(c: Command, task: TaskInfo): Promise<OpenFile[]> {
  const files = [
    await look(c, task, "cwd", "cwd"),
    await look(c, task, "root", "rtd"),
    await look(c, task, "exe", "txt"),
  ];
  const dir = `/proc/${task.pid}/fd`;
  const fds = (await entries(c.sys, dir)).map((e) => e.name).filter((name) => /^\d+$/.test(name));
  for (const fd of fds.sort((a, b) => Number(a) - Number(b))) {
    files.push(await look(c, task, `fd/${fd}`, fd, await accessOf(c, `${dir}/${fd}`)));
  }
  return files.filter((file) => file !== null);
}

const TITLES = ["COMMAND", "PID", "USER", "FD  ", "TYPE", "DEVICE", "SIZE/OFF", "NODE"];

/** Four places for what it is, two for how it is open and locked. */
function cells(file: OpenFile): string[] {
  const fd = `${file.fd.padStart(4)}${file.access} `;
  const command = file.task.comm.slice(0, COMMAND_WIDTH);
  return [command, String(file.task.pid), file.user, fd, file.type, file.device, file.size, file.node];
}

/** Rows under their titles, as wide as they have to be. */
function table(files: OpenFile[]): string {
  const rows = [TITLES, ...files.map(cells)];
  const widths = TITLES.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const pad = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!);
  return rows
    .map((row, i) => `${row.map(pad).join(" ")} ${i === 0 ? "NAME" : files[i - 1]!.name}\n`)
    .join("");
}

/** The conditions a file has to meet: one of them, or all with -a. */
async function conditions(c: Command): Promise<((file: OpenFile) => boolean)[]> {
  const tests: ((file: OpenFile) => boolean)[] = [];
  const list = (option: string): string[] => c.values(option).flatMap((value) => value.split(","));
  if (c.has("p")) {
    const pids = new Set(list("p").map(Number));
    tests.push(({ task }) => pids.has(task.pid));
  }
  if (c.has("c")) tests.push(({ task }) => c.values("c").some((begin) => task.comm.startsWith(begin)));
  if (c.has("u")) {
    const uids = new Set<number>();
    for (const name of list("u")) {
      const user = await findUser(c.sys, /^\d+$/.test(name) ? Number(name) : name);
      if (user) uids.add(user.uid);
      else await c.die(`can't get UID for ${name}`);
    }
    tests.push(({ task }) => uids.has(task.uid));
  }
  if (c.operands.length > 0) tests.push(await named(c));
  return tests;
}

async function named(c: Command): Promise<(file: OpenFile) => boolean> {
  const wanted = new Set<string>();
  for (const path of c.operands) {
    const st = await attempt(c.sys.stat(path));
    if (st.ok) wanted.add(identity(st.value));
    else await c.warn(`status error on ${path}: ${strerror(st.code)}`);
  }
  return (file) => wanted.has(file.identity);
}

export const lsof = utility(
  "lsof",
  {
    help: `Usage: lsof [OPTION]... [FILE]...
List open files: all, or those that one of the options or a FILE names.

  -a        list what all options name, not what one of them does
  -c BEGIN  of tasks whose command begins so
  -p PID,…  of these tasks
  -u NAME,… of these users' tasks
  -t        the numbers of the tasks only
  -n, -P    accepted: there are no host names and ports to look up`,
    options: "a c: p: u: t n P w",
  },
  async (c) => {
    const tests = await conditions(c);
    const every = c.has("a");
    const chosen = (file: OpenFile): boolean =>
      tests.length === 0 || (every ? tests.every((test) => test(file)) : tests.some((test) => test(file)));
    const files: OpenFile[] = [];
    for (const task of await allTasks(c.sys)) files.push(...(await filesOf(c, task)).filter(chosen));
    if (files.length === 0) return 1;
    if (!c.has("t")) await c.out(table(files));
    else for (const pid of new Set(files.map(({ task }) => task.pid))) await c.out(`${pid}\n`);
    return 0;
  },
);
