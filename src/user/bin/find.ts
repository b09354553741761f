// find.ts - find: expressions over a walk of the file tree.

import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { formatDate } from "../strftime.ts";
import { encode } from "../text.ts";
import { exitCode } from "../waitStatus.ts";
import type { Program } from "../sys.ts";
import { directoryOf, lastComponent } from "./basic.ts";
import { Leave, utility, writeFully } from "./command.ts";
import { formatted, type Visit } from "./findPrintf.ts";
import { primary, type State, type Test, value } from "./findTests.ts";
import { exec, spawn } from "./spawn.ts";
import { modeText } from "./fileWords.ts";
import { groupName, userName } from "./users.ts";

/** `a , b`: both, and what the second says. */
async function expression(s: State): Promise<Test> {
  let left = await disjunction(s);
  while (s.args[s.at] === ",") {
    s.at++;
    const [a, b] = [left, await disjunction(s)];
    left = async (v) => (await a(v), b(v));
  }
  return left;
}

async function disjunction(s: State): Promise<Test> {
  let left = await conjunction(s);
  while (s.args[s.at] === "-o" || s.args[s.at] === "-or") {
    const or = s.args[s.at++]!;
    if (s.at === s.args.length) await s.c.die(`expected an expression after '${or}'`);
    const [a, b] = [left, await conjunction(s)];
    left = async (v) => (await a(v)) || (await b(v));
  }
  return left;
}

async function conjunction(s: State): Promise<Test> {
  let left = await term(s);
  for (;;) {
    const arg = s.args[s.at];
    if (arg === undefined || arg === "-o" || arg === "-or" || arg === ")" || arg === ",") return left;
    if (arg === "-a" || arg === "-and") s.at++;
    const [a, b] = [left, await term(s)];
    left = async (v) => (await a(v)) && (await b(v));
  }
}

