// removal.test.ts - sysfs and procfs files whose owner goes away, as modules do.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { Errno, Mode, Open } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { asInit } from "../../boot.ts";
import { buildVariant, edit, kernelSources, type KernelVariant } from "../../kernelVariant.ts";
import { exists, failure, list, slurp, spew } from "./calls.ts";

const FSTEST = 401;
const DIR = "/sys/kernel/fstest";

let kernel: KernelVariant;

beforeAll(async () => {
  const files = kernelSources();
  files.set("kernel/fstest.ts", readFileSync(new URL("samples/fstest.ts", import.meta.url), "utf8"));
  const called = edit(files, "init/main.ts", "  sys_init();", "  sys_init();\n  fstest_init();");
  const from = "import { sys_init }";
  kernel = await buildVariant(
    edit(called, "init/main.ts", from, `import { fstest_init } from "../kernel/fstest";\n${from}`),
  );
}, 180_000);

/** What samples/fstest.ts does. */
const Do = { addKobject: 0, putKobject: 1, released: 2, addEntry: 3, removeEntry: 4, addAgain: 5 };

function run<T>(body: (sys: SysCalls, act: (what: number) => Promise<number>) => Promise<T>): Promise<T> {
  return asInit((sys) => body(sys, (what) => sys.raw(FSTEST, what)), { vmlinux: kernel.vmlinux });
}

test("one write is one store; > truncates without storing", () =>
  run(async (sys, act) => {
    await act(Do.addKobject);
    expect(await slurp(sys, `${DIR}/value`)).toBe("0 0\n");
    await spew(sys, `${DIR}/value`, "hello\n");
    expect(await slurp(sys, `${DIR}/value`)).toBe("1 6\n");
    await sys.close(await sys.open(`${DIR}/value`, Open.WRONLY | Open.TRUNC));
    expect(await slurp(sys, `${DIR}/value`)).toBe("1 6\n");
    expect(await failure(spew(sys, `${DIR}/value`, "x"))).toBe(Errno.EINVAL);
    await spew(sys, `${DIR}/value`, "y".repeat(5000));
    expect(await slurp(sys, `${DIR}/value`)).toBe("2 4096\n");
  }));

test("the mode binds root too, and a value is a page at most", () =>
  run(async (sys, act) => {
    await act(Do.addKobject);
    expect((await sys.stat(`${DIR}/value`)).mode).toBe(Mode.IFREG | 0o644);
    expect((await sys.stat(`${DIR}/value`)).size).toBe(4096);
    expect(await failure(sys.open(`${DIR}/slow`, Open.WRONLY))).toBe(Errno.EACCES);
    expect(await failure(sys.open(`${DIR}/secret`, Open.RDONLY))).toBe(Errno.EACCES);
    expect(await slurp(sys, `${DIR}/page`)).toBe("p".repeat(4096));
    expect(await failure(sys.unlink(`${DIR}/value`))).toBe(Errno.EPERM);
    expect(await failure(sys.mkdir(`${DIR}/d`, 0o755))).toBe(Errno.EPERM);
    expect(await failure(sys.open(`${DIR}/new`, Open.CREAT | Open.WRONLY))).toBe(Errno.EACCES);
    expect(await sys.readlink(`${DIR}/fstest`)).toBe("../../kernel");
    expect(await list(sys, `${DIR}/fstest`)).toContain("fstest");
  }));

test("a second one of the same name is refused and nothing is lost", () =>
  run(async (sys, act) => {
    await act(Do.addKobject);
    expect(await failure(act(Do.addKobject))).toBe(Errno.EEXIST);
    expect(await failure(act(Do.addAgain))).toBe(Errno.EEXIST);
    const log = new TextDecoder().decode(await sys.syslog(3, 65536));
    expect(log).toContain("sysfs: cannot create duplicate filename '/kernel/fstest'\n");
    expect(log).toContain("sysfs: cannot create duplicate filename '/kernel/fstest/value'\n");
    expect(await act(Do.released)).toBe(1);
    expect(await slurp(sys, `${DIR}/value`)).toBe("0 0\n");
  }));

test("removal waits for show, and open files then give ENODEV", () =>
  run(async (sys, act) => {
    await act(Do.addKobject);
    const fd = await sys.open(`${DIR}/value`, Open.RDWR);
    const reader = await sys.fork(async (own) => ((await slurp(own, `${DIR}/slow`)) === "slow\n" ? 0 : 1));
    await sys.nanosleep(1_000_000);
    const before = await sys.clockGettime(1);
    await act(Do.putKobject);
    expect((await sys.clockGettime(1)) - before).toBeGreaterThan(900_000_000);
    expect(await act(Do.released)).toBe(1);
    expect((await sys.wait4(reader, 0))!.status).toBe(0);
    expect(await failure(sys.read(fd, 10))).toBe(Errno.ENODEV);
    expect(await failure(sys.write(fd, new Uint8Array([49])))).toBe(Errno.ENODEV);
    expect(await exists(sys, DIR)).toBe(false);
    await sys.close(fd);
    await act(Do.addKobject);
    expect(await slurp(sys, `${DIR}/value`)).toBe("0 0\n");
  }));

test("an entry of /proc may go while it is read", () =>
  run(async (sys, act) => {
    await act(Do.addEntry);
    expect(await failure(act(Do.addEntry))).toBe(Errno.EEXIST);
    const reader = await sys.fork(async (own) => ((await slurp(own, "/proc/fstest")) === "slow\n" ? 0 : 1));
    const fd = await sys.open("/proc/fstest", Open.RDONLY);
    await sys.nanosleep(1_000_000);
    const stack = await slurp(sys, `/proc/${reader}/stack`);
    const names = [...stack.matchAll(/\[<0>\] (\w+)/g)].map((match) => match[1]);
    const way = ["slow_proc_show", "seq_read_iter", "proc_reg_read_iter", "vfs_read", "ksys_read"];
    expect(names.filter((name) => way.includes(name))).toEqual(way);
    const before = await sys.clockGettime(1);
    await act(Do.removeEntry);
    expect((await sys.clockGettime(1)) - before).toBeGreaterThan(900_000_000);
    expect(await failure(sys.read(fd, 10))).toBe(Errno.EIO);
    expect(await exists(sys, "/proc/fstest")).toBe(false);
    await sys.close(fd);
    await act(Do.addEntry);
    expect((await sys.wait4(reader, 0))!.status).not.toBe(undefined);
  }));
