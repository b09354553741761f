// proc.test.ts - /proc: the texts the kernel prints about itself.
import { expect, test } from "vitest";
import { Errno, Open } from "../../../kernel-as/abi.ts";
import { asInit } from "../../boot.ts";
import { failure, list, slurp, spew } from "./calls.ts";

test("meminfo's numbers are those of the allocator", () =>
  asInit(async (sys) => {
    const text = await slurp(sys, "/proc/meminfo");
    const kb = (label: string) => Number(new RegExp(`^${label}: +(\\d+) kB$`, "m").exec(text)?.[1]);
    expect(kb("MemTotal")).toBeGreaterThan(60_000);
    expect(kb("MemFree")).toBeLessThan(kb("MemTotal"));
    expect(text).toMatch(/^VmallocChunk: {10}\d kB$/m);
    const fd = await sys.open("/tmp/big", Open.CREAT | Open.WRONLY);
    await sys.write(fd, new Uint8Array(65536));
    const after = await slurp(sys, "/proc/meminfo");
    const cached = (s: string) => Number(/Cached: +(\d+)/.exec(s)![1]);
    expect(cached(after) - cached(text)).toBe(64);
  }));

test("uptime, version, cmdline, loadavg, stat, filesystems, devices", () =>
  asInit(
    async (sys) => {
      await sys.nanosleep(12_340_000_000);
      expect(await slurp(sys, "/proc/uptime")).toMatch(/^12\.3\d 12\.3\d\n$/);
      expect(await slurp(sys, "/proc/version")).toMatch(/^Linux version 7\.3\.4-patchbay /);
      expect(await slurp(sys, "/proc/cmdline")).toBe("quiet x=1\n");
      expect(await slurp(sys, "/proc/loadavg")).toMatch(/^0\.0\d 0\.0\d 0\.0\d 1\/\d+ \d+\n$/);
      expect(await slurp(sys, "/proc/stat")).toMatch(/^cpu {2}0 0 \d+ 123\d 0/);
      expect(await slurp(sys, "/proc/filesystems")).toContain("nodev\ttmpfs\n");
      expect(await slurp(sys, "/proc/devices")).toContain("  1 mem\n");
      expect(await slurp(sys, "/proc/mounts")).toContain("proc /proc proc rw 0 0\n");
    },
    { cmdline: "quiet x=1" },
  ));

test("a long text is read in pieces without loss", () =>
  asInit(async (sys) => {
    const whole = await slurp(sys, "/proc/meminfo");
    const fd = await sys.open("/proc/meminfo", Open.RDONLY);
    let text = "";
    for (let part = await sys.read(fd, 7); part.length > 0; part = await sys.read(fd, 7)) {
      text += new TextDecoder().decode(part);
    }
    expect(text.split("\n").length).toBe(whole.split("\n").length);
    await sys.lseek(fd, 10, 0);
    expect(new TextDecoder().decode(await sys.read(fd, 6))).toBe(whole.slice(10, 16));
  }));

test("a directory per task, with its state", () =>
  asInit(async (sys) => {
    const pid = await sys.fork(async (child) => {
      await child.nanosleep(3_600_000_000_000);
      return 0;
    });
    await sys.nanosleep(1_000_000);
    const dir = `/proc/${pid}`;
    expect(await list(sys, "/proc")).toEqual(expect.arrayContaining(["1", "2", `${pid}`, "self"]));
    expect(await list(sys, dir)).toEqual(expect.arrayContaining(["fd", "stack", "task", "status"]));
    expect(await slurp(sys, `${dir}/status`)).toMatch(
      /Name:\tinit\n[^]*State:\tS \(sleeping\)[^]*PPid:\t1\n/,
    );
    expect(await slurp(sys, `${dir}/stat`)).toMatch(new RegExp(`^${pid} \\(init\\) S 1 `));
    expect((await slurp(sys, `${dir}/stat`)).trim().split(" ").length).toBe(52);
    expect(await slurp(sys, `${dir}/comm`)).toBe("init\n");
    expect(await slurp(sys, `${dir}/patch_state`)).toBe("-1\n");
    expect(await slurp(sys, `${dir}/wchan`)).toMatch(/nanosleep/);
    const stack = await slurp(sys, `${dir}/stack`);
    expect(stack).toMatch(/^\[<0>\] \w+\+0x[0-9a-f]+\/0x[0-9a-f]+\n/);
    expect(stack).toMatch(/\[<0>\] do_syscall_64\+.*\n\[<0>\] entry_SYSCALL_64_after_hwframe\+.*\n$/);
    expect(await list(sys, `${dir}/task`)).toEqual([".", "..", `${pid}`]);
    expect(await slurp(sys, `${dir}/task/${pid}/patch_state`)).toBe("-1\n");
    expect(await failure(sys.stat(`${dir}/task/${pid}/task`))).toBe(Errno.ENOENT);
    const fd = await sys.open(`${dir}/status`, Open.RDONLY);
    await sys.kill(pid, 9);
    await sys.wait4(pid, 0);
    expect(await failure(sys.read(fd, 100))).toBe(Errno.ESRCH);
    expect(await failure(sys.stat(dir))).toBe(Errno.ENOENT);
  }));

