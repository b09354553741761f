/** slub_debug= and page_poison=: what the kernel says when memory is misused, and that it is not. */

import { expect, it } from "vitest";
import type { SysCalls } from "../../src/user/sys.ts";
import { type Guest, inGuest } from "../livepatch/guest.ts";

const WATCHED = "slub_debug=FZP page_poison=1";
const BUG = /BUG|pagealloc|FIX/;

async function tainted(guest: Guest): Promise<number> {
  return Number(await guest.read("/proc/sys/kernel/tainted"));
}

const BAD_PAGE = 1 << 5;

const MISTAKES: [what: number, said: RegExp[]][] = [
  [1, [/^BUG kmalloc-64 \(.*\): Poison overwritten$/, /^FIX kmalloc-64: Restoring Poison 0x.*=0x6b$/]],
  [2, [/^BUG kmalloc-64 \(.*\): Object already free$/, /^FIX kmalloc-64: Object at 0x\w+ not freed$/]],
  [3, [/^BUG kmalloc-64 \(.*\): kmalloc Redzone overwritten$/, /^FIX kmalloc-64: Restoring kmalloc Redzone/]],
  [4, [/^BUG kmalloc-64 \(.*\): Invalid object pointer$/, /^FIX kmalloc-64: Object at 0x\w+ not freed$/]],
  [5, [/^pagealloc: memory corruption$/]],
  [6, [/^BUG: Bad page state in process init {2}pfn:\w+$/]],
];

it.each(MISTAKES)("mistake %i is found, named and repaired", async (what, said) => {
  const cmdline = what === 2 ? "slub_debug=F" : WATCHED;
  await inGuest(
    async (guest) => {
      expect((await tainted(guest)) & BAD_PAGE).toBe(0);
      await guest.insmod("test_modules/bad_slab.ko", `what=${what}`);
      guest.drain();
      const lines = guest.log.filter((line) => BUG.test(line));
      expect(lines).toHaveLength(said.length);
      said.forEach((text, i) => expect(lines[i]).toMatch(text));
      expect((await tainted(guest)) & BAD_PAGE).toBe(BAD_PAGE);
    },
    { cmdline },
  );
});

it("nobody looks without the option", async () => {
  await inGuest(async (guest) => {
    await guest.insmod("test_modules/bad_slab.ko", "what=3");
    guest.drain();
    expect(guest.log.filter((line) => BUG.test(line))).toEqual([]);
  });
});

it("an unknown option is skipped, and said so", async () => {
  await inGuest(
    async (guest) => {
      guest.drain();
      expect(guest.log).toContain("slab_debug option 'x' unknown. skipped");
    },
    { cmdline: "slab_debug=xF" },
  );
});

/** Forks that read and write through pipes and are killed in the middle, files, patches coming and going. */
async function workload(guest: Guest): Promise<void> {
  const { sys } = guest;
  await guest.insmod("test_modules/slow_target.ko", "ms=50");
  const pids: number[] = [];
  for (let i = 0; i < 40; i++) pids.push(await sys.fork((own) => child(own, i)));
  for (let round = 0; round < 3; round++) {
    await guest.insmod("test_modules/slow_patch.ko", "which=5 nap=50");
    for (const pid of pids.slice(10 * round, 10 * round + 10)) await sys.kill(pid, 9);
    await sys.nanosleep(2e9);
    await guest.insmod("test_modules/test_klp_atomic_replace.ko", "replace=1");
    await sys.nanosleep(2e9);
    await guest.rmmod("slow_patch");
    await guest.write("/sys/kernel/livepatch/test_klp_atomic_replace/enabled", "0");
    await sys.nanosleep(2e9);
    await guest.rmmod("test_klp_atomic_replace");
  }
  for (const pid of pids.slice(30)) await sys.kill(pid, 15);
  for (let i = 0; i < pids.length; i++) await sys.wait4(-1, 0);
  await guest.rmmod("slow_target");
}

/** Reads and writes through ever larger buffers until it is killed. */
async function child(sys: SysCalls, seed: number): Promise<number> {
  const files = ["/proc/meminfo", "/proc/slow_unint", "/proc/kallsyms", "/proc/slow_plain", "/proc/modules"];
  const [rd, wr] = await sys.pipe2(0);
  for (let i = seed; ; i++) {
    const fd = await sys.open(files[i % files.length]!, 0);
    const text = await sys.read(fd, 64 << (i % 10));
    await sys.close(fd);
    await sys.write(wr, text.subarray(0, 4096));
    await sys.read(rd, 65536);
    if (i % 7 === 0) {
      const pid = await sys.fork(async (own) => (await own.read(rd, 10)).length);
      await sys.write(wr, new Uint8Array(20));
      await sys.wait4(pid, 0);
    }
    await sys.mkdir(`/tmp/${seed}-${i}`, 0o755);
    await sys.rename(`/tmp/${seed}-${i}`, `/tmp/${seed}+${i}`);
    await sys.rmdir(`/tmp/${seed}+${i}`);
  }
}

it("forks, pipes, kills and patches misuse nothing", async () => {
  await inGuest(
    async (guest) => {
      await workload(guest);
      guest.drain();
      expect(guest.log.filter((line) => BUG.test(line))).toEqual([]);
      expect((await tainted(guest)) & BAD_PAGE).toBe(0);
      expect(guest.log.filter((line) => /patching complete/.test(line))).toHaveLength(9);
    },
    { cmdline: WATCHED },
  );
});
