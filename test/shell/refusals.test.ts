/**
 * What the kernel refuses, in the words of the shell and the utilities: the
 * cases that need this kernel. Those that any Linux has are in snippets/errors.sh.
 */

import { expect, test } from "vitest";
import { play } from "../play.ts";

/** All that the commands print, line by line. */
const run = async (command: string): Promise<string[]> =>
  (await play({ argv: ["bash", "-c", `exec 2>&1; ${command}`] })).text.replace(/\n$/, "").split("\n");

const KLP = "/sys/kernel/livepatch";

test("attributes: busy, wrong, read-only", async () => {
  const lines = await run(`
    insmod /lib/modules/*/kernel/fee_target.ko; insmod /usr/lib/selftests/livepatch/test_modules/test_klp_livepatch.ko
    sysctl kernel.ftrace_enabled=0; echo $?
    cd ${KLP}/test_klp_livepatch
    echo 1 > enabled; echo $?; echo x > enabled; echo $?; echo 1 > transition; echo $?; echo 1 > vmlinux/patched; echo $?
    cat force; echo $?; echo 2 > force; echo $?; echo 1 > force; echo $?; echo x > nope; echo $?; echo x > .; echo $?
    rmmod test_klp_livepatch; echo $?; rm enabled; echo $?; mkdir x; echo $?
    cd /sys/kernel/tracing; echo nosuch > current_tracer; echo $?; echo nosuch > set_ftrace_filter; echo $?
    echo 'p:x nosuch' > kprobe_events; echo $?; echo x > /sys/kernel/debug/dynamic_debug/control; echo $?
    echo 0 > ${KLP}/test_klp_livepatch/enabled; echo $?; echo "still $?"`);
  expect(lines).toEqual([
    'sysctl: setting key "kernel.ftrace_enabled": Operation not supported',
    "1",
    ...["bash: line 5: echo: write error: Invalid argument", "1"],
    ...["bash: line 5: echo: write error: Invalid argument", "1"],
    ...["bash: line 5: transition: Permission denied", "1"],
    ...["bash: line 5: vmlinux/patched: Permission denied", "1"],
    ...["cat: force: Permission denied", "1"],
    ...["bash: line 6: echo: write error: Invalid argument", "1"],
    ...["bash: line 6: echo: write error: Invalid argument", "1"],
    ...["bash: line 6: nope: Permission denied", "1"],
    ...["bash: line 6: .: Is a directory", "1"],
    ...["rmmod: ERROR: Module test_klp_livepatch is in use", "1"],
    ...["rm: cannot remove 'enabled': Operation not permitted", "1"],
    ...["mkdir: cannot create directory ‘x’: Operation not permitted", "1"],
    ...["bash: line 8: echo: write error: Invalid argument", "1"],
    ...["bash: line 8: echo: write error: Invalid argument", "1"],
    ...["bash: line 9: echo: write error: Invalid argument", "1"],
    ...["bash: line 9: echo: write error: Invalid argument", "1"],
    ...["0", "still 0"],
  ]);
});

test("a patch below another, and one in transition, are busy", async () => {
  const lines = await run(`
    cd /usr/lib/selftests/livepatch/test_modules
    insmod test_klp_callbacks_busy.ko block_transition=Y; insmod test_klp_callbacks_demo.ko; sleep 1
    cat ${KLP}/test_klp_callbacks_demo/transition
    insmod test_klp_livepatch.ko; echo $?
    rmmod test_klp_callbacks_busy; echo $?`);
  expect(lines).toEqual([
    "1",
    ...["insmod: ERROR: could not insert module test_klp_livepatch.ko: Device or resource busy", "1"],
    "0",
  ]);
});

test("a tmpfs that is full", async () => {
  const lines = await run(`
    mkdir /mnt/t; mount -t tmpfs -o size=64k tmpfs /mnt/t; cd /mnt/t
    head -c 100000 /dev/zero > big; echo $?; stat -c %s big; echo x > more; echo $?; cp big two; echo $?
    df . | tail -n 1; rm big two; echo x > more; echo $?; cat more; cd /; umount /mnt/t; echo $?`);
  expect(lines).toEqual([
    ...["head: write error: No space left on device", "1", "65536"],
    ...["bash: line 3: echo: write error: No space left on device", "1"],
    ...["cp: error copying 'big' to 'two': No space left on device", "1"],
    expect.stringMatching(/^tmpfs +\d+ +64 +\d+ +\d+% \/mnt\/t$/),
    ...["0", "x", "0"],
  ]);
});

