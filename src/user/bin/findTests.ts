// findTests.ts - the tests and options of find.

import { attempt, strerror } from "../errno.ts";
import { posixRegex } from "../regex.ts";
import { entries } from "../sh/glob.ts";
import { matches } from "../sh/pattern.ts";
import { lastComponent } from "./basic.ts";
import type { Command } from "./command.ts";
import { parseDate } from "./dates.ts";
import { applyMode } from "./fileOps.ts";
import { TYPES, type Visit } from "./findPrintf.ts";
import { findUser, groupId, groupName, userId } from "./users.ts";

const DAY_NS = 86400e9;

export type Test = (v: Visit) => boolean | Promise<boolean>;

export interface State {
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
  /** Ages are measured from the end of today. */
  dayStart: boolean;
  pendingExec: { argv: string[]; paths: string[] }[];
}

function number(text: string): ((n: number) => boolean) | null {
  const m = /^([-+]?)(\d+)$/.exec(text);
  if (!m) return null;
  const k = Number(m[2]);
  if (m[1] === "+") return (n) => n > k;
  return m[1] === "-" ? (n) => n < k : (n) => n === k;
}

export async function value(s: State, name: string): Promise<string> {
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

/** A test by its name; null when there is none of that name. */
export async function primary(s: State, name: string): Promise<Test | null> {
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
    case "-iwholename":
    case "-ipath": {
      const style = { path: false, ignoreCase: name.startsWith("-i"), extglob: false };
      const pattern = await value(s, name);
      return (v) => matches(pattern, v.path, style);
    }
    case "-regextype":
      await value(s, name);
      return () => true;
    case "-regex":
    case "-iregex": {
      const re = posixRegex(`^(${await value(s, name)})$`, {
        extended: true,
        ignoreCase: name === "-iregex",
      });
      return (v) => re.test(v.path);
    }
    case "-type":
    case "-xtype": {
      const letters = (await value(s, name)).split(",");
      for (const l of letters) if (!(l in TYPES)) await s.c.die(`Unknown argument to -type: ${l}`);
      return async (v) => {
        const st = name === "-xtype" ? await attempt(sys.stat(v.path)) : null;
        const mode = st?.ok ? st.value.mode : v.st.mode;
        return letters.some((l) => TYPES[l] === (mode & 0o170000));
      };
    }
    case "-maxdepth":
    case "-mindepth": {
      const text = await value(s, name);
      if (!/^\d+$/.test(text))
        await s.c.die(`Expected a positive decimal integer argument to ${name}, but got ‘${text}’`);
      const n = Number(text);
      if (name === "-maxdepth") s.maxDepth = n;
      else s.minDepth = n;
      return () => true;
    }
    case "-noleaf":
    case "-warn":
    case "-nowarn":
      return () => true;
    case "-daystart":
      if (!s.dayStart) s.now = (Math.floor(s.now / DAY_NS) + 1) * DAY_NS;
      s.dayStart = true;
      return () => true;
    case "-d":
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

async function moreTests(s: State, name: string): Promise<Test | null> {
  const sys = s.c.sys;
  switch (name) {
    case "-size": {
      const text = await value(s, name);
      const unit = { c: 1, w: 2, b: 512, k: 1024, M: 1048576, G: 1073741824 }[text.at(-1)!];
      const test = number(unit === undefined ? text : text.slice(0, -1));
      if (!test) await s.c.die(`invalid -size type \`${text.at(-1)}'`);
      return (v) => test!(Math.ceil(v.st.size / (unit ?? 512)));
    }
    case "-mtime":
    case "-atime":
    case "-ctime":
    case "-mmin":
    case "-amin":
    case "-cmin": {
      const test = await numeric(s, name);
      const unit = name.endsWith("min") ? 60e9 : DAY_NS;
      const key = (v: Visit): number =>
        name[1] === "m" ? v.st.mtimeNs : name[1] === "a" ? v.st.atimeNs : v.st.ctimeNs;
      return (v) => test(Math.floor((s.now - key(v)) / unit));
    }
    case "-newer":
    case "-anewer":
    case "-cnewer": {
      const st = await attempt(sys.stat(await value(s, name)));
      if (!st.ok) return s.c.die(`‘${s.args[s.at - 1]}’: ${strerror(st.code)}`);
      const key = name === "-anewer" ? "atimeNs" : name === "-cnewer" ? "ctimeNs" : "mtimeNs";
      return (v) => v.st[key] > st.value.mtimeNs;
    }
    case "-newermt":
    case "-newerct":
    case "-newerat": {
      const text = await value(s, name);
      const seconds = parseDate(text, s.now / 1e9);
      if (seconds === null) await s.c.die(`I cannot figure out how to interpret ‘${text}’ as a date or time`);
      const key = name[6] === "a" ? "atimeNs" : name[6] === "c" ? "ctimeNs" : "mtimeNs";
      return (v) => v.st[key] > seconds! * 1e9;
    }
    case "-perm": {
      const text = await value(s, name);
      const m = /^([-/]?)(.*)$/.exec(text);
      const mode = applyMode(m![2]!, 0, false);
      if (mode === null) await s.c.die(`invalid mode ‘${text}’`);
      const want = mode!;
      return (v) =>
        m![1] === "-"
          ? (v.st.mode & want) === want
          : m![1] === "/"
            ? (v.st.mode & want) !== 0 || want === 0
            : (v.st.mode & 0o7777) === want;
    }
    case "-user": {
      const text = await value(s, name);
      const uid = await userId(sys, text);
      if (uid === null) await s.c.die(`‘${text}’ is not the name of a known user`);
      return (v) => v.st.uid === uid;
    }
    case "-group": {
      const text = await value(s, name);
      const gid = await groupId(sys, text);
      if (gid === null) await s.c.die(`‘${text}’ is not the name of an existing group`);
      return (v) => v.st.gid === gid;
    }
    case "-nouser":
      return async (v) => (await findUser(sys, v.st.uid)) === null;
    case "-nogroup":
      return async (v) => (await groupName(sys, v.st.gid)) === String(v.st.gid);
    case "-uid":
    case "-gid": {
      const test = await numeric(s, name);
      return (v) => test(name === "-uid" ? v.st.uid : v.st.gid);
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
      return null;
  }
}
