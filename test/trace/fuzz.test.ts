/**
 * Random text into every writable file of tracefs and sysfs: each write is
 * taken or answered with an errno that a user may see, nothing traps, and the
 * machine works afterwards.
 */

import { expect, test } from "vitest";
import { Errno, Mode, Open } from "../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../../src/user/sys.ts";
import { inMachine, type Guest } from "../tools/live.ts";
import { readAll, Tracefs, TRACING } from "./tracefs.ts";

const WRITES = 600;
const ALLOWED = new Set<number>([
  ...[Errno.EINVAL, Errno.EBUSY, Errno.ENOENT, Errno.ENOMEM, Errno.EEXIST, Errno.E2BIG, Errno.EILSEQ],
  ...[Errno.EACCES, Errno.EPERM, Errno.ENODEV, Errno.EOPNOTSUPP, Errno.ERANGE, Errno.EIO, Errno.EBADF],
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
  ..."kprobes:a kprobes: !kprobes:a a counter local vfs_read:enable_event:kprobes:a *:dump !*:dump:0".split(
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
  const commands = (await t.lines("set_ftrace_filter"))
    .filter((line) => line.includes(":"))
    .map((line) => line.replace(/ \[\w+\]|:unlimited$/g, "").replace(/:count=\d+$/, ":0"));
  for (const command of new Set(commands)) {
    expect([command, await t.append("set_ftrace_filter", `!${command}`)]).toEqual([command, 0]);
  }
  await t.echo("set_graph_function", "");
  await t.echo("set_graph_notrace", "");
  await t.echo("max_graph_depth", "0");
  await t.echo("tracing_on", "1");
}

/** Everyday work; its output does not depend on when it runs. */
const SMOKE = `
cd /tmp && rm -rf smoke && mkdir smoke && cd smoke
for i in 3 1 2; do echo "line $i"; done | sort > sorted
cat sorted | while read -r word n; do echo "$n: $word"; done
(sleep 0.2; echo late) & wait; echo early
x=$(wc -l < sorted); echo "$((x * 14)) \${x}"
cat <<END | tr a-z A-Z
here $x
END
ls; test -d /proc/self && echo proc; false || echo "status $?"
grep -c MemTotal /proc/meminfo
cat /proc/cmdline; uname -r; kill -0 1 && echo alive
{ sh -c 'kill -TERM $$'; } 2> /dev/null; echo "killed: $?"
insmod /usr/lib/selftests/livepatch/test_modules/test_klp_atomic_replace.ko replace=1
sleep 3; cat /sys/kernel/livepatch/test_klp_atomic_replace/enabled
head -1 /proc/meminfo
echo 0 > /sys/kernel/livepatch/test_klp_atomic_replace/enabled; sleep 3
rmmod test_klp_atomic_replace; grep -c MemTotal /proc/meminfo
`;

const MODULES = "/usr/lib/selftests/livepatch/test_modules";
/** Loaded while it rains: their files in /sys are written to as well. */
const LOADED = ["test_klp_callbacks_mod", "test_klp_mod_target", "test_klp_mod_patch", "test_klp_livepatch"];

async function rain(t: Tracefs, sys: SysCalls, pick: (below: number) => number): Promise<void> {
  const files = await writable(sys, "/sys");
  expect(files).toContain(`${TRACING}/set_ftrace_filter`);
  expect(files).toContain("/sys/kernel/livepatch/test_klp_livepatch/enabled");
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
}

/** The livepatches go, then the modules. */
async function unload(guest: Guest): Promise<void> {
  for (const name of ["test_klp_mod_patch", "test_klp_livepatch"]) {
    await poke(guest.sys, `/sys/kernel/livepatch/${name}/enabled`, "0", 0);
  }
  await guest.sys.nanosleep(5_000_000_000);
  for (const name of [...LOADED].reverse()) {
    expect([name, await guest.run(`rmmod ${name}`)]).toEqual([name, { status: 0, text: "" }]);
  }
}

test.each([1, 2, 3])(
  "seed %i",
  async (seed) => {
    await inMachine(
      async (guest) => {
        const { sys } = guest;
        const t = new Tracefs(sys);
        const dry = await guest.run("sh /root/smoke.sh");
        expect(dry.text).toContain("killed: 143");
        for (const name of LOADED) {
          expect(await guest.run(`insmod ${MODULES}/${name}.ko`)).toEqual({ status: 0, text: "" });
        }
        await sys.nanosleep(3_000_000_000);
        await t.echo("buffer_size_kb", "64");
        await rain(t, sys, generator(seed * 2654435761));
        await calmDown(t);
        await unload(guest);
        expect(await t.read("enabled_functions")).toBe("");
        expect(await dmesg(sys)).not.toMatch(/BUG|Oops|WARNING|cut here/);
        await t.echo("set_ftrace_filter", "__x64_sys_getpid");
        await t.echo("current_tracer", "function");
        await sys.getpid();
        await t.append("trace_options", "context-info");
        expect(await t.read("trace")).toContain("__x64_sys_getpid");
        expect(await guest.run("sh /root/smoke.sh")).toEqual(dry);
      },
      { "root/smoke.sh": SMOKE },
    );
  },
  120_000,
);
