// headTail.ts - head and tail.

import { attempt, strerror } from "../errno.ts";
import { parseDuration } from "./basic.ts";
import { type Command, parseSize, utility } from "./command.ts";

const endOfLine = (c: Command): number => (c.has("z") ? 0 : 10);

/** -5 is -n 5. */
function countArgument(args: string[]): string[] {
  return args.flatMap((a, i) =>
    /^-\d+[bkm]?$/.test(a) && !/^-[nc]$/.test(args[i - 1] ?? "") ? ["-n", a.slice(1)] : [a],
  );
}

async function heading(c: Command, path: string, first: boolean): Promise<void> {
  const many = c.operands.length > 1 || c.has("v");
  if (!many || c.has("q")) return;
  await c.out(`${first ? "" : "\n"}==> ${path === "-" ? "standard input" : path} <==\n`);
}

async function count(c: Command, option: string, fallback: string): Promise<string> {
  const text = c.value(option) ?? fallback;
  if (parseSize(text) === null)
    await c.die(`invalid number of ${option === "c" ? "bytes" : "lines"}: ‘${text}’`);
  return text;
}

const forReading = (path: string, why: string): string => `cannot open '${path}' for reading: ${why}`;

export const head = utility(
  "head",
  {
    help: `Usage: head [OPTION]... [FILE]...
Print the first 10 lines of each FILE to standard output.

  -c, --bytes=[-]NUM   print the first NUM bytes; with a leading '-', all but the last NUM
  -n, --lines=[-]NUM   print the first NUM lines instead of the first 10
  -q, --quiet          never print headers giving file names
  -v, --verbose        always print headers giving file names
  -z, --zero-terminated  line delimiter is NUL, not newline`,
    options: "c:,bytes n:,lines q,quiet ,silent v,verbose z,zero-terminated",
    cannotOpen: forReading,
    rewrite: countArgument,
  },
  async (c) => {
    const bytes = c.has("c");
    const text = await count(c, bytes ? "c" : "n", "10");
    const n = parseSize(text)!;
    let first = true;
    for (const path of c.inputs) {
      const fd = await c.open(path);
      if (fd === null) continue;
      await heading(c, path, first);
      first = false;
      const done = await attempt(
        n < 0 || text.startsWith("-") ? allBut(c, fd, -n, bytes) : firstPart(c, fd, n, bytes),
      );
      if (!done.ok) await c.warn(`error reading '${path}': ${strerror(done.code)}`);
      await c.close(fd);
    }
  },
);

async function firstPart(c: Command, fd: number, n: number, bytes: boolean): Promise<void> {
  const eol = endOfLine(c);
  for (let left = n; left > 0;) {
    const chunk = await c.sys.read(fd, bytes ? Math.min(left, 65536) : 65536);
    if (chunk.length === 0) return;
    if (bytes) {
      left -= chunk.length;
      await c.outBytes(chunk);
      continue;
    }
    let end = -1;
    while (left > 0) {
      const at = chunk.indexOf(eol, end + 1);
      if (at < 0) break;
      end = at;
      left--;
    }
    const part = left === 0 ? chunk.subarray(0, end + 1) : chunk;
    await c.outBytes(part.slice());
    // What was read too far is given back, as head does with files.
    if (left === 0 && end + 1 < chunk.length) await attempt(c.sys.lseek(fd, end + 1 - chunk.length, 1));
    await c.flush();
  }
}

async function allBut(c: Command, fd: number, n: number, bytes: boolean): Promise<void> {
  const data = await c.readAll(fd);
  if (bytes) return c.outBytes(data.subarray(0, Math.max(0, data.length - n)));
  return c.outBytes(data.subarray(0, lineStart(data, n, endOfLine(c))));
}

/** Where the last `n` lines begin. */
function lineStart(data: Uint8Array, n: number, eol: number): number {
  if (n === 0) return data.length;
  let at = data.length - (data.at(-1) === eol ? 1 : 0);
  for (let left = n; left > 0; left--) {
    at = data.lastIndexOf(eol, at - 1);
    if (at < 0) return 0;
    if (left === 1) return at + 1;
  }
  return at;
}

