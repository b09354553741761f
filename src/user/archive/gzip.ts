// gzip.ts - gzip, gunzip, zcat.

import { type Command, utility, writeFully } from "../bin/command.ts";
import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { formatDate } from "../strftime.ts";
import type { Program, Stat } from "../sys.ts";
import { gunzip, gzip, GzipError, gzipHeader, isGzip } from "./gunzip.ts";

const HELP = `Usage: gzip [OPTION]... [FILE]...
Compress or uncompress FILEs (by default, compress FILES in-place).

  -c, --stdout      write on standard output, keep original files unchanged
  -d, --decompress  decompress
  -f, --force       force overwrite of output file and compress links
  -k, --keep        keep (don't delete) input files
  -l, --list        list compressed file contents
  -n, --no-name     do not save or restore the original name and timestamp
  -N, --name        save or restore the original name and timestamp
  -q, --quiet       suppress all warnings
  -r, --recursive   operate recursively on directories
  -S, --suffix=SUF  use suffix SUF on compressed files
  -t, --test        test compressed file integrity
  -v, --verbose     verbose mode
  -1, --fast        compress faster
  -9, --best        compress better`;

const OPTIONS =
  "c,stdout ,to-stdout d,decompress ,uncompress f,force k,keep l,list n,no-name N,name q,quiet r,recursive " +
  "S:,suffix t,test v,verbose 1,fast 2 3 4 5 6 7 8 9,best a,ascii ,rsyncable ,synchronous";

type Mode = "compress" | "decompress" | "test" | "list";

function modeOf(c: Command, expands: boolean): Mode {
  if (c.has("l")) return "list";
  if (c.has("t")) return "test";
  return c.has("d") || expands ? "decompress" : "compress";
}

/** A warning: status 2, unless an error made it 1 already. */
async function caution(c: Command, text: string): Promise<void> {
  if (!c.has("q")) await c.errText(`gzip: ${text}\n`);
  if (c.status === 0) c.status = 2;
}

async function fail(c: Command, text: string): Promise<void> {
  await c.errText(text);
  c.status = 1;
}

const level = (c: Command): number => {
  const chosen = c.sequence.map((o) => (o.name === "fast" ? "1" : o.name === "best" ? "9" : o.name));
  return Number(chosen.findLast((name) => /^\d$/.test(name)) ?? 6);
};

/** What the file holds; null after a complaint. */
async function expand(c: Command, name: string, data: Uint8Array): Promise<Uint8Array | null> {
  try {
    return gunzip(data);
  } catch (error) {
    if (!(error instanceof GzipError)) throw error;
    await fail(c, `\ngzip: ${name}: ${error.message}\n`);
    return null;
  }
}

function ratio(packed: number, whole: number): string {
  const saved = whole === 0 ? 0 : 1 - packed / whole;
  return `${(Math.max(-1, saved) * 100).toFixed(1).padStart(5)}%`;
}

async function list(c: Command, name: string, data: Uint8Array, st: Stat | null): Promise<void> {
  if (!isGzip(data)) return fail(c, `\ngzip: ${name}: not in gzip format\n`);
  const { crc, size, mtime } = gzipHeader(data);
  const time = mtime > 0 ? mtime : Math.floor((st?.mtimeNs ?? 0) / 1e9);
  const when = formatDate("%b %e %H:%M", time, 0);
  const details = c.has("v") ? `defla ${crc.toString(16).padStart(8, "0")} ${when} ` : "";
  const overhead = data.length - 18;
  const plain = name === "-" ? "stdout" : name.replace(/\.gz$/, "");
  await c.out(
    `${details}${String(data.length).padStart(19)} ${String(size).padStart(19)} ${ratio(overhead, size)} ${plain}\n`,
  );
}

/** Standard input to standard output. */
async function filter(c: Command, mode: Mode): Promise<void> {
  const data = await c.readAll(0);
  if (mode === "list") return list(c, "-", data, null);
  if (mode === "compress") return c.outBytes(gzip(data, level(c)));
  const contents = await expand(c, "stdin", data);
  if (contents && mode === "decompress") await c.outBytes(contents);
}

/** The name to read: `zcat x` also finds `x.gz`. */
async function find(c: Command, path: string, mode: Mode, suffix: string): Promise<[string, Stat] | null> {
  const follows = c.has("f") || c.has("c");
  const look = (p: string) => attempt(follows ? c.sys.stat(p) : c.sys.lstat(p));
  const st = await look(path);
  if (st.ok) return [path, st.value];
  if (mode !== "compress" && !path.endsWith(suffix)) {
    const longer = await look(path + suffix);
    if (longer.ok) return [path + suffix, longer.value];
    path += suffix;
  }
  await fail(c, `gzip: ${path}: ${strerror(st.code)}\n`);
  return null;
}

