import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "./boots.ts";

const STORY = `cd /usr/src/linux; case $BOOT in
  1) make; sleep 1000 & sed -i 's/VmallocTotal/VmallocTOTAL/' fs/proc/meminfo.ts; make -j2 | grep -v 'LD .M'; make
     grep -i vmalloct /proc/meminfo; sleep 50; kexec -l /boot/vmlinux-new --reuse-cmdline && kexec -e; sleep 9;;
  2) uname -v | cut -d' ' -f1; cut -d. -f1 /proc/uptime; grep -i vmalloct /proc/meminfo; pidof sleep; make
     modprobe livepatch_sample; make modules_install > /dev/null; modprobe livepatch_sample && sleep 3; cat /proc/cmdline
     cd; kpatch-build -s /usr/src/linux meminfo-string.patch | tail -1; kpatch load livepatch-meminfo-string.ko; sleep 3
     grep -i chunk /proc/meminfo; reboot; sleep 9;;
  3) uname -v | cut -d' ' -f1; grep -i vmalloct /proc/meminfo; make install; reboot; sleep 9;;
  4) uname -v | cut -d' ' -f1; grep -i vmalloct /proc/meminfo; ls /boot;;
esac 2>&1`;

test("a kernel rebuilt in the machine: kexec, its modules and patches, install and reboot; and all of it again", async () => {
  const first = await run({ script: STORY });
  expect(first.text.replace(/ +\d+ kB/g, " kB").split("\n")).toEqual([
    "make: Nothing to be done for 'all'.",
    "  CC      fs/proc/meminfo.o",
    "  UPD     include/generated/utsversion.ts",
    "  LD      vmlinux",
    "  NM      System.map",
    "Kernel: /boot/vmlinux-new is ready  (#2)",
    "make: Nothing to be done for 'all'.",
    "VmallocTotal: kB",
    // The new kernel has lost the uptime and every task, and refuses the old one's modules.
    "#2",
    "0",
    "VmallocTOTAL: kB",
    "make: Nothing to be done for 'all'.",
    "modprobe: ERROR: could not insert 'livepatch_sample': Exec format error",
    "this has been live patched",
    "SUCCESS",
    "loading patch module: livepatch-meminfo-string.ko",
    "VMALLOCCHUNK: kB",
    // A reboot starts what is installed.
    "#1",
    "VmallocTotal: kB",
    "  INSTALL /boot",
    "#2",
    "VmallocTOTAL: kB",
    "System.map-7.3.4-patchbay",
    "config-7.3.4-patchbay",
    "vmlinux-7.3.4-patchbay",
    "vmlinux-7.3.4-patchbay.old",
    "vmlinux-new",
    "",
  ]);
  const kernels = first.records.map(({ kernel }) => kernel);
  expect(kernels).toEqual([kernels[0], kernels[1], kernels[0], kernels[1]]);
  expect(kernels[0]).not.toBe(kernels[1]);

  const doJob = () => Promise.reject(new Error("asked the host"));
  const again = await run({ script: STORY, replay: first.records, doJob });
  expect(again.text).toBe(first.text);
  expect(again.hashes).toEqual(first.hashes);
}, 120_000);

test("what live patching cannot change, a new kernel can: a struct that grows, its fields moved", async () => {
  const { text } = await run({
    script: `cd /usr/src/linux; case $BOOT in
      1) sed -i 's/^export class Work {/&\\n  patchbay_first: u64;\\n/' kernel/workqueue.ts; make | grep CC; kexec -f /boot/vmlinux-new; sleep 1;;
      2) uname -v | cut -d' ' -f1; modprobe livepatch_sample; make modules_install > /dev/null; modprobe livepatch_sample && sleep 5; cat /proc/cmdline;;
    esac 2> /dev/null`,
  });
  expect(text).toBe("  CC      kernel/workqueue.o\n#2\nthis has been live patched\n");
}, 120_000);

