// find.ts - find: expressions over a walk of the file tree.

import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { matches } from "../sh/pattern.ts";
import { formatDate } from "../strftime.ts";
import { posixRegex } from "../regex.ts";
import type { Program } from "../sys.ts";
import { lastComponent } from "./basic.ts";
import { type Command, Leave, utility } from "./command.ts";
import { formatted, TYPES, type Visit } from "./findPrintf.ts";
import { spawn } from "./spawn.ts";
import { modeText } from "./ls.ts";
import { findUser, groupName, userName } from "./users.ts";

type Test = (v: Visit) => boolean | Promise<boolean>;

interface State {
  c: Command;
  args: string[];
  at: number;
  now: number;
  acts: boolean;
  prune: boolean;
  maxDepth: number;
  minDepth: number;
  depthFirst: boolean;
  follow: boolean;
  xdev: boolean;
  quit: boolean;
  pendingExec: { argv: string[]; paths: string[] }[];
}

function number(text: string): ((n: number) => boolean) | null {
  const m = /^([-+]?)(\d+)$/.exec(text);
  if (!m) return null;
  const k = Number(m[2]);
  if (m[1] === "+") return (n) => n > k;
  return m[1] === "-" ? (n) => n < k : (n) => n === k;
}

async function expression(s: State): Promise<Test> {
  let left = await conjunction(s);
  while (s.args[s.at] === "-o" || s.args[s.at] === "-or") {
    s.at++;
    const [a, b] = [left, await conjunction(s)];
    left = async (v) => (await a(v)) || (await b(v));
  }
  return left;
}

