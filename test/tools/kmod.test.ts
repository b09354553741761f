// kmod.test.ts - insmod, rmmod, lsmod, modinfo, modprobe and sysctl: exact lines and exit codes.
import { beforeEach, expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import { kpatchPrograms } from "../../src/user/kpatch/index.ts";
import { fakeKo } from "./fakeLivepatch.ts";
import { FakeMachine } from "./fakeSys.ts";

let machine: FakeMachine;
const run = (line: string) => {
  const argv = line.split(" ");
  return machine.run(kpatchPrograms[argv[0]], ...argv);
};
const failed = (err: string) => ({ status: 1, out: "", err: `${err}\n` });

function addModule(name: string, refcnt = 0, holders: string[] = []): void {
  machine.put(`/sys/module/${name}/initstate`, "live\n");
  machine.put(`/sys/module/${name}/refcnt`, `${refcnt}\n`);
  machine.mkdir(`/sys/module/${name}/holders`);
  for (const holder of holders) machine.mkdir(`/sys/module/${name}/holders/${holder}`);
}

beforeEach(() => {
  machine = new FakeMachine();
  machine.put("/root/m.ko", fakeKo({ name: "m" }));
});

test.each([
  [Errno.ENOEXEC, "Invalid module format"],
  [Errno.ENOENT, "Unknown symbol in module"],
  [Errno.ESRCH, "Module has wrong symbol version"],
  [Errno.EINVAL, "Invalid parameters"],
  [Errno.EEXIST, "File exists"],
  [Errno.EBUSY, "Device or resource busy"],
  [Errno.ENODEV, "No such device"],
  [Errno.EPERM, "Operation not permitted"],
  [Errno.ENOMEM, "Cannot allocate memory"],
])("insmod words errno %i", async (code, text) => {
  machine.insert = () => code;
  expect(await run("insmod m.ko")).toEqual(failed(`insmod: ERROR: could not insert module m.ko: ${text}`));
});

test("insmod passes parameters, and tells a missing file from a refused one", async () => {
  let params = "";
  machine.insert = (_, given) => void (params = given);
  expect(await run("insmod m.ko replace=1 name=x")).toEqual({ status: 0, out: "", err: "" });
  expect(params).toBe("replace=1 name=x");
  await machine.run(kpatchPrograms.insmod, "insmod", "m.ko", "name=two words");
  expect(params).toBe('name="two words"');
  expect(await run("insmod x.ko")).toEqual(
    failed("insmod: ERROR: could not load module x.ko: No such file or directory"),
  );
  expect(await run("insmod")).toEqual(failed("insmod: ERROR: missing filename."));
});

test("rmmod says why not", async () => {
  machine.mkdir("/sys/module/printk");
  addModule("held", 1, ["a", "b"]);
  addModule("used", 1);
  addModule("stubborn");
  machine.remove = () => Errno.EAGAIN;
  expect(await run("rmmod nope")).toEqual(failed("rmmod: ERROR: Module nope is not currently loaded"));
  expect(await run("rmmod printk")).toEqual(failed("rmmod: ERROR: Module printk is builtin."));
  expect(await run("rmmod held")).toEqual(failed("rmmod: ERROR: Module held is in use by: a b"));
  expect(await run("rmmod used")).toEqual(failed("rmmod: ERROR: Module used is in use"));
  expect(await run("rmmod stubborn")).toEqual(
    failed("rmmod: ERROR: could not remove module stubborn: Resource temporarily unavailable"),
  );
  expect(await run("rmmod")).toEqual(failed("rmmod: ERROR: missing module name."));
});

test("rmmod takes file names, several, and goes on after a failure", async () => {
  const removed: string[] = [];
  machine.remove = (name) => void removed.push(name);
  addModule("live_a");
  addModule("b");
  expect((await run("rmmod live-a.ko nope b")).status).toBe(1);
  expect(removed).toEqual(["live_a", "b"]);
});

test("lsmod", async () => {
  machine.put(
    "/proc/modules",
    "test_klp_livepatch 12288 1 - Live 0xffffffffa0000000 (OEK)\nlib_x 4096 2 a,b, Live 0xffffffffa0010000\n",
  );
  expect((await run("lsmod")).out).toBe(
    "Module                  Size  Used by\n" +
      "test_klp_livepatch     12288  1\n" +
      "lib_x                   4096  2 a,b\n",
  );
});

test("modinfo", async () => {
  machine.put(
    "/x/t.ko",
    fakeKo({ parm: "replace:replace (default=0)", parmtype: "replace:int", license: "GPL", depends: "" }),
  );
  expect((await run("modinfo /x/t.ko")).out).toBe(
    "filename:       /x/t.ko\nlicense:        GPL\ndepends:        \nparm:           replace:replace (default=0) (int)\n",
  );
  expect((await run("modinfo -F license /x/t.ko")).out).toBe("GPL\n");
  expect((await run("modinfo -n m.ko")).out).toBe("/root/m.ko\n");
  expect(await run("modinfo nope")).toEqual(failed("modinfo: ERROR: Module nope not found."));
  machine.put("/x/cut.ko", fakeKo({ license: "GPL" }).slice(0, 20));
  expect(await run("modinfo /x/cut.ko")).toEqual(
    failed("modinfo: ERROR: could not get modinfo from 'cut': Exec format error"),
  );
});

test("modprobe loads what a module depends on first", async () => {
  const root = "/lib/modules/7.3.4-patchbay/extra";
  machine.put(`${root}/a.ko`, fakeKo({ name: "a", depends: "b-c" }));
  machine.put(`${root}/b-c.ko`, fakeKo({ name: "b_c", depends: "" }));
  expect((await run("modprobe -v a x=1")).out).toBe(`insmod ${root}/b-c.ko \ninsmod ${root}/a.ko x=1\n`);
  expect(await run("modprobe nope")).toEqual(
    failed("modprobe: FATAL: Module nope not found in directory /lib/modules/7.3.4-patchbay"),
  );
  machine.insert = () => Errno.EEXIST;
  expect(await run("modprobe --first-time a")).toEqual(
    failed("modprobe: ERROR: could not insert 'a': Module already in kernel"),
  );
  addModule("a", 1);
  expect(await run("modprobe -r a")).toEqual(failed("modprobe: FATAL: Module a is in use."));
});

test("sysctl", async () => {
  const refuse = { show: () => "1\n", store: () => Errno.EOPNOTSUPP };
  machine.put("/proc/sys/kernel/ftrace_enabled", refuse);
  machine.put("/proc/sys/kernel/printk", { show: () => "7\t4\t1\t7\n", store: () => undefined });
  expect((await run("sysctl kernel.ftrace_enabled")).out).toBe("kernel.ftrace_enabled = 1\n");
  expect((await run("sysctl -n kernel/printk")).out).toBe("7\t4\t1\t7\n");
  expect((await run("sysctl -w kernel.printk=8")).out).toBe("kernel.printk = 8\n");
  expect((await run("sysctl -a")).out).toBe("kernel.ftrace_enabled = 1\nkernel.printk = 7\t4\t1\t7\n");
  expect(await run("sysctl kernel.ftrace_enabled=0")).toEqual(
    failed('sysctl: setting key "kernel.ftrace_enabled": Operation not supported'),
  );
  expect(await run("sysctl no.such")).toEqual(
    failed("sysctl: cannot stat /proc/sys/no/such: No such file or directory"),
  );
});
