/**
 * Random text into every writable file of tracefs and sysfs: each write is
 * taken or answered with an errno that a user may see, nothing traps, and the
 * machine works afterwards.
 */

import { expect, test } from "vitest";
import { Errno, Mode, Open } from "../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../../src/user/sys.ts";
import type { Tracefs } from "./tracefs.ts";
import { readAll, TRACING, withTracefs } from "./tracefs.ts";

const WRITES = 600;
const ALLOWED = new Set<number>([
  ...[Errno.EINVAL, Errno.EBUSY, Errno.ENOENT, Errno.ENOMEM, Errno.EEXIST, Errno.E2BIG, Errno.EILSEQ],
  ...[Errno.EACCES, Errno.EPERM, Errno.ENODEV, Errno.EOPNOTSUPP, Errno.ERANGE, Errno.EIO],
]);

/** Marsaglia's xorshift: the same numbers every time. */
function generator(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

const WORDS = [
  ..."function function_graph nop vfs_read seq_* *read* * !vfs_* !* 1 0 7 -1 999999 0x10 4096 y n Y N".split(
    " ",
  ),
  ..."p:a vfs_read p:b/c vfs_write r3:d vfs_read r:e vfs_open -:a -:b/c p: r -: $arg1 $retval $comm".split(
    " ",
  ),
  ..."x=$arg1:u8 s=+0($arg1):string y=+4(+8(%di)):s32 z=@0xffff888000010000 \\1 +0(+0(+0(+0(+0(%si)))))".split(
    " ",
  ),
  ..."vfs_read:traceoff vfs_*:traceon:2 :mod:x a:mod: *:stacktrace:1 !vfs_read:traceoff nosym-offset".split(
    " ",
  ),
  ..."overwrite nooverwrite funcgraph-proc \u0000 é [a- [!a] a?c %s%n%x".split(" "),
];

function randomText(pick: (below: number) => number): string {
  const count = pick(5);
  let text = "";
  for (let i = 0; i < count; i++) {
    const word =
      pick(4) === 0
        ? String.fromCharCode(...Array.from({ length: pick(12) }, () => 1 + pick(126)))
        : WORDS[pick(WORDS.length)]!;
    text += (i === 0 ? "" : " ") + word;
  }
  if (pick(20) === 0) text = text.repeat(200);
  return pick(2) === 0 ? `${text}\n` : text;
}

async function writable(sys: SysCalls, dir: string): Promise<string[]> {
  const fd = await sys.open(dir, Open.RDONLY | Open.DIRECTORY);
  const found: string[] = [];
  for (;;) {
    const entries = await sys.getdents(fd);
    if (entries.length === 0) break;
    for (const { name } of entries) {
      if (name === "." || name === "..") continue;
      const path = `${dir}/${name}`;
      const { mode } = await sys.lstat(path);
      if ((mode & Mode.IFMT) === Mode.IFDIR) found.push(...(await writable(sys, path)));
      else if ((mode & Mode.IFMT) === Mode.IFREG && (mode & 0o222) !== 0) found.push(path);
    }
  }
  await sys.close(fd);
  return found.sort();
}

async function poke(sys: SysCalls, path: string, text: string, flags: number): Promise<number> {
  try {
    const fd = await sys.open(path, Open.WRONLY | flags);
    try {
      await sys.write(fd, new TextEncoder().encode(text));
      return 0;
    } finally {
      await sys.close(fd);
    }
  } catch (error) {
    if (error instanceof SysError) return error.code;
    throw error;
  }
}

const dmesg = async (sys: SysCalls) => new TextDecoder().decode(await sys.syslog(3, 1 << 20));

/** Everything back to how it was at boot. */
async function calmDown(t: Tracefs): Promise<void> {
  expect(await t.echo("current_tracer", "nop")).toBe(0);
  await t.echo("events/enable", "0");
  for (const name of ["kprobe_events", "set_ftrace_filter", "set_ftrace_notrace", "set_ftrace_pid"]) {
    expect([name, await t.echo(name, "")]).toEqual([name, 0]);
  }
  for (const line of await t.lines("set_ftrace_filter")) {
    if (line.includes(":"))
      expect(await t.append("set_ftrace_filter", `!${line.replace(/:[a-z]+$|:count=\d+$/, "")}`)).toBe(0);
  }
  await t.echo("set_graph_function", "");
  await t.echo("set_graph_notrace", "");
  await t.echo("max_graph_depth", "0");
  await t.echo("tracing_on", "1");
}

test.each([1, 2, 3])(
  "seed %i",
  async (seed) => {
    await withTracefs(async (t, sys) => {
      const pick = generator(seed * 2654435761);
      await t.echo("buffer_size_kb", "64");
      const files = await writable(sys, "/sys");
      expect(files).toContain(`${TRACING}/set_ftrace_filter`);
      const control = files.filter((f) => f.startsWith(TRACING) && !f.includes("/options/"));
      let taken = 0;
      for (let i = 0; i < WRITES; i++) {
        const from = i % 3 === 0 ? files : control;
        const path = from[pick(from.length)]!;
        const text = randomText(pick);
        const errno = await poke(sys, path, text, pick(2) === 0 ? Open.TRUNC : Open.APPEND);
        if (errno === 0) taken++;
        if (errno !== 0 && !ALLOWED.has(errno)) expect([path, text, errno]).toEqual([path, text, 0]);
        if (i % 50 === 0) {
          await readAll(sys, `${TRACING}/set_ftrace_filter`);
          await readAll(sys, "/proc/meminfo");
          await t.echo("tracing_on", "0");
          await t.read("trace");
          await t.echo("current_tracer", "nop");
          await t.echo("tracing_on", "1");
        }
      }
      expect(taken).toBeGreaterThan(WRITES / 10);
      await calmDown(t);
      expect(await t.read("enabled_functions")).toBe("");
      expect(await dmesg(sys)).not.toMatch(/BUG|Oops|WARNING|cut here/);
      await t.echo("set_ftrace_filter", "__x64_sys_getpid");
      await t.echo("current_tracer", "function");
      await sys.getpid();
      await t.append("trace_options", "context-info");
      expect(await t.read("trace")).toContain("__x64_sys_getpid");
    });
  },
  120_000,
);
