// fileTests.ts - the file questions of `test` and `[[`: -e, -f, -nt, …

import { attempt } from "./errno.ts";
import type { Stat, SysCalls } from "./sys.ts";

export const UNARY_FILE = "abcdefghkprsuwxGLNOSt";

const TYPES: Record<string, number> = {
  b: 0o060000,
  c: 0o020000,
  d: 0o040000,
  f: 0o100000,
  p: 0o010000,
  S: 0o140000,
};

export async function fileTest(sys: SysCalls, op: string, path: string): Promise<boolean> {
  if (op === "t") {
    const fd = Number(path);
    return Number.isInteger(fd) && (await attempt(sys.tcgetattr(fd))).ok;
  }
  if (path === "") return false;
  if (op === "r" || op === "w" || op === "x") {
    return (await attempt(sys.access(path, op === "r" ? 4 : op === "w" ? 2 : 1))).ok;
  }
  const link = op === "h" || op === "L";
  const r = await attempt(link ? sys.lstat(path) : sys.stat(path));
  if (!r.ok) return false;
  return link ? (r.value.mode & 0o170000) === 0o120000 : statTest(sys, op, r.value);
}

async function statTest(sys: SysCalls, op: string, st: Stat): Promise<boolean> {
  const type = TYPES[op];
  if (type !== undefined) return (st.mode & 0o170000) === type;
  switch (op) {
    case "s":
      return st.size > 0;
    case "u":
      return (st.mode & 0o4000) !== 0;
    case "g":
      return (st.mode & 0o2000) !== 0;
    case "k":
      return (st.mode & 0o1000) !== 0;
    case "N":
      return st.mtimeNs > st.atimeNs;
    case "O":
      return st.uid === (await sys.geteuid());
    case "G":
      return st.gid === (await sys.getgid());
    default:
      return true;
  }
}

/** `-nt`, `-ot`, `-ef`. */
export async function compareFiles(sys: SysCalls, a: string, op: string, b: string): Promise<boolean> {
  const [x, y] = [await attempt(sys.stat(a)), await attempt(sys.stat(b))];
  if (op === "-ef") return x.ok && y.ok && x.value.dev === y.value.dev && x.value.ino === y.value.ino;
  if (op === "-nt") return x.ok && (!y.ok || x.value.mtimeNs > y.value.mtimeNs);
  return y.ok && (!x.ok || x.value.mtimeNs < y.value.mtimeNs);
}

export const INTEGER_OPS: Record<string, (a: bigint, b: bigint) => boolean> = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};