test("the stack of a reader shows the way through seq_file", () =>
  asInit(async (sys) => {
    const stack = await slurp(sys, "/proc/self/stack");
    const names = [...stack.matchAll(/\[<0>\] (\w+)/g)].map((match) => match[1]);
    const way = ["proc_pid_stack", "proc_single_show", "seq_read_iter", "vfs_read", "ksys_read"];
    expect(names.filter((name) => way.includes(name))).toEqual(way);
  }));

test("links of /proc/self/fd lead to the open files, named or not", () =>
  asInit(async (sys) => {
    await spew(sys, "/tmp/f", "text");
    const fd = await sys.open("/tmp/f", Open.RDWR);
    expect(await sys.readlink(`/proc/self/fd/${fd}`)).toBe("/tmp/f");
    expect(await slurp(sys, `/dev/fd/${fd}`)).toBe("text");
    await sys.unlink("/tmp/f");
    expect(await sys.readlink(`/proc/self/fd/${fd}`)).toBe("/tmp/f (deleted)");
    expect(await slurp(sys, `/proc/self/fd/${fd}`)).toBe("text");
    const [r, w] = await sys.pipe2(0);
    expect(await sys.readlink(`/proc/self/fd/${r}`)).toMatch(/^pipe:\[\d+\]$/);
    const again = await sys.open(`/dev/fd/${w}`, Open.WRONLY);
    await sys.close(w);
    await sys.write(again, new TextEncoder().encode("via"));
    await sys.close(again);
    expect(new TextDecoder().decode(await sys.read(r, 10))).toBe("via");
    expect((await sys.read(r, 10)).length).toBe(0);
    await sys.chdir("/tmp");
    expect(await sys.readlink("/proc/self/cwd")).toBe("/tmp");
    expect(await failure(sys.open("/dev/fd/77", Open.RDONLY))).toBe(Errno.ENOENT);
  }));

test("settings: one write sets one value, and the mode binds root too", () =>
  asInit(async (sys) => {
    expect(await slurp(sys, "/proc/sys/kernel/osrelease")).toBe("7.3.4-patchbay\n");
    await spew(sys, "/proc/sys/kernel/hostname", "boat\n");
    expect((await sys.uname()).nodename).toBe("boat");
    await spew(sys, "/proc/sys/kernel/kptr_restrict", "2\n");
    expect(await slurp(sys, "/proc/sys/kernel/kptr_restrict")).toBe("2\n");
    expect(await failure(spew(sys, "/proc/sys/kernel/kptr_restrict", "3\n"))).toBe(Errno.EINVAL);
    expect(await failure(spew(sys, "/proc/sys/kernel/osrelease", "8\n"))).toBe(Errno.EACCES);
    expect(await slurp(sys, "/proc/sys/kernel/tainted")).toBe("0\n");
    expect(await failure(spew(sys, "/proc/meminfo", "x"))).toBe(Errno.EIO);
  }));

test("looking at the tasks leaves no memory behind", () =>
  asInit(async (sys) => {
    const free = async () => Number(/MemFree: +(\d+)/.exec(await slurp(sys, "/proc/meminfo"))![1]);
    const look = async () => {
      for (const name of await list(sys, "/proc")) await failure(sys.stat(`/proc/${name}/fd/0`));
      await slurp(sys, "/proc/self/status");
    };
    await look();
    const before = await free();
    for (let i = 0; i < 50; i++) await look();
    expect(await free()).toBe(before);
  }));