test("who is not root", async () => {
  const lines = await run(`
    umask; touch /tmp/roots; su nobody -c '
      id; umask; cd /root; ls /root; echo x > /etc/passwd; echo x > /tmp/roots; rm /tmp/roots; cat /proc/1/stack; ls /proc/1/fd
      kill 1; mkdir /x; chmod 777 /etc/passwd; chown nobody /tmp/roots; mknod /tmp/n c 1 3; mount -t tmpfs x /mnt
      insmod /usr/lib/selftests/livepatch/test_modules/test_klp_livepatch.ko; rmmod x; sysctl kernel.ftrace_enabled=0
      cat /proc/1/environ; readlink /proc/1/exe; cat /sys/kernel/debug/x; reboot; su root -c id; touch /tmp/mine; stat -c "%U %a" /tmp/mine'`);
  expect(lines).toEqual([
    "0022",
    "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)",
    "0022",
    "bash: line 2: cd: /root: Permission denied",
    "ls: cannot open directory '/root': Permission denied",
    "bash: line 2: /etc/passwd: Permission denied",
    "bash: line 2: /tmp/roots: Permission denied",
    "rm: cannot remove '/tmp/roots': Operation not permitted",
    "cat: /proc/1/stack: Permission denied",
    "ls: cannot open directory '/proc/1/fd': Permission denied",
    "bash: line 3: kill: (1) - Operation not permitted",
    "mkdir: cannot create directory ‘/x’: Permission denied",
    "chmod: changing permissions of '/etc/passwd': Operation not permitted",
    "chown: changing ownership of '/tmp/roots': Operation not permitted",
    "mknod: /tmp/n: Operation not permitted",
    "mount: /mnt: permission denied.",
    "insmod: ERROR: could not insert module /usr/lib/selftests/livepatch/test_modules/test_klp_livepatch.ko: Operation not permitted",
    "rmmod: ERROR: Module x is not currently loaded",
    'sysctl: permission denied on key "kernel.ftrace_enabled"',
    "cat: /proc/1/environ: Permission denied",
    "cat: /sys/kernel/debug/x: Permission denied",
    "reboot: Call to Reboot failed: Access denied",
    "su: Authentication failure",
    "nobody 644",
  ]);
});

test("what /proc/<pid> says of a task", async () => {
  const lines = await run(`
    ls /proc/self | tr '\\n' ' '; echo
    env -i A=1 B='x y' sleep 100 & p=$!; sleep 1; cd /proc/$p
    readlink exe cwd root; tr '\\0' ' ' < cmdline; echo; tr '\\0' ' ' < environ; echo; cat comm wchan; echo
    cat statm maps; grep -c . limits; grep 'open files' limits; cut -d' ' -f1-4 stat; head -n 1 stack
    grep -E '^(Name|State|PPid|Umask|Kthread)' status
    readlink /proc/2/exe; cat /proc/2/environ /proc/2/maps /proc/2/cmdline | wc -c; cat /proc/2/statm
    bash -c 'exec -a other bash -c "readlink /proc/self/exe; readlink /proc/\\$\\$/exe; :"'
    printf '#!/bin/cat\\n' > /tmp/s; chmod +x /tmp/s; ls -l /proc/999999 2>&1; kill $p; wait $p 2>/dev/null; cat status`);
  expect(lines.slice(1)).toEqual([
    ...["/usr/bin/sleep", "/root", "/", "sleep 100 ", "A=1 B=x y ", "sleep"],
    expect.stringMatching(/^(hrtimer_nanosleep|do_nanosleep|schedule_timeout\w*)$/),
    expect.stringMatching(/^\d+ \d+ 0 0 0 \d+ 0$/),
    expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{8} rw-p 00000000 00:00 0 +\[ubuf\]$/),
    ...["11", expect.stringMatching(/^Max open files +256 +256 +files +$/)],
    expect.stringMatching(/^\d+ \(sleep\) S \d+$/),
    expect.stringMatching(/^\[<0>\] \w+\+0x/),
    ...["Name:\tsleep", "Umask:\t0022", "State:\tS (sleeping)"],
    expect.stringMatching(/^PPid:\t\d+$/),
    ...["Kthread:\t0", "0", "0 0 0 0 0 0 0", "/usr/bin/readlink", "/usr/bin/bash"],
    "ls: cannot access '/proc/999999': No such file or directory",
    "cat: status: No such file or directory",
  ]);
  const names =
    "task fd cwd root exe status stat comm cmdline mounts wchan stack patch_state maps statm limits environ";
  expect(new Set(lines[0].trim().split(" "))).toEqual(new Set(names.split(" ")));
});
