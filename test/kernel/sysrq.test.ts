/** /proc/sysrq-trigger: who sleeps where, in the log. */

import { expect, it } from "vitest";
import { type Guest, inGuest } from "../livepatch/guest.ts";

const TRIGGER = "/proc/sysrq-trigger";

/** The log's lines since the order was given. */
async function sysrq(guest: Guest, order: string): Promise<string[]> {
  guest.drain();
  const before = guest.log.length;
  await guest.write(TRIGGER, order);
  guest.drain();
  return guest.log.slice(before);
}

/** The lines about one task, without offsets. */
function stackOf(log: string[], comm: string): string[] {
  const from = log.findIndex((line) => line.startsWith(`task:${comm} `));
  const to = log.indexOf(" </TASK>", from);
  return log.slice(from, to).map((line) => line.replace(/\+0x\w+\/0x\w+$/, ""));
}

it("t shows every task with its stack, the running one too", async () => {
  await inGuest(async (guest) => {
    await guest.sys.nanosleep(1);
    const log = await sysrq(guest, "t");
    expect(log[0]).toBe("sysrq: Show State");
    const [head, trace, begin, ...frames] = stackOf(log, "kthreadd");
    expect(head).toBe(
      "task:kthreadd        state:S stack:0     pid:2     tgid:2     ppid:0      task_flags:0x200000 flags:0x00000000",
    );
    expect([trace, begin]).toEqual(["Call Trace:", " <TASK>"]);
    expect(frames.slice(-4)).toEqual([" schedule", " kthreadd", " ret_from_fork", " ret_from_fork_asm"]);
    expect(stackOf(log, "kworker/0:0")[0]).toContain("state:I stack:0");
    expect(stackOf(log, "init")[0]).toContain("state:R  running task     stack:0");
    expect(stackOf(log, "init")).toContain(" write_sysrq_trigger");
  });
});

it("w shows only those who sleep uninterruptibly", async () => {
  await inGuest(async (guest) => {
    expect(await sysrq(guest, "w")).toEqual(["sysrq: Show Blocked State"]);
    await guest.insmod("test_modules/sleepy_kthread.ko");
    await guest.sys.nanosleep(50_000_000);
    const log = await sysrq(guest, "w");
    const tasks = log.filter((line) => line.startsWith("task:"));
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toContain("state:D");
    await guest.rmmod("sleepy_kthread");
  });
});

it("a letter counts, after an underscore all; what is unknown lists the letters", async () => {
  await inGuest(async (guest) => {
    expect(await sysrq(guest, "7?")).toEqual(["sysrq: Changing Loglevel", "sysrq: Loglevel set to 7"]);
    expect(await guest.read("/proc/sys/kernel/printk")).toMatch(/^7\t/);
    const [help, ...more] = await sysrq(guest, "_?8");
    expect(help).toMatch(/^sysrq: HELP : loglevel\(0-9\) .* show-blocked-tasks\(w\) $/);
    expect(more).toEqual(["sysrq: Changing Loglevel", "sysrq: Loglevel set to 8"]);
  });
});