async function treat(c: Command, given: string, mode: Mode): Promise<void> {
  const suffix = c.value("S") ?? ".gz";
  const found = await find(c, given, mode, suffix);
  if (!found) return;
  const [path, st] = found;
  const kind = st.mode & 0o170000;
  if (kind === 0o040000) {
    if (!c.has("r")) return caution(c, `${path} is a directory -- ignored`);
    const names = (await entries(c.sys, path)).map((e) => `${path.replace(/\/+$/, "")}/${e.name}`);
    for (const name of names) await treat(c, name, mode);
    return;
  }
  if (kind !== 0o100000 && !c.has("c") && !c.has("f"))
    return caution(c, `${path} is not a directory or a regular file - ignored`);
  const data = await c.slurp(path);
  if (!data) return;
  if (mode === "list") return list(c, path, data, st);
  if (mode === "test") {
    if (await expand(c, path, data)) await verbose(c, `${path}:\t OK\n`);
    return;
  }
  await (mode === "compress" ? compress(c, path, st, data, suffix) : decompress(c, path, st, data, suffix));
}

const verbose = async (c: Command, text: string): Promise<void> => {
  if (c.has("v")) await c.errText(text);
};

async function compress(c: Command, path: string, st: Stat, data: Uint8Array, suffix: string): Promise<void> {
  const name = c.has("n") ? "" : path.slice(path.lastIndexOf("/") + 1);
  const packed = gzip(data, level(c), name, c.has("n") ? 0 : Math.floor(st.mtimeNs / 1e9));
  if (c.has("c")) return c.outBytes(packed);
  if (path.endsWith(suffix)) {
    await c.errText(`gzip: ${path} already has ${suffix} suffix -- unchanged\n`);
    return;
  }
  await replace(c, path, path + suffix, st, packed, ratio(packed.length - 18, data.length));
}

async function decompress(
  c: Command,
  path: string,
  st: Stat,
  data: Uint8Array,
  suffix: string,
): Promise<void> {
  const toOutput = c.has("c");
  const tar = /\.(tgz|taz)$/.test(path);
  if (!toOutput && !tar && (!path.endsWith(suffix) || path === suffix))
    return caution(c, `${path}: unknown suffix -- ignored`);
  // cat(1) for what is not compressed: zcat -f.
  if (toOutput && c.has("f") && !isGzip(data)) return c.outBytes(data);
  const contents = await expand(c, path, data);
  if (!contents) return;
  if (toOutput) return c.outBytes(contents);
  const plain = tar ? path.replace(/\.t[ga]z$/, ".tar") : path.slice(0, -suffix.length);
  await replace(c, path, plain, st, contents, ratio(data.length - 18, contents.length));
}

/** The new file takes the place of the old one, with its mode, owner and times. */
async function replace(
  c: Command,
  from: string,
  to: string,
  st: Stat,
  data: Uint8Array,
  saved: string,
): Promise<void> {
  if (!c.has("f") && (await attempt(c.sys.lstat(to))).ok)
    return caution(c, `${to} already exists;\tnot overwritten`);
  const fd = await attempt(c.sys.open(to, 0o1101, 0o600));
  if (!fd.ok) return fail(c, `gzip: ${to}: ${strerror(fd.code)}\n`);
  const done = await attempt(writeFully(c.sys, fd.value, data));
  await c.close(fd.value);
  if (!done.ok) {
    await attempt(c.sys.unlink(to));
    return fail(c, `\ngzip: ${to}: ${strerror(done.code)}\n`);
  }
  await attempt(c.sys.chown(to, st.uid, st.gid));
  await attempt(c.sys.chmod(to, st.mode & 0o7777));
  await attempt(c.sys.utimens(to, st.atimeNs, st.mtimeNs));
  if (!c.has("k")) await attempt(c.sys.unlink(from));
  await verbose(c, `${from}:\t${saved} -- ${c.has("k") ? "created" : "replaced with"} ${to}\n`);
}

function program(name: string, expands: boolean, forced: string[]): Program {
  const info = {
    help: HELP.replaceAll("gzip", name),
    options: OPTIONS,
    hint: "Try `gzip --help' for more information.",
    rewrite: (args: string[]) => [...forced, ...args],
  };
  return utility("gzip", info, async (c) => {
    const mode = modeOf(c, expands);
    if (mode === "list")
      await c.out(
        `${c.has("v") ? "method  crc     date  time  " : ""}         compressed        uncompressed  ratio uncompressed_name\n`,
      );
    for (const path of c.inputs) {
      if (path === "-") await filter(c, mode);
      else await treat(c, path, mode);
      await c.flush();
    }
  });
}

export const gzipPrograms: Record<string, Program> = {
  gzip: program("gzip", false, []),
  gunzip: program("gunzip", true, []),
  zcat: program("zcat", true, ["-c"]),
};
