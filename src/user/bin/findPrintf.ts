// findPrintf.ts - find -printf.

import { formatDate } from "../strftime.ts";
import type { Stat, SysCalls } from "../sys.ts";
import { directoryOf, lastComponent } from "./basic.ts";
import { modeText } from "./fileWords.ts";
import { groupName, userName } from "./users.ts";

export interface Visit {
  path: string;
  st: Stat;
  depth: number;
  /** The starting point. */
  root: string;
}

export const TYPES: Record<string, number> = {
  f: 0o100000,
  d: 0o040000,
  l: 0o120000,
  c: 0o020000,
  b: 0o060000,
  p: 0o010000,
  s: 0o140000,
};

export async function formatted(sys: SysCalls, format: string, v: Visit): Promise<string> {
  let out = "";
  for (const m of format.matchAll(/%(-?\d*)([a-zA-Z%])([@A-Za-z+]?)|\\(n|t|0|\\)|[^%\\]+|[%\\]/g)) {
    if (m[4]) out += { n: "\n", t: "\t", "0": "\0", "\\": "\\" }[m[4]]!;
    else if (!m[2]) out += m[0];
    else {
      const timed = "TAC".includes(m[2]) && m[3] !== "";
      const text = await directive(sys, m[2], m[3] ?? "", v);
      const width = Number(m[1] || 0);
      out += (width < 0 ? text.padEnd(-width) : text.padStart(width)) + (timed ? "" : (m[3] ?? ""));
    }
  }
  return out;
}

async function directive(sys: SysCalls, code: string, sub: string, v: Visit): Promise<string> {
  const time = (ns: number): string =>
    sub === "@"
      ? (ns / 1e9).toFixed(10)
      : formatDate(sub === "+" ? "%Y-%m-%d+%H:%M:%S" : `%${sub}`, ns / 1e9, 0);
  switch (code) {
    case "p":
      return v.path;
    case "f":
      return lastComponent(v.path);
    case "h":
      return directoryOf(v.path);
    case "P":
      return v.path === v.root ? "" : v.path.slice(v.root.replace(/\/+$/, "").length + 1);
    case "s":
      return String(v.st.size);
    case "d":
      return String(v.depth);
    case "m":
      return (v.st.mode & 0o7777).toString(8);
    case "M":
      return modeText(v.st.mode);
    case "u":
      return userName(sys, v.st.uid);
    case "g":
      return groupName(sys, v.st.gid);
    case "U":
      return String(v.st.uid);
    case "G":
      return String(v.st.gid);
    case "i":
      return String(v.st.ino);
    case "n":
      return String(v.st.nlink);
    case "y":
      return Object.entries(TYPES).find(([, t]) => t === (v.st.mode & 0o170000))?.[0] ?? "U";
    case "l":
      return (v.st.mode & 0o170000) === 0o120000 ? sys.readlink(v.path) : "";
    case "k":
      return String(Math.ceil(v.st.blocks / 2));
    case "b":
      return String(v.st.blocks);
    case "T":
      return time(v.st.mtimeNs);
    case "A":
      return time(v.st.atimeNs);
    case "C":
      return time(v.st.ctimeNs);
    case "%":
      return "%";
    default:
      return `%${code}`;
  }
}
