import { expect, test } from "vitest";
import { decodeDisk, encodeDisk } from "../../src/machine/diskFile.ts";
import { run } from "./boots.ts";

/** Lists everything that may differ, with owners, modes, times and contents. */
const LOOK = `
  look() { ls -lnR --full-time ~ /etc /boot /var/lib /srv | grep -v ^total; stat -c '%n %h' ~/f ~/g; cat ~/f /etc/motd; }
`;

test("a reboot keeps what is on the disk and loses everything else", async () => {
  const { text, console, records } = await run({
    script: `case $BOOT in
      1) echo kept > ~/f; echo lost > /tmp/f; echo lost > /run/f; hostname > /dev/null
         sleep 100 & sleep 50; insmod /usr/src/linux/samples/livepatch/livepatch-sample.ko 2> /dev/null
         modprobe livepatch_sample; sleep 3; cat /proc/cmdline; reboot; sleep 9;;
      2) cat ~/f; ls /tmp /run; lsmod | wc -l; cat /proc/cmdline; cut -d. -f1 /proc/uptime; pidof sleep;;
    esac`,
  });
  expect(text).toBe("this has been live patched\nkept\n/run:\n\n/tmp:\n1\nquiet\n0\n");
  expect(console).toContain("reboot: Restarting system\r\n");
  expect(records).toHaveLength(2);
});

test("what is on the disk comes back as it was: owners, modes, times, links, gone files, any name", async () => {
  const { text } = await run({
    script: `${LOOK} case $BOOT in
      1) mkdir -p /srv/a/b; echo one > ~/f; ln ~/f ~/g; ln -s 'x -> y' ~/'l -> m'; chmod 4750 ~/f; chown 7:8 ~/f
         touch -d '2001-02-03 04:05:06' ~/old /srv/a; printf 'a\\nb' > ~/$'new\\nline\\\\012 -> z'; rm -r /etc/group /usr/src
         echo more >> /etc/motd; chmod 700 /etc; cp /bin/true ~/mytrue; truncate -s 10000 ~/hole; echo end >> ~/hole
         head -c 300000 /boot/vmlinux-* > /srv/big; look > /tmp/look; cat /tmp/look; echo =====; reboot; sleep 9;;
      2) look; ~/mytrue && echo runs; [ -e /usr/src ] || echo gone; head -c 10000 ~/hole | tr -d '\\0' | wc -c
         tail -c 4 ~/hole; head -c 300000 /boot/vmlinux-* | cmp - /srv/big && echo same;;
    esac`,
  });
  const [before, after] = text.split("=====\n");
  expect(after.slice(0, before.length)).toBe(before);
  expect(after.slice(before.length)).toBe("runs\ngone\n0\nend\nsame\n");
});

test("a file removed, a directory replaced by a file, and the disk as bytes", async () => {
  const first = await run({ script: "rm -r /etc; echo file > /etc; rm /root/.bashrc" });
  const bytes = encodeDisk(first.disk);
  const disk = decodeDisk(bytes);
  expect(disk).toEqual(first.disk);
  const second = await run({ script: "cat /etc; ls -A ~ | grep bash", disk: disk! });
  expect(second.text).toBe("file\n.bash_profile\n");
  for (const cut of [0, 10, 40, bytes.length - 1]) expect(decodeDisk(bytes.subarray(0, cut))).toBeNull();
  expect(decodeDisk(new TextEncoder().encode("patchbay disk 1\n{\n"))).toBeNull();
});

test("the clock goes on from one boot to the next", async () => {
  const { text } = await run({
    script:
      "date +%s; case $BOOT in 1) sleep 1000; touch ~/f; reboot; sleep 9;; 2) touch ~/g; [ ~/g -nt ~/f ] && echo newer;; esac",
  });
  const [first, second, newer] = text.split("\n");
  expect(Number(second) - Number(first)).toBe(1000);
  expect(newer).toBe("newer");
});