export const tail = utility(
  "tail",
  {
    help: `Usage: tail [OPTION]... [FILE]...
Print the last 10 lines of each FILE to standard output.

  -c, --bytes=[+]NUM       output the last NUM bytes; or -c +NUM to start with byte NUM
  -f, --follow             output appended data as the file grows
  -F                       same as --follow --retry
  -n, --lines=[+]NUM       output the last NUM lines, or -n +NUM to start with line NUM
      --pid=PID            with -f, terminate after process ID, PID dies
  -q, --quiet              never output headers giving file names
  -s, --sleep-interval=N   with -f, sleep for approximately N seconds (default 1.0)
  -v, --verbose            always output headers giving file names
  -z, --zero-terminated    line delimiter is NUL, not newline`,
    options:
      "c:,bytes f,follow? F n:,lines ,pid: q,quiet s:,sleep-interval v,verbose z,zero-terminated ,retry",
    cannotOpen: forReading,
    rewrite: (args) =>
      countArgument(args).flatMap((a, i, all) =>
        /^\+\d+$/.test(a) && !/^-[nc]$/.test(all[i - 1] ?? "") ? ["-n", a] : [a],
      ),
  },
  async (c) => {
    const bytes = c.has("c");
    const text = await count(c, bytes ? "c" : "n", "10");
    if (c.has("pid") && !c.has("f") && !c.has("F"))
      await c.warn("warning: PID ignored; --pid=PID is useful only when following", 0);
    const followed: { path: string; fd: number }[] = [];
    let first = true;
    for (const path of c.inputs) {
      const fd = await c.open(path);
      if (fd === null) continue;
      await heading(c, path, first);
      first = false;
      const done = await attempt(
        text.startsWith("+") ? fromPart(c, fd, text, bytes) : lastPart(c, fd, text, bytes),
      );
      if (!done.ok) await c.warn(`error reading '${path}': ${strerror(done.code)}`);
      if (c.has("f") || c.has("F")) followed.push({ path, fd });
      else await c.close(fd);
    }
    await c.flush();
    if (followed.length > 0) await follow(c, followed);
  },
);

async function lastPart(c: Command, fd: number, text: string, bytes: boolean): Promise<void> {
  const data = await c.readAll(fd);
  const n = Math.abs(parseSize(text)!);
  const from = bytes ? Math.max(0, data.length - n) : lineStart(data, n, endOfLine(c));
  await c.outBytes(data.subarray(from));
}

/** From a line or byte on, as it comes. */
async function fromPart(c: Command, fd: number, text: string, bytes: boolean): Promise<void> {
  let left = Math.max(0, parseSize(text)! - 1);
  for (;;) {
    const chunk = await c.sys.read(fd, 65536);
    if (chunk.length === 0) return;
    let from = bytes ? Math.min(left, chunk.length) : 0;
    if (bytes) left -= from;
    for (; !bytes && left > 0 && from < chunk.length; left--) {
      const end = chunk.indexOf(endOfLine(c), from);
      if (end < 0) {
        from = chunk.length;
        break;
      }
      from = end + 1;
    }
    await c.outBytes(chunk.slice(from));
    await c.flush();
  }
}

async function follow(c: Command, files: { path: string; fd: number }[]): Promise<void> {
  const interval = parseDuration(c.value("s") ?? "1") ?? 1e9;
  const pid = Number(c.value("pid") ?? 0);
  let shown = files.at(-1)!.path;
  for (;;) {
    for (const f of files) {
      const size = await attempt(c.sys.fstat(f.fd));
      const at = await attempt(c.sys.lseek(f.fd, 0, 1));
      if (size.ok && at.ok && size.value.size < at.value && (size.value.mode & 0o170000) === 0o100000) {
        await c.warn(`${f.path}: file truncated`, 0);
        await c.sys.lseek(f.fd, 0, 0);
      }
      const chunk = await attempt(c.sys.read(f.fd, 65536));
      if (!chunk.ok || chunk.value.length === 0) continue;
      if (shown !== f.path && files.length > 1) await c.out(`\n==> ${f.path} <==\n`);
      shown = f.path;
      await c.outBytes(chunk.value);
      await c.flush();
    }
    if (pid > 0 && !(await attempt(c.sys.kill(pid, 0))).ok) return;
    await c.sys.nanosleep(interval);
  }
}
