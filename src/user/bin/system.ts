// system.ts - uname, hostname, nproc, env, printenv, pwd, which, tty, stty, sync, getconf, mount, umount.

import { Termios } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import type { Program } from "../sys.ts";
import { type Command, utility } from "./command.ts";
import { readSmall } from "./processes.ts";

const uname = utility(
  "uname",
  {
    help: `Usage: uname [OPTION]...
Print certain system information.  With no OPTION, same as -s.

  -a, --all                print all information
  -s, --kernel-name        print the kernel name
  -n, --nodename           print the network node hostname
  -r, --kernel-release     print the kernel release
  -v, --kernel-version     print the kernel version
  -m, --machine            print the machine hardware name
  -o, --operating-system   print the operating system`,
    options:
      "a,all s,kernel-name n,nodename r,kernel-release v,kernel-version m,machine p,processor i,hardware-platform o,operating-system",
  },
  async (c) => {
    if (c.operands.length > 0) await c.usage(`extra operand ‘${c.operands[0]}’`);
    const u = await c.sys.uname();
    const all = c.has("a");
    const parts: [string, string][] = [
      ["s", u.sysname],
      ["n", u.nodename],
      ["r", u.release],
      ["v", u.version],
      ["m", u.machine],
    ];
    const out = parts.filter(([k]) => all || c.has(k)).map(([, v]) => v);
    if (!all && c.has("p")) out.push("unknown");
    if (!all && c.has("i")) out.push("unknown");
    if (all || c.has("o")) out.push("GNU/Linux");
    await c.out(`${out.length > 0 ? out.join(" ") : u.sysname}\n`);
  },
);

const arch = utility("arch", { help: "Usage: arch [OPTION]...\nPrint machine architecture." }, async (c) => {
  if (c.operands.length > 0) await c.usage(`extra operand ‘${c.operands[0]}’`);
  await c.out(`${(await c.sys.uname()).machine}\n`);
});

const hostname = utility(
  "hostname",
  { help: "Usage: hostname [-s]\nShow the system's host name.", options: "s,short f,fqdn" },
  async (c) => {
    if (c.operands.length > 0) await c.die("you must be root to change the host name");
    const u = await c.sys.uname();
    await c.out(`${c.has("s") ? u.nodename.replace(/\..*/, "") : u.nodename}\n`);
  },
);

async function processors(c: Command): Promise<number> {
  const stat = (await readSmall(c.sys, "/proc/stat")) ?? "";
  return Math.max(1, (stat.match(/^cpu\d+/gm) ?? []).length);
}

const nproc = utility(
  "nproc",
  { help: "Usage: nproc\nPrint the number of processing units available.", options: ",all ,ignore:" },
  async (c) => c.out(`${await processors(c)}\n`),
);

const getconf = utility(
  "getconf",
  { help: "Usage: getconf NAME\nGet configuration value of variable NAME." },
  async (c) => {
    const name = c.operands[0];
    const values: Record<string, number> = {
      PAGE_SIZE: 4096,
      PAGESIZE: 4096,
      CLK_TCK: 100,
      OPEN_MAX: 256,
      PATH_MAX: 4096,
      NAME_MAX: 255,
      PIPE_BUF: 4096,
      LONG_BIT: 32,
    };
    if (name === undefined) await c.usage("missing operand", 2);
    const value = /_?NPROCESSORS_(ONLN|CONF)$/.test(name!) ? await processors(c) : values[name!];
    if (value === undefined) await c.die(`Unrecognized variable \`${name}'`, 2);
    await c.out(`${value}\n`);
  },
);

