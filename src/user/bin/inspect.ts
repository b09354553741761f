// inspect.ts - stat, readlink, realpath, mktemp.

import { attempt, strerror } from "../errno.ts";
import { formatDate } from "../strftime.ts";
import type { Program, Stat } from "../sys.ts";
import { type Command, utility } from "./command.ts";
import { modeText } from "./fileWords.ts";
import { groupName, userName } from "./users.ts";

function kind(st: Stat): string {
  switch (st.mode & 0o170000) {
    case 0o040000:
      return "directory";
    case 0o120000:
      return "symbolic link";
    case 0o020000:
      return "character special file";
    case 0o060000:
      return "block special file";
    case 0o010000:
      return "fifo";
    case 0o140000:
      return "socket";
    default:
      return st.size === 0 ? "regular empty file" : "regular file";
  }
}

function moment(ns: number): string {
  const s = Math.floor(ns / 1e9);
  return formatDate("%Y-%m-%d %H:%M:%S.%N %z", s, Math.floor(ns - s * 1e9));
}

async function field(c: Command, code: string, path: string, st: Stat): Promise<string> {
  switch (code) {
    case "a":
      return (st.mode & 0o7777).toString(8);
    case "A":
      return modeText(st.mode);
    case "b":
      return String(st.blocks);
    case "B":
      return "512";
    case "d":
      return String(st.dev);
    case "f":
      return st.mode.toString(16);
    case "F":
      return kind(st);
    case "g":
      return String(st.gid);
    case "G":
      return groupName(c.sys, st.gid);
    case "h":
      return String(st.nlink);
    case "i":
      return String(st.ino);
    case "n":
      return path;
    case "N":
      return (st.mode & 0o170000) === 0o120000 ? `'${path}' -> '${await c.sys.readlink(path)}'` : `'${path}'`;
    case "o":
      return "4096";
    case "s":
      return String(st.size);
    case "t":
      return ((st.rdev >> 8) & 0xfff).toString(16);
    case "T":
      return (st.rdev & 0xff).toString(16);
    case "u":
      return String(st.uid);
    case "U":
      return userName(c.sys, st.uid);
    case "x":
      return moment(st.atimeNs);
    case "X":
      return String(Math.floor(st.atimeNs / 1e9));
    case "y":
    case "w":
      return moment(st.mtimeNs);
    case "Y":
    case "W":
      return String(Math.floor(st.mtimeNs / 1e9));
    case "z":
      return moment(st.ctimeNs);
    case "Z":
      return String(Math.floor(st.ctimeNs / 1e9));
    case "%":
      return "%";
    default:
      return "?";
  }
}