test("the author's guide: the same change with a reboot", async () => {
  const guide = readFileSync(new URL("../../docs/author-guide.md", import.meta.url), "utf8");
  const [, commands] = /## The same change with a reboot[^]*?```\n([^]*?)```/.exec(guide)!;
  const { text } = await run({
    script: `case $BOOT in
      1) cd; echo kept > note; sleep 1000 & echo lost > /tmp/note
      ${commands} sleep 1;;
      2) uname -v; cat ~/note; ls /tmp; pidof sleep; dmesg | grep -c 'Linux version'; cut -d. -f1 /proc/uptime; grep -i chunk /proc/meminfo;;
    esac`,
  });
  expect(text.replace(/^ {2}LD \[M\].*\n/gm, "")).toMatch(
    /^patching file fs\/proc\/meminfo\.ts\n {2}CC {6}fs\/proc\/meminfo\.o\n[^]*is ready {2}\(#2\)\n#2 SMP .*\nkept\n1\n0\nVMALLOCCHUNK: +\d+ kB\n$/,
  );
}, 120_000);

test("a mistake leaves the kernel that was built before, and says where it is", async () => {
  const { text } = await run({
    script: `cd /usr/src/linux; echo 'foo(;' >> fs/proc/meminfo.ts; make; echo $?; ls .version vmlinux System.map /boot/vmlinux-new
      git checkout . 2> /dev/null; sed -i '$d' fs/proc/meminfo.ts; echo '// mine' >> abi.ts; make; echo $?`,
  });
  expect(text).toMatch(/fs\/proc\/meminfo\.ts:\d+:5: error: Expression expected\.\n +\d+ \| foo\(;\n/);
  expect(text).toMatch(/make: \*\*\* \[Makefile:\d+: vmlinux\] Error 1\n/);
  expect(text).toContain("abi.ts:1:1: error: the host has its own copy of abi.ts and host.ts");
  expect(text.match(/^2$/gm)).toHaveLength(2);
  expect(text).toMatch(/^vmlinux$/m);
  expect(text).toContain("cannot access '/boot/vmlinux-new'");
}, 120_000);

test("make's targets before anything is built, and after make clean", async () => {
  const { text } = await run({
    script: `cd /usr/src/linux; make help | sed -n 1p; make frobnicate; echo $?; make modules kernelrelease; make install; ls /boot
      make -C /lib/modules/$(uname -r)/build M=/tmp help | sed -n 2p
      mkdir -p klp-tmp/orig; echo > klp-tmp/orig/a.ts; make; mv fs/proc/version.ts /tmp; make -n | grep -c 'asc -k'; mv /tmp/version.ts fs/proc
      make clean; ls vmlinux; make -n | grep -c 'echo .  CC'; sed -i 1d kernel/uts.ts; make V=1 -n | grep 'asc -k'
      cp samples/livepatch/livepatch-sample.ts ~/mine.ts; cd; echo 'obj-m := mine.o' > Kbuild
      make -s -C /usr/src/linux M=$PWD; insmod mine.ko && sleep 3; cat /proc/cmdline`,
  });
  expect(text.split("\n")).toEqual([
    "  all             - the kernel and its modules, when a source changed",
    "make: *** No rule to make target 'frobnicate'.  Stop.",
    "2",
    "make: Nothing to be done for 'modules'.",
    "7.3.4-patchbay",
    "  INSTALL /boot",
    "System.map-7.3.4-patchbay",
    "config-7.3.4-patchbay",
    "vmlinux-7.3.4-patchbay",
    "  Building external modules.",
    "make: Nothing to be done for 'all'.",
    "1",
    "  CLEAN   vmlinux modules.order System.map",
    "ls: cannot access 'vmlinux': No such file or directory",
    "1",
    "asc -k -t . -n 2 -o .tmp_vmlinux",
    "make[1]: Entering directory '/root'",
    "make[1]: Leaving directory '/root'",
    "this has been live patched",
    "",
  ]);
});