const env = utility(
  "env",
  {
    help: "Usage: env [OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]\nSet each NAME to VALUE in the environment and run COMMAND.\n\n  -i, --ignore-environment  start with an empty environment\n  -u, --unset=NAME          remove variable from the environment\n  -0, --null                end each output line with NUL\n  -C, --chdir=DIR           change working directory to DIR",
    options: "i,ignore-environment u:,unset 0,null C:,chdir S:,split-string",
    posix: true,
    usageStatus: 125,
  },
  async (c) => {
    let args = c.has("S") ? [...c.value("S")!.split(/\s+/), ...c.operands] : c.operands;
    const vars = new Map(c.has("i") || args[0] === "-" ? [] : c.env);
    if (args[0] === "-") args = args.slice(1);
    for (const name of c.values("u")) vars.delete(name);
    while (args[0] !== undefined && args[0].includes("=")) {
      const at = args[0].indexOf("=");
      vars.set(args[0].slice(0, at), args[0].slice(at + 1));
      args = args.slice(1);
    }
    if (
      c.has("C") &&
      (await c.try(c.sys.chdir(c.value("C")!), `cannot change directory to '${c.value("C")}'`)) === null
    )
      return 125;
    if (args.length === 0) {
      for (const [k, v] of vars) await c.out(`${k}=${v}${c.has("0") ? "\0" : "\n"}`);
      return 0;
    }
    return runProgram(c, args, vars);
  },
);

/** Becomes another program found in PATH; the status when it cannot. */
export async function runProgram(c: Command, argv: string[], env: Map<string, string>): Promise<number> {
  await c.flush();
  const name = argv[0]!;
  const dirs = name.includes("/")
    ? [null]
    : (env.get("PATH") ?? c.env.get("PATH") ?? "/usr/bin:/bin:/usr/sbin:/sbin").split(":");
  let code = 2;
  for (const dir of dirs) {
    const r = await attempt<never>(c.sys.execve(dir === null ? name : `${dir || "."}/${name}`, argv, env));
    if (!r.ok && r.code !== 2) code = r.code;
  }
  await c.warn(`${c.name === "env" ? `‘${name}’` : `failed to run command ‘${name}’`}: ${strerror(code)}`);
  return code === 2 ? 127 : 126;
}

const printenv = utility(
  "printenv",
  { help: "Usage: printenv [VARIABLE]...\nPrint the values of the specified environment VARIABLE(s)." },
  async (c) => {
    if (c.operands.length === 0) for (const [k, v] of c.env) await c.out(`${k}=${v}\n`);
    for (const name of c.operands) {
      if (c.env.has(name)) await c.out(`${c.env.get(name)}\n`);
      else c.status = 1;
    }
  },
);

const pwd = utility(
  "pwd",
  {
    help: "Usage: pwd [OPTION]...\nPrint the full filename of the current working directory.\n\n  -L, --logical   use PWD from environment\n  -P, --physical  avoid all symlinks",
    options: "L,logical P,physical",
  },
  async (c) => c.out(`${c.has("L") && c.env.has("PWD") ? c.env.get("PWD") : await c.sys.getcwd()}\n`),
);

const which = utility(
  "which",
  { help: "Usage: which [-a] args\nLocate a command.", options: "a s" },
  async (c) => {
    let status = c.operands.length === 0 ? 1 : 0;
    for (const name of c.operands) {
      let found = false;
      const paths = name.includes("/")
        ? [name]
        : (c.env.get("PATH") ?? "").split(":").map((d) => `${d || "."}/${name}`);
      for (const p of paths) {
        const st = await attempt(c.sys.stat(p));
        if (!st.ok || (st.value.mode & 0o170000) !== 0o100000 || !(await attempt(c.sys.access(p, 1))).ok)
          continue;
        found = true;
        if (!c.has("s")) await c.out(`${p}\n`);
        if (!c.has("a")) break;
      }
      if (!found) status = 1;
    }
    return status;
  },
);

const tty = utility(
  "tty",
  {
    help: "Usage: tty [-s]\nPrint the file name of the terminal connected to standard input.",
    options: "s,silent ,quiet",
  },
  async (c) => {
    const yes = (await attempt(c.sys.tcgetattr(0))).ok;
    if (!c.has("s")) await c.out(yes ? "/dev/console\n" : "not a tty\n");
    return yes ? 0 : 1;
  },
);