async function formatted(c: Command, format: string, path: string, st: Stat): Promise<string> {
  let out = "";
  let at = 0;
  for (const m of format.matchAll(/%([-#0 ]*)(\d*)([A-Za-z%])/g)) {
    out += format.slice(at, m.index);
    at = m.index + m[0].length;
    const text = await field(c, m[3]!, path, st);
    const width = Number(m[2] || 0);
    out += m[1]!.includes("-") ? text.padEnd(width) : text.padStart(width, m[1]!.includes("0") ? "0" : " ");
  }
  return out + format.slice(at);
}

const DEFAULT = `  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %d\tInode: %-11i Links: %h
Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
 Birth: -
`;

const stat = utility(
  "stat",
  {
    help: "Usage: stat [OPTION]... FILE...\nDisplay file status.\n\n  -L, --dereference    follow links\n  -c  --format=FORMAT  use the specified FORMAT instead of the default\n      --printf=FORMAT  like --format, but interpret backslash escapes",
    options: "L,dereference c:,format ,printf: f,file-system t,terse",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    for (const path of c.operands) {
      const st = await attempt(c.has("L") ? c.sys.stat(path) : c.sys.lstat(path));
      if (!st.ok) {
        await c.warn(`cannot statx '${path}': ${strerror(st.code)}`);
        continue;
      }
      const given = c.value("c");
      const printf = c.value("printf");
      if (printf !== undefined)
        await c.out(await formatted(c, printf.replace(/\\n/g, "\n").replace(/\\t/g, "\t"), path, st.value));
      else if (given !== undefined) await c.out(`${await formatted(c, given, path, st.value)}\n`);
      else
        await c.out((await formatted(c, DEFAULT, path, st.value)).replace(/^( {2}File: )'([^']*)'/, "$1$2"));
    }
  },
);

/** The path without links; `missing`: how many components need not exist (0, 1 the last, Infinity). */
export async function canonical(c: Command, path: string, missing: number): Promise<string | number> {
  const start = path.startsWith("/") ? "/" : await c.sys.getcwd();
  const parts = (start === "/" ? [] : start.split("/"))
    .concat(path.split("/"))
    .filter((p) => p !== "" && p !== ".");
  const done: string[] = [];
  for (let hops = 0; parts.length > 0;) {
    const part = parts.shift()!;
    if (part === "..") {
      done.pop();
      continue;
    }
    const at = `/${[...done, part].join("/")}`;
    const st = await attempt(c.sys.lstat(at));
    if (!st.ok) {
      if (missing === Infinity || (missing === 1 && parts.length === 0)) {
        done.push(part);
        continue;
      }
      return st.code;
    }
    if ((st.value.mode & 0o170000) === 0o120000) {
      if (++hops > 40) return 40;
      const target = await c.sys.readlink(at);
      if (target.startsWith("/")) done.length = 0;
      parts.unshift(...target.split("/").filter((p) => p !== "" && p !== "."));
      continue;
    }
    if (parts.length > 0 && (st.value.mode & 0o170000) !== 0o040000) return 20;
    done.push(part);
  }
  return `/${done.join("/")}`;
}

const readlink = utility(
  "readlink",
  {
    help: "Usage: readlink [OPTION]... FILE...\nPrint value of a symbolic link or canonical file name.\n\n  -f, --canonicalize           all but the last component must exist\n  -e, --canonicalize-existing  all components must exist\n  -m, --canonicalize-missing   components need not exist\n  -n, --no-newline             do not output the trailing delimiter",
    options:
      "f,canonicalize e,canonicalize-existing m,canonicalize-missing n,no-newline q,quiet s,silent v,verbose z,zero",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    for (const path of c.operands) {
      const full = c.has("f") || c.has("e") || c.has("m");
      const r = full
        ? await canonical(c, path, c.has("m") ? Infinity : c.has("e") ? 0 : 1)
        : await attempt(c.sys.readlink(path)).then((x) => (x.ok ? x.value : x.code));
      if (typeof r === "number") {
        if (c.has("v")) await c.warn(`${path}: ${strerror(r)}`);
        c.status = 1;
      } else await c.out(r + (c.has("n") ? "" : "\n"));
    }
  },
);

const realpath = utility(
  "realpath",
  {
    help: "Usage: realpath [OPTION]... FILE...\nPrint the resolved absolute file name.\n\n  -e, --canonicalize-existing  all components of the path must exist\n  -m, --canonicalize-missing   no path components need exist\n  -s, --strip                  don't expand symlinks\n      --relative-to=DIR        print the resolved path relative to DIR",
    options:
      "e,canonicalize-existing m,canonicalize-missing q,quiet s,strip ,no-symlinks ,relative-to: z,zero L P",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    const base = c.value("relative-to");
    for (const path of c.operands) {
      const r = await canonical(c, path, c.has("m") ? Infinity : c.has("e") ? 0 : 1);
      if (typeof r === "number") {
        if (!c.has("q")) await c.warn(`${path}: ${strerror(r)}`);
        c.status = 1;
        continue;
      }
      const from = base === undefined ? null : await canonical(c, base, Infinity);
      await c.out(`${typeof from === "string" ? relative(from, r) : r}\n`);
    }
  },
);

function relative(from: string, to: string): string {
  const [a, b] = [from.split("/").filter(Boolean), to.split("/").filter(Boolean)];
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return [...a.slice(i).map(() => ".."), ...b.slice(i)].join("/") || ".";
}

const mktemp = utility(
  "mktemp",
  {
    help: "Usage: mktemp [OPTION]... [TEMPLATE]\nCreate a temporary file or directory, safely, and print its name.\n\n  -d, --directory     create a directory, not a file\n  -u, --dry-run       do not create anything\n  -q, --quiet         suppress diagnostics\n      --suffix=SUFF   append SUFF to TEMPLATE\n  -p DIR, --tmpdir[=DIR]  interpret TEMPLATE relative to DIR\n  -t                  interpret TEMPLATE as a single file name component",
    options: "d,directory u,dry-run q,quiet ,suffix: p:,tmpdir? t",
  },
  async (c) => {
    const template = (c.operands[0] ?? "tmp.XXXXXXXXXX") + (c.value("suffix") ?? "");
    const m = /X{3,}(?=[^X]*$)/.exec(template);
    if (!m) await c.die(`too few X's in template ‘${template}’`);
    const inTmp = c.operands.length === 0 || c.has("t") || c.has("p");
    const dir = inTmp ? `${c.value("p") || c.env.get("TMPDIR") || "/tmp"}/` : "";
    // The name comes from the pid and the clock: nothing in the machine is random.
    let seed = (c.sys.pid * 2654435761 + (await c.sys.clockGettime(1))) % 4294967296;
    const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (let tries = 0; tries < 100; tries++) {
      const name = m![0].replace(/X/g, () => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return letters[Math.floor(seed / 65536) % letters.length]!;
      });
      const path = dir + template.slice(0, m!.index) + name + template.slice(m!.index + m![0].length);
      const r = c.has("u")
        ? await attempt(c.sys.lstat(path)).then((x) =>
            x.ok ? { ok: false as const, code: 17 } : { ok: true as const, value: -1 },
          )
        : await attempt<number | void>(
            c.has("d") ? c.sys.mkdir(path, 0o700) : c.sys.open(path, 0o302, 0o600),
          );
      if (r.ok) return c.out(`${path}\n`);
      if (r.code !== 17)
        await c.die(
          `failed to create ${c.has("d") ? "directory" : "file"} via template ‘${dir}${template}’: ${strerror(r.code)}`,
        );
    }
  },
);

export const inspect: Record<string, Program> = { stat, readlink, realpath, mktemp };