test("all boots of a run happen again from the events, without asking the host", async () => {
  const script = `case $BOOT in
    1) kpatch-build -s /usr/src/linux --no-prebuilt meminfo-string.patch; kpatch install livepatch-meminfo-string.ko; reboot; sleep 9;;
    2) sleep 3; grep -i chunk /proc/meminfo; mkdir /etc/kernel; echo kpatch.enable=0 > /etc/kernel/cmdline; reboot; sleep 9;;
    3) sleep 3; grep -i chunk /proc/meminfo; ls /var/lib/kpatch/*;;
  esac`;
  const first = await run({ script });
  expect(first.text).toMatch(/VMALLOCCHUNK: .*\nVmallocChunk: .*\nlivepatch-meminfo-string.ko\n$/);
  expect(first.records.map(({ kernel }) => kernel)).toHaveLength(3);
  expect(new Set(first.records.map(({ disk }) => disk)).size).toBe(3);
  const doJob = () => Promise.reject(new Error("asked the host"));
  const again = await run({ script, replay: first.records, doJob });
  expect(again.text).toBe(first.text);
  expect(again.hashes).toEqual(first.hashes);
  expect(again.records).toEqual(first.records);
  const other = [{ ...first.records[0], disk: "another" }];
  await expect(run({ script, replay: other })).rejects.toThrow("replay: boot 0 differs");
});

test("shutdown waits for its time, can be called off, and takes no other time", async () => {
  const { text, console } = await run({
    script: `case $BOOT in
      1) shutdown -r soon; shutdown -r +5; shutdown --show; shutdown -c; shutdown --show; shutdown -r +1; sleep 59; echo still; sleep 2; echo never;;
      2) shutdown -P now; echo never;;
    esac 2>&1`,
  });
  expect(text).toBe(
    "shutdown: Failed to parse time specification: soon\n" +
      "Reboot scheduled for Sat 2026-11-21 12:05:00 UTC, use 'shutdown -c' to cancel.\n".repeat(2) +
      "shutdown: No scheduled shutdown.\n" +
      "Reboot scheduled for Sat 2026-11-21 12:01:00 UTC, use 'shutdown -c' to cancel.\nstill\n",
  );
  expect(console).toMatch(/reboot: Restarting system[^]*reboot: Power down/);
});

test("kexec: what it refuses, and a kernel that takes the place of this one with its own command line", async () => {
  const { text, console, records } = await run({
    script: `case $BOOT in
      1) kexec -e; kexec -l /nowhere; echo text > /tmp/t; kexec -l /tmp/t; kexec -l /dev/null; kexec -p /boot/vmlinux-*
         printf '\\0asm\\1\\0\\0\\0' > /tmp/t; kexec -l /tmp/t; kexec -S; echo $?; su nobody -c 'kexec -l /boot/vmlinux-*; reboot'
         kexec -l /boot/vmlinux-* && kexec -S; echo $?; cat /sys/kernel/kexec_loaded; kexec -u; kexec -e
         kexec -l /boot/vmlinux-$(uname -r) --reuse-cmdline --append='kpatch.enable=0 x' && dmesg -n 8 && sleep 100 && kexec -e; echo never;;
      2) cat /proc/cmdline; cut -d. -f1 /proc/uptime; cat /sys/kernel/kexec_loaded; kexec -f /boot/vmlinux-$(uname -r);;
      3) cat /proc/cmdline; mkdir -p /etc/kernel; echo 'from disk' > /etc/kernel/cmdline; reboot; sleep 1;;
      4) cat /proc/cmdline;;
    esac 2>&1`,
  });
  expect(text.split("\n")).toEqual([
    "Nothing has been loaded!",
    "Cannot open /nowhere: No such file or directory",
    "kexec_file_load failed: Exec format error",
    "kexec_file_load failed: Invalid argument",
    "kexec_file_load failed: Cannot assign requested address",
    "kexec_file_load failed: Exec format error",
    "0",
    "kexec_file_load failed: Operation not permitted",
    "reboot: Call to Reboot failed: Access denied",
    "1",
    "1",
    "Nothing has been loaded!",
    "quiet kpatch.enable=0 x",
    "0",
    "0",
    "",
    "quiet from disk",
    "",
  ]);
  expect(console).toContain("kexec_core: Starting new kernel");
  expect(records.map(({ cmdline }) => cmdline)).toEqual([
    "quiet",
    "quiet kpatch.enable=0 x",
    "",
    "quiet from disk",
  ]);
});