type Flag = [name: string, word: number, bit: number];
const FLAGS: Flag[] = [
  ["icrnl", Termios.IFLAG, Termios.ICRNL],
  ["ixon", Termios.IFLAG, Termios.IXON],
  ["opost", Termios.OFLAG, Termios.OPOST],
  ["onlcr", Termios.OFLAG, Termios.ONLCR],
  ["isig", Termios.LFLAG, Termios.ISIG],
  ["icanon", Termios.LFLAG, Termios.ICANON],
  ["echo", Termios.LFLAG, Termios.ECHO],
  ["echoe", Termios.LFLAG, Termios.ECHOE],
  ["echok", Termios.LFLAG, Termios.ECHOK],
  ["echonl", Termios.LFLAG, Termios.ECHONL],
  ["noflsh", Termios.LFLAG, Termios.NOFLSH],
  ["tostop", Termios.LFLAG, Termios.TOSTOP],
  ["echoctl", Termios.LFLAG, Termios.ECHOCTL],
  ["echoke", Termios.LFLAG, Termios.ECHOKE],
  ["iexten", Termios.LFLAG, Termios.IEXTEN],
];
const CHARS: [string, number][] = [
  ["intr", Termios.VINTR],
  ["quit", Termios.VQUIT],
  ["erase", Termios.VERASE],
  ["kill", Termios.VKILL],
  ["eof", Termios.VEOF],
  ["start", Termios.VSTART],
  ["stop", Termios.VSTOP],
  ["susp", Termios.VSUSP],
  ["rprnt", Termios.VREPRINT],
  ["werase", Termios.VWERASE],
  ["lnext", Termios.VLNEXT],
];

function word(t: Uint8Array, at: number): number {
  return (t[at]! | (t[at + 1]! << 8) | (t[at + 2]! << 16) | (t[at + 3]! << 24)) >>> 0;
}

function setBit(t: Uint8Array, at: number, bit: number, on: boolean): void {
  const v = on ? word(t, at) | bit : word(t, at) & ~bit;
  for (let i = 0; i < 4; i++) t[at + i] = (v >>> (8 * i)) & 255;
}

const caret = (n: number): string =>
  n === 0
    ? "<undef>"
    : n === 127
      ? "^?"
      : n < 32
        ? `^${String.fromCharCode(n + 64)}`
        : String.fromCharCode(n);

/** Applies one stty word; the number of arguments used, 0 when unknown. */
function applySetting(t: Uint8Array, arg: string, next: string | undefined): number {
  const on = !arg.startsWith("-");
  const name = on ? arg : arg.slice(1);
  const flag = FLAGS.find(([n]) => n === name);
  if (flag) setBit(t, flag[1], flag[2], on);
  else if (name === "raw" || name === "cooked" || name === "sane") {
    const raw = name === "raw" && on;
    for (const [n, w, b] of FLAGS) {
      if (["noflsh", "tostop", "echonl"].includes(n)) continue;
      if (name === "sane" || ["icanon", "isig", "icrnl", "ixon", "opost"].includes(n)) setBit(t, w, b, !raw);
    }
  } else if (name === "cbreak") setBit(t, Termios.LFLAG, Termios.ICANON, !on);
  else {
    const char = CHARS.find(([n]) => n === name);
    if (!char || next === undefined) return 0;
    t[Termios.CC + char[1]] =
      next === "^?"
        ? 127
        : next === "undef" || next === "^-"
          ? 0
          : /^\^./.test(next)
            ? next.charCodeAt(1) & 31
            : next.charCodeAt(0);
    return 2;
  }
  return 1;
}

