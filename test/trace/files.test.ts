/** Files of tracefs that the livepatch contract has no word on, as Linux has them. */

import { expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import { TRACING, withTracefs, type Tracefs } from "./tracefs.ts";

const rows = async (t: Tracefs, file = "trace") =>
  (await t.lines(file)).filter((line) => !line.startsWith("#"));

test("sizes of the buffer: none until somebody traces; one CPU's are the whole's", async () => {
  await withTracefs(async (t) => {
    const sizes = ["buffer_size_kb", "buffer_total_size_kb", "per_cpu/cpu0/buffer_size_kb"];
    for (const name of sizes) expect(await t.read(name)).toBe("0 (expanded: 1024)\n");
    expect(await t.echo("per_cpu/cpu0/buffer_size_kb", "16")).toBe(0);
    await t.echo("current_tracer", "function");
    for (const name of sizes) expect(await t.read(name)).toBe("16\n");
    for (const wrong of ["0", "x", "-1", ""]) {
      expect([wrong, await t.echo("buffer_size_kb", wrong)]).toEqual([wrong, Errno.EINVAL]);
    }
    expect(await t.echo("buffer_size_kb", "99999999")).toBe(Errno.ENOMEM);
    expect(await t.echo("buffer_size_kb", "32")).toBe(0);
    for (const name of sizes) expect(await t.read(name)).toBe("32\n");
  });
});

test("per_cpu/cpu0: trace and trace_pipe are those of the whole", async () => {
  await withTracefs(async (t, sys) => {
    await t.echo("set_ftrace_filter", "__x64_sys_getpid");
    await t.echo("current_tracer", "function");
    await sys.getpid();
    expect(await t.read("per_cpu/cpu0/trace")).toBe(await t.read("trace"));
    const fd = await sys.open(`${TRACING}/per_cpu/cpu0/trace_pipe`, 0o4000);
    const text = new TextDecoder().decode(await sys.read(fd, 4096));
    expect(text).toContain(": __x64_sys_getpid <-x64_sys_call\n");
    await expect(sys.read(fd, 4096)).rejects.toMatchObject({ code: Errno.EAGAIN });
    expect(await rows(t)).toEqual([]);
    await sys.getpid();
    await sys.close(fd);
    await t.echo("per_cpu/cpu0/trace", "");
    expect(await rows(t)).toEqual([]);
  });
});

test("saved_cmdlines: names of tasks that were traced", async () => {
  await withTracefs(async (t, sys) => {
    expect(await t.read("saved_cmdlines_size")).toBe("128\n");
    await t.echo("set_ftrace_filter", "__x64_sys_getpid");
    await t.echo("current_tracer", "function");
    await sys.getpid();
    expect(await t.read("saved_cmdlines")).toBe("1 init\n");
    expect(await t.echo("saved_cmdlines_size", "2")).toBe(0);
    expect(await t.read("saved_cmdlines")).toBe("");
    expect((await rows(t))[0]).toMatch(/^ +<\.\.\.>-1 {7}\[000\]/);
    expect(await t.echo("saved_cmdlines_size", "0")).toBe(Errno.EINVAL);
  });
});

test("set_ftrace_notrace_pid: everybody but these", async () => {
  await withTracefs(async (t, sys) => {
    expect(await t.read("set_ftrace_notrace_pid")).toBe("no pid\n");
    await t.echo("set_ftrace_filter", "__x64_sys_getpid");
    await t.echo("current_tracer", "function");
    await t.echo("set_ftrace_notrace_pid", "1");
    await sys.getpid();
    expect(await rows(t)).toEqual([]);
    const pid = await sys.fork(async (child) => (await child.getpid()) & 0);
    await sys.wait4(pid, 0);
    expect(await rows(t)).toHaveLength(1);
  });
});

test("trace_clock and trace_marker", async () => {
  await withTracefs(async (t) => {
    expect(await t.read("trace_clock")).toBe("[local] global counter uptime mono mono_raw boot\n");
    expect(await t.echo("trace_clock", "counter")).toBe(0);
    expect(await t.read("trace_clock")).toBe("local global [counter] uptime mono mono_raw boot\n");
    expect(await t.echo("trace_clock", "sundial")).toBe(Errno.EINVAL);
    for (const mark of ["one", "two"]) expect(await t.append("trace_marker", mark)).toBe(0);
    expect(await rows(t)).toEqual(
      ["one", "two"].map((mark, i) =>
        expect.stringMatching(
          new RegExp(`^ +init-1 {7}\\[000\\] \\.{5} +${i + 1}: tracing_mark_write: ${mark}$`),
        ),
      ),
    );
    await t.echo("tracing_on", "0");
    expect(await t.append("trace_marker", "three")).toBe(Errno.EBADF);
  });
});

test("events: dynamic_events, id, format", async () => {
  await withTracefs(async (t) => {
    expect(await t.append("dynamic_events", "p:one vfs_read size=$arg3:u32 path=+0($arg2):string")).toBe(0);
    expect(await t.append("kprobe_events", "r:two vfs_read got=$retval:s64")).toBe(0);
    expect(await t.read("dynamic_events")).toBe(await t.read("kprobe_events"));
    const id = Number(await t.read("events/kprobes/one/id"));
    expect(Number(await t.read("events/kprobes/two/id"))).toBe(id + 1);
    const common = `format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;
`;
    expect(await t.read("events/kprobes/one/format")).toBe(`name: one
ID: ${id}
${common}
	field:unsigned long __probe_ip;	offset:8;	size:8;	signed:0;
	field:u32 size;	offset:16;	size:4;	signed:0;
	field:__data_loc char[] path;	offset:20;	size:4;	signed:1;

print fmt: "(%lx) size=%u path=\\"%s\\"", REC->__probe_ip, REC->size, __get_str(path)
`);
    expect(await t.read("events/kprobes/two/format")).toBe(`name: two
ID: ${id + 1}
${common}
	field:unsigned long __probe_func;	offset:8;	size:8;	signed:0;
	field:unsigned long __probe_ret_ip;	offset:16;	size:8;	signed:0;
	field:s64 got;	offset:24;	size:8;	signed:1;

print fmt: "(%lx <- %lx) got=%Ld", REC->__probe_func, REC->__probe_ret_ip, REC->got
`);
  });
});
