import { expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import { readAll, withTracefs, type Tracefs } from "./tracefs.ts";

const LIST = "/sys/kernel/debug/kprobes/list";

const rows = async (t: Tracefs) =>
  (await t.lines("trace"))
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.replace(/^ +init-\d+ +\[000\] \S{5} +\d+\.\d{6}: /, ""));

test("events on entry and return: files, rows, profile, list", async () => {
  await withTracefs(async (t, sys) => {
    expect(await t.echo("kprobe_events", "p:myp cmdline_proc_show")).toBe(0);
    expect(await t.append("kprobe_events", "r:myr cmdline_proc_show arg1=$retval")).toBe(0);
    expect(await t.read("kprobe_events")).toBe(
      "p:kprobes/myp cmdline_proc_show\nr10:kprobes/myr cmdline_proc_show arg1=$retval\n",
    );
    expect(await readAll(sys, LIST)).toMatch(
      /^ffffffff81[0-9a-f]{6} {2}r {2}cmdline_proc_show\+0x0 {4}\[DISABLED\]\[FTRACE\]\nffffffff81[0-9a-f]{6} {2}k {2}cmdline_proc_show\+0x0 {4}\[DISABLED\]\[FTRACE\]\n$/,
    );
    expect(await t.read("events/kprobes/myp/enable")).toBe("0\n");
    await t.echo("events/kprobes/myp/enable", "1");
    expect(await t.read("events/kprobes/enable")).toBe("X\n");
    await t.echo("events/kprobes/enable", "1");
    expect(await t.read("events/enable")).toBe("1\n");
    expect(await t.read("enabled_functions")).toMatch(
      /^cmdline_proc_show \(1\) R {9}\ttramp: 0x[0-9a-f]+ \(kprobe_ftrace_handler\+0x0\/0x[0-9a-f]+\) ->kprobe_ftrace_handler\+0x0\/0x[0-9a-f]+\n$/,
    );
    await readAll(sys, "/proc/cmdline");
    const size = "0x[0-9a-f]+";
    const [entry, ret, ...more] = await rows(t);
    expect(entry).toMatch(new RegExp(`^myp: \\(cmdline_proc_show\\+0x0/${size}\\)$`));
    expect(ret).toMatch(new RegExp(`^myr: \\(show_record\\+0x0/${size} <- cmdline_proc_show\\) arg1=0x0$`));
    expect(more).toEqual([]);
    expect(await t.read("kprobe_profile")).toBe(
      `  ${"myp".padEnd(44)} ${"1".padStart(15)} ${"0".padStart(15)}\n` +
        `  ${"myr".padEnd(44)} ${"1".padStart(15)} ${"0".padStart(15)}\n`,
    );
    expect(await t.echo("kprobe_events", "")).toBe(Errno.EBUSY);
    await t.echo("events/enable", "0");
    expect(await t.append("kprobe_events", "-:kprobes/myp")).toBe(0);
    expect(await t.append("kprobe_events", "-:nobody")).toBe(Errno.ENOENT);
    expect(await t.echo("kprobe_events", "")).toBe(0);
    expect(await t.read("kprobe_events")).toBe("");
    expect(await readAll(sys, LIST)).toBe("");
    expect(await t.read("enabled_functions")).toBe("");
  });
});

test("arguments: $argN, registers, memory, strings, $comm, types", async () => {
  await withTracefs(async (t, sys) => {
    const fields = "call=+0(%di):s64 fd=+8($arg1):u16 c=$comm low=\\255:s8 bad=+0(\\1):string";
    expect(await t.echo("kprobe_events", `p:probes/get __x64_sys_getppid ${fields}`)).toBe(0);
    expect(
      await t.append("kprobe_events", "p:acc __x64_sys_access path=+0(+8($arg1)):string mode=+16($arg1):x8"),
    ).toBe(0);
    expect(
      await t.append("kprobe_events", "r:probes/pid __x64_sys_getpid%return pid=$retval:u32 c=%ax:char"),
    ).toBe(0);
    await t.echo("events/enable", "1");
    await sys.getppid();
    await sys.access("/proc/cmdline", 4);
    await sys.getpid();
    await t.echo("tracing_on", "0");
    const [get, acc, pid] = (await rows(t)).map((row) => row.replace(/\(.*?\)/, "()"));
    expect(get).toMatch(/^get: \(\) call=110 fd=\d+ c="init" low=-1 bad="\(fault\)"$/);
    expect(acc).toBe('acc: () path="/proc/cmdline" mode=0x4');
    expect(pid).toBe("pid: () pid=1 c='\u0001'");
  });
});

test("two probes of one event are switched and removed together, or by function", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo("kprobe_events", "p:own/two __x64_sys_getpid n=$arg1:u8");
    expect(await t.append("kprobe_events", "p:own/two __x64_sys_getppid n=$arg1:u8")).toBe(0);
    expect(await t.lines("available_events")).toEqual(["own:two"]);
    expect(await t.echo("set_event", "own:two")).toBe(0);
    expect(await t.read("set_event")).toBe("own:two\n");
    await sys.getpid();
    await sys.getppid();
    expect((await rows(t)).map((row) => row.replace(/\+.*/, ""))).toEqual([
      "two: (__x64_sys_getpid",
      "two: (__x64_sys_getppid",
    ]);
    expect(await t.append("kprobe_events", "-:own/two")).toBe(Errno.EBUSY);
    expect(await t.echo("set_event", "")).toBe(0);
    expect(await t.append("kprobe_events", "-:own/two __x64_sys_getpid")).toBe(0);
    expect(await t.append("kprobe_events", "-:own/two __x64_sys_getpid")).toBe(Errno.ENOENT);
    await t.echo("events/own/two/enable", "1");
    await sys.getpid();
    await sys.getppid();
    expect(await rows(t)).toHaveLength(1);
    await t.echo("events/own/enable", "0");
    expect(await t.echo("kprobe_events", "")).toBe(0);
    expect(await t.read("enabled_functions")).toBe("");
  });
});

test("a return probe follows a call that sleeps; too many at once are missed", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo("kprobe_events", "r2:slept hrtimer_nanosleep");
    await t.echo("events/kprobes/slept/enable", "1");
    for (let i = 0; i < 3; i++) {
      await sys.fork(async (child) => {
        await child.nanosleep(1_000_000);
        return 0;
      });
    }
    for (let i = 0; i < 3; i++) await sys.wait4(-1, 0);
    expect((await t.read("kprobe_profile")).trim().split(/ +/)).toEqual(["slept", "2", "1"]);
  });
});

test("kprobes/enabled disarms and arms all probes", async () => {
  await withTracefs(async (t, sys) => {
    const enabled = "/sys/kernel/debug/kprobes/enabled";
    await t.echo("kprobe_events", "p:one __x64_sys_getppid");
    await t.echo("events/kprobes/one/enable", "1");
    const hits = async () => {
      await sys.getppid();
      return Number((await t.read("kprobe_profile")).trim().split(/ +/)[1]);
    };
    const set = async (value: string) => {
      const fd = await sys.open(enabled, 1);
      await sys.write(fd, new TextEncoder().encode(value));
      await sys.close(fd);
    };
    expect(await hits()).toBe(1);
    await set("0");
    expect(await readAll(sys, enabled)).toBe("0\n");
    expect(await hits()).toBe(1);
    expect(await t.read("enabled_functions")).toBe("");
    await set("y\n");
    expect(await hits()).toBe(2);
  });
});