const stty = utility(
  "stty",
  {
    help: "Usage: stty [-a|-g] [SETTING]...\nPrint or change terminal characteristics.\n\nSettings: [-]echo [-]icanon [-]isig [-]icrnl raw sane rows N cols N size intr CHAR …",
    options: "a,all g,save F:,file",
    rewrite: (args) => args.map((x) => (/^-[a-z]{3,}/.test(x) ? `\0${x}` : x)),
  },
  async (c) => {
    const modes = await attempt(c.sys.tcgetattr(0));
    if (!modes.ok) return void (await c.warn(`'standard input': ${strerror(modes.code)}`));
    const t = modes.value.slice();
    const args = c.operands.map((a) => a.replace("\0", ""));
    const size = await c.sys.winsize(0);
    if (args.length === 0 || c.has("a")) {
      const flags = FLAGS.map(([n, w, b]) => (word(t, w) & b ? n : `-${n}`)).join(" ");
      const chars = CHARS.map(([n, i]) => `${n} = ${caret(t[Termios.CC + i]!)}`).join("; ");
      if (c.has("g")) return c.out(`${[...t].map((b) => b.toString(16)).join(":")}\n`);
      return c.out(
        `speed 38400 baud; rows ${size.rows}; columns ${size.cols};\n${c.has("a") ? `${chars};\n` : ""}${flags}\n`,
      );
    }
    for (let i = 0; i < args.length;) {
      const [a, next] = [args[i]!, args[i + 1]];
      if (a === "size") await c.out(`${size.rows} ${size.cols}\n`);
      else if ((a === "rows" || a === "cols" || a === "columns") && next !== undefined) {
        await c.sys.setWinsize(
          0,
          a === "rows" ? Number(next) : size.rows,
          a === "rows" ? size.cols : Number(next),
        );
        i++;
      } else if (/^[0-9a-f]+(:[0-9a-f]+){20,}$/.test(a)) t.set(a.split(":").map((h) => parseInt(h, 16)));
      else {
        const used = applySetting(t, a, next);
        if (used === 0) await c.usage(`invalid argument ‘${a}’`);
        i += used - 1;
      }
      i++;
    }
    await c.sys.tcsetattr(0, 1, t);
  },
);

const sync = utility(
  "sync",
  { help: "Usage: sync\nSynchronize cached writes to persistent storage.", options: "d,data f,file-system" },
  async (c) => c.sys.sync(),
);

const mount = utility(
  "mount",
  {
    help: "Usage: mount [-t type] [-o options] source directory\nMount a filesystem; without arguments, list what is mounted.",
    options: "t:,types o:,options a r w n v l ,bind",
  },
  async (c) => {
    if (c.operands.length === 0) {
      const wanted = c.value("t");
      for (const line of ((await readSmall(c.sys, "/proc/mounts")) ?? "").split("\n").filter(Boolean)) {
        const [source, dir, type, flags] = line.split(" ");
        if (!wanted || wanted === type) await c.out(`${source} on ${dir} type ${type} (${flags})\n`);
      }
      return 0;
    }
    const [source, dir] = c.operands as [string, string | undefined];
    if (dir === undefined) return void (await c.warn(`${source}: can't find in /etc/fstab.`, 1));
    const flags =
      (c.has("r") || /\bro\b/.test(c.value("o") ?? "") ? 1 : 0) |
      (c.has("bind") || /\bbind\b/.test(c.value("o") ?? "") ? 4096 : 0);
    const data = (c.value("o") ?? "")
      .split(",")
      .filter((x) => !["ro", "rw", "bind"].includes(x))
      .join(",");
    const r = await attempt(c.sys.mount(source, dir, c.value("t") ?? "none", flags, data));
    if (r.ok) return 0;
    const why =
      r.code === 19
        ? `unknown filesystem type '${c.value("t")}'.`
        : r.code === 1
          ? "permission denied."
          : r.code === 2
            ? "mount point does not exist."
            : r.code === 16
              ? `${source} already mounted or mount point busy.`
              : `${strerror(r.code)}.`;
    await c.warn(`${dir}: ${why}`);
    return 32;
  },
);

const umount = utility(
  "umount",
  { help: "Usage: umount <source> | <directory>\nUnmount filesystems.", options: "f l v a t:" },
  async (c) => {
    if (c.operands.length === 0) await c.usage("bad usage");
    let status = 0;
    for (const dir of c.operands) {
      const r = await attempt(c.sys.umount(dir));
      if (r.ok) continue;
      await c.warn(
        `${dir}: ${r.code === 16 ? "target is busy." : r.code === 22 ? "not mounted." : r.code === 2 ? "no mount point specified." : `${strerror(r.code)}.`}`,
      );
      status = 32;
    }
    return status;
  },
);

export const system: Record<string, Program> = {
  arch,
  uname,
  hostname,
  nproc,
  getconf,
  env,
  printenv,
  pwd,
  which,
  tty,
  stty,
  sync,
  mount,
  umount,
};