async function conjunction(s: State): Promise<Test> {
  let left = await term(s);
  for (;;) {
    const arg = s.args[s.at];
    if (arg === undefined || arg === "-o" || arg === "-or" || arg === ")") return left;
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
  return primary(s, arg);
}

async function value(s: State, name: string): Promise<string> {
  const v = s.args[s.at++];
  if (v === undefined) await s.c.die(`missing argument to \`${name}'`);
  return v!;
}

async function numeric(s: State, name: string): Promise<(n: number) => boolean> {
  const text = await value(s, name);
  const test = number(text);
  if (!test) await s.c.die(`invalid argument \`${text}' to \`${name}'`);
  return test!;
}

async function primary(s: State, name: string): Promise<Test> {
  const sys = s.c.sys;
  switch (name) {
    case "-name":
    case "-iname": {
      const style = { path: false, ignoreCase: name === "-iname", extglob: false };
      const pattern = await value(s, name);
      return (v) => matches(pattern, lastComponent(v.path), style);
    }
    case "-path":
    case "-wholename":
    case "-ipath": {
      const style = { path: false, ignoreCase: name === "-ipath", extglob: false };
      const pattern = await value(s, name);
      return (v) => matches(pattern, v.path, style);
    }
    case "-regex": {
      const re = posixRegex(`^(${await value(s, name)})$`, { extended: true });
      return (v) => re.test(v.path);
    }
    case "-type": {
      const letters = (await value(s, name)).split(",");
      for (const l of letters) if (!(l in TYPES)) await s.c.die(`Unknown argument to -type: ${l}`);
      return (v) => letters.some((l) => TYPES[l] === (v.st.mode & 0o170000));
    }
    case "-maxdepth":
    case "-mindepth": {
      const n = Number(await value(s, name));
      if (name === "-maxdepth") s.maxDepth = n;
      else s.minDepth = n;
      return () => true;
    }
    case "-depth":
      s.depthFirst = true;
      return () => true;
    case "-mount":
    case "-xdev":
      s.xdev = true;
      return () => true;
    case "-true":
      return () => true;
    case "-false":
      return () => false;
    case "-empty":
      return async (v) =>
        (v.st.mode & 0o170000) === 0o040000
          ? (await entries(sys, v.path)).length === 0
          : v.st.size === 0 && (v.st.mode & 0o170000) === 0o100000;
    case "-readable":
    case "-writable":
    case "-executable":
      return async (v) =>
        (await attempt(sys.access(v.path, name === "-readable" ? 4 : name === "-writable" ? 2 : 1))).ok;
    default:
      return moreTests(s, name);
  }
}

async function moreTests(s: State, name: string): Promise<Test> {
  const sys = s.c.sys;
  switch (name) {
    case "-size": {
      const text = await value(s, name);
      const unit = { c: 1, w: 2, b: 512, k: 1024, M: 1048576, G: 1073741824 }[text.at(-1)!];
      const test = number(unit === undefined ? text : text.slice(0, -1));
      if (!test) await s.c.die(`invalid argument \`${text}' to \`-size'`);
      return (v) => test!(Math.ceil(v.st.size / (unit ?? 512)));
    }
    case "-mtime":
    case "-atime":
    case "-ctime":
    case "-mmin":
    case "-amin":
    case "-cmin": {
      const test = await numeric(s, name);
      const unit = name.endsWith("min") ? 60e9 : 86400e9;
      const key = (v: Visit): number =>
        name[1] === "m" ? v.st.mtimeNs : name[1] === "a" ? v.st.atimeNs : v.st.ctimeNs;
      return (v) => test(Math.floor((s.now - key(v)) / unit));
    }
    case "-newer": {
      const st = await attempt(sys.stat(await value(s, name)));
      if (!st.ok) return s.c.die(`‘${s.args[s.at - 1]}’: ${strerror(st.code)}`);
      return (v) => v.st.mtimeNs > st.value.mtimeNs;
    }
    case "-perm": {
      const text = await value(s, name);
      const m = /^([-/]?)([0-7]+)$/.exec(text);
      if (!m) await s.c.die(`invalid mode ‘${text}’`);
      const want = parseInt(m![2]!, 8);
      return (v) =>
        m![1] === "-"
          ? (v.st.mode & want) === want
          : m![1] === "/"
            ? (v.st.mode & want) !== 0 || want === 0
            : (v.st.mode & 0o7777) === want;
    }
    case "-user": {
      const text = await value(s, name);
      const uid = (await findUser(sys, text))?.uid ?? Number(text);
      return (v) => v.st.uid === uid;
    }
    case "-uid": {
      const test = await numeric(s, name);
      return (v) => test(v.st.uid);
    }
    case "-links":
    case "-inum": {
      const test = await numeric(s, name);
      return (v) => test(name === "-links" ? v.st.nlink : v.st.ino);
    }
    case "-samefile": {
      const st = await attempt(sys.stat(await value(s, name)));
      return (v) => st.ok && v.st.ino === st.value.ino && v.st.dev === st.value.dev;
    }
    case "-lname": {
      const pattern = await value(s, name);
      return async (v) => (v.st.mode & 0o170000) === 0o120000 && matches(pattern, await sys.readlink(v.path));
    }
    default:
      return action(s, name);
  }
}

async function action(s: State, name: string): Promise<Test> {
  const c = s.c;
  s.acts ||= name !== "-prune" && name !== "-quit";
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
      return execAction(s);
    default:
      return c.die(`unknown predicate \`${name}'`);
  }
}

async function execAction(s: State): Promise<Test> {
  const argv: string[] = [];
  for (;;) {
    const arg = s.args[s.at++];
    if (arg === undefined) await s.c.die("missing argument to `-exec'");
    if (arg === ";") break;
    if (arg === "+" && argv.at(-1) === "{}") {
      const batch = { argv: argv.slice(0, -1), paths: [] as string[] };
      s.pendingExec.push(batch);
      return (v) => batch.paths.push(v.path) > 0;
    }
    argv.push(arg!);
  }
  return async (v) =>
    (await spawn(
      s.c,
      argv.map((a) => a.replaceAll("{}", v.path)),
    )) === 0;
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

tests: -name -iname -path -regex -type -size -mtime -mmin -newer -perm -user -empty -links -inum
actions: -print -print0 -printf -ls -delete -prune -quit -exec COMMAND ; -exec COMMAND {} +
options: -maxdepth N -mindepth N -depth -xdev
operators: ( EXPR ) ! EXPR  EXPR -a EXPR  EXPR -o EXPR`;

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