async function term(s: State): Promise<Test> {
  const arg = s.args[s.at++];
  if (arg === undefined) return s.c.die("expected an expression");
  if (arg === "!" || arg === "-not") {
    const inner = await term(s);
    return async (v) => !(await inner(v));
  }
  if (arg === "(") {
    const inner = await expression(s);
    if (s.args[s.at++] !== ")")
      await s.c.die("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
    return inner;
  }
  return (await primary(s, arg)) ?? action(s, arg);
}

async function action(s: State, name: string): Promise<Test> {
  const c = s.c;
  s.acts ||= name !== "-prune";
  switch (name) {
    case "-print":
      return async (v) => (await c.out(`${v.path}\n`), true);
    case "-print0":
      return async (v) => (await c.out(`${v.path}\0`), true);
    case "-printf": {
      const format = await value(s, name);
      return async (v) => (await c.out(await formatted(c.sys, format, v)), true);
    }
    case "-ls":
      return async (v) => {
        const owner = `${(await userName(c.sys, v.st.uid)).padEnd(8)} ${(await groupName(c.sys, v.st.gid)).padEnd(8)}`;
        const when = formatDate("%b %e %H:%M", v.st.mtimeNs / 1e9, 0);
        await c.out(
          `${String(v.st.ino).padStart(9)} ${String(Math.ceil(v.st.blocks / 2)).padStart(6)} ${modeText(v.st.mode)} ${String(v.st.nlink).padStart(3)} ${owner} ${String(v.st.size).padStart(8)} ${when} ${v.path}\n`,
        );
        return true;
      };
    case "-prune":
      return () => (s.prune = true);
    case "-quit":
      return () => (s.quit = true);
    case "-delete":
      s.depthFirst = true;
      return async (v) => {
        if (v.path === ".") return true;
        const dir = (v.st.mode & 0o170000) === 0o040000;
        const r = await attempt(dir ? c.sys.rmdir(v.path) : c.sys.unlink(v.path));
        if (!r.ok) await c.warn(`cannot delete ‘${v.path}’: ${strerror(r.code)}`);
        return r.ok;
      };
    case "-exec":
    case "-execdir":
    case "-ok":
    case "-okdir":
      return execAction(s, name);
    case "-fprint": {
      const path = await value(s, name);
      const fd = await attempt(c.sys.open(path, 0o1101, 0o666));
      if (!fd.ok) return c.die(`‘${path}’: ${strerror(fd.code)}`);
      return async (v) => (await writeFully(c.sys, fd.value, encode(`${v.path}\n`)), true);
    }
    default:
      return c.die(`unknown predicate \`${name}'`);
  }
}

async function execAction(s: State, name: string): Promise<Test> {
  const argv: string[] = [];
  for (;;) {
    const arg = s.args[s.at++];
    if (arg === undefined) await s.c.die(`missing argument to \`${name}'`);
    if (arg === ";") break;
    if (arg === "+" && argv.at(-1) === "{}" && name === "-exec") {
      const batch = { argv: argv.slice(0, -1), paths: [] as string[] };
      s.pendingExec.push(batch);
      return (v) => batch.paths.push(v.path) > 0;
    }
    argv.push(arg!);
  }
  if (argv.length === 0) await s.c.die(`invalid argument \`;' to \`${name}'`);
  const inDirectory = name.endsWith("dir");
  return async (v) => {
    if (name.startsWith("-ok") && !(await agreed(s, argv[0]!, v.path))) return false;
    const path = inDirectory ? `./${lastComponent(v.path)}` : v.path;
    const words = argv.map((a) => a.replaceAll("{}", path));
    return (inDirectory ? await runIn(s, directoryOf(v.path), words) : await spawn(s.c, words)) === 0;
  };
}

async function runIn(s: State, directory: string, argv: string[]): Promise<number> {
  const { c } = s;
  await c.flush();
  const pid = await c.sys.fork(async (sys) => {
    await sys.chdir(directory);
    return exec(sys, c.name, argv, null, c.env);
  });
  const ended = await c.sys.wait4(pid, 0);
  return ended ? exitCode(ended.status) : 127;
}

/** -ok asks before it runs a program. */
async function agreed(s: State, program: string, path: string): Promise<boolean> {
  await s.c.errText(`< ${program} ... ${path} > ? `);
  let line = "";
  for (;;) {
    const byte = await s.c.sys.read(0, 1);
    if (byte.length === 0 || byte[0] === 10) return /^[yY]/.test(line);
    line += String.fromCharCode(byte[0]!);
  }
}

async function walk(
  s: State,
  test: Test,
  path: string,
  root: string,
  depth: number,
  device: number,
): Promise<void> {
  const c = s.c;
  const st = await attempt(s.follow ? c.sys.stat(path) : c.sys.lstat(path));
  if (!st.ok) return c.warn(`‘${path}’: ${strerror(st.code)}`);
  const v: Visit = { path, st: st.value, depth, root };
  const dir = (st.value.mode & 0o170000) === 0o040000;
  s.prune = false;
  if (!s.depthFirst && depth >= s.minDepth) await test(v);
  if (s.quit) return;
  const pruned = s.prune;
  if (dir && !pruned && depth < s.maxDepth && !(s.xdev && st.value.dev !== device)) {
    const probe = await attempt(c.sys.open(path, 0o200000));
    if (!probe.ok) await c.warn(`‘${path}’: ${strerror(probe.code)}`);
    else {
      await c.sys.close(probe.value);
      for (const e of await entries(c.sys, path)) {
        await walk(
          s,
          test,
          path.endsWith("/") ? path + e.name : `${path}/${e.name}`,
          root,
          depth + 1,
          device,
        );
        if (s.quit) return;
      }
    }
  }
  if (s.depthFirst && depth >= s.minDepth) await test(v);
}

const HELP = `Usage: find [-H] [-L] [-P] [path...] [expression]

tests: -name -iname -path -ipath -lname -regex -iregex -type -xtype -size -empty -links -inum -samefile
       -mtime -atime -ctime -mmin -amin -cmin -newer -anewer -cnewer -newermt
       -perm -user -uid -group -gid -nouser -nogroup -readable -writable -executable -true -false
actions: -print -print0 -printf -fprint -ls -delete -prune -quit
         -exec COMMAND ; -exec COMMAND {} + -execdir COMMAND ; -ok COMMAND ;
options: -maxdepth N -mindepth N -depth -daystart -xdev -regextype TYPE
operators: ( EXPR )   ! EXPR   EXPR -a EXPR   EXPR -o EXPR   EXPR , EXPR`;

export const find: Program = utility(
  "find",
  { help: HELP, options: "", rewrite: (args) => (args.includes("--help") ? ["--help"] : ["--", ...args]) },
  async (c) => {
    const args = [...c.operands];
    let follow = false;
    while (/^-[HLP]$/.test(args[0] ?? "")) follow = args.shift() === "-L" || follow;
    const paths: string[] = [];
    while (args.length > 0 && !/^(-.|\(|!)/.test(args[0]!)) paths.push(args.shift()!);
    const s: State = {
      c,
      args,
      at: 0,
      now: await c.sys.clockGettime(0),
      acts: false,
      prune: false,
      maxDepth: Infinity,
      minDepth: 0,
      depthFirst: false,
      follow,
      xdev: false,
      quit: false,
      dayStart: false,
      pendingExec: [],
    };
    let test: Test = args.length === 0 ? () => true : await expression(s);
    if (s.at < args.length) {
      await c.warn(`paths must precede expression: \`${args[s.at]}'`);
      throw new Leave(1);
    }
    if (!s.acts) {
      const given = test;
      test = async (v) => (await given(v)) && (await c.out(`${v.path}\n`), true);
    }
    for (const p of paths.length > 0 ? paths : ["."]) {
      const st = await attempt(c.sys.lstat(p));
      await walk(s, test, p, p, 0, st.ok ? st.value.dev : 0);
      if (s.quit) break;
    }
    for (const batch of s.pendingExec) {
      if (batch.paths.length > 0 && (await spawn(c, [...batch.argv, ...batch.paths])) !== 0) c.status = 1;
    }
  },
);
