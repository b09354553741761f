// cve.test.ts - bugs of the kinds that live patches are for: each exploit works
// on the vulnerable kernel, fails once the fix is loaded, and works again
// without it, while a workload goes on.
import { expect, test } from "vitest";
import type { Checkout } from "../../src/cli/checkout.ts";
import { inMachine, type Guest } from "../tools/live.ts";
import { bugsWith, cves, readCve, vulnerableCheckout } from "./vulnerable.ts";

const kernels = new Map<string, Promise<Checkout>>();

/** Built once for all that share it. */
function kernelWith(bugs: readonly string[]): Promise<Checkout> {
  const key = bugs.join();
  const made = kernels.get(key) ?? vulnerableCheckout(bugs);
  kernels.set(key, made);
  return made;
}

/**
 * Does what a server does, over and over, and looks at what comes of it: files
 * written, renamed and read back, pipes, processes, sums. A line for each round
 * in which all of it was right; it ends at the first that is not.
 */
const WORKLOAD = `#!/bin/sh
dir=/tmp/work.$$
mkdir $dir
wrong() { echo "round $n: $1" >> /tmp/wrong; exit 1; }
n=0
while :; do
  n=$((n + 1))
  echo "item $n" > $dir/new && mv $dir/new $dir/item || wrong "mv"
  [ "$(cat $dir/item)" = "item $n" ] || wrong "contents"
  [ "$(seq 1 40 | sort -rn | head -n 1)" = 40 ] || wrong "pipe"
  [ "$(seq 1 $n | wc -l)" -eq $n ] || wrong "count"
  ln -s item $dir/link && [ "$(readlink $dir/link)" = item ] && rm $dir/link || wrong "link"
  (exit 7); [ $? -eq 7 ] || wrong "status"
  [ "$(printf 'a b c' | tr ' ' '\\n' | md5sum)" = "$(printf 'a\\nb\\nc' | md5sum)" ] || wrong "sums"
  echo $n >> /tmp/rounds
  sleep 0.05
done
`;

class Workload {
  private constructor(
    private readonly guest: Guest,
    private readonly pid: number,
  ) {}

  static async start(guest: Guest): Promise<Workload> {
    const pid = await guest.sys.fork(async (child) =>
      child.execve("/usr/bin/bash", ["bash", "workload.sh"], new Map([["PATH", "/usr/bin"]])),
    );
    return new Workload(guest, pid);
  }

  async rounds(): Promise<number> {
    return ((await this.guest.read("/tmp/rounds")) ?? "").trim().split("\n").length;
  }

  /** It is the same process, goes on, and has never been wrong. */
  async expectProgress(when: string): Promise<void> {
    const before = await this.rounds();
    await this.guest.sys.nanosleep(1_000_000_000);
    expect(await this.rounds(), `rounds of the workload: ${when}`).toBeGreaterThan(before + 1);
    await this.guest.sys.kill(this.pid, 0);
    expect(await this.guest.read("/tmp/wrong"), when).toBe(null);
  }

  /** One line for each round, none left out. */
  async expectWhole(): Promise<void> {
    await this.guest.sys.kill(this.pid, 9);
    const lines = (await this.guest.read("/tmp/rounds"))!.trim().split("\n");
    expect(lines).toEqual(lines.map((_, i) => `${i + 1}`));
  }
}

test("there are enough of them", () => {
  expect(cves.length).toBeGreaterThanOrEqual(25);
});

test.each(cves)("%s", async (name) => {
  const files = {
    [`root/${name}.patch`]: readCve(name, `${name}.patch`),
    "root/exploit.sh": readCve(name, `${name}-exploit.sh`),
    "root/workload.sh": WORKLOAD,
  };
  await inMachine(
    async (guest) => {
      const exploit = async () => (await guest.run("bash exploit.sh")).status === 0;
      const workload = await Workload.start(guest);
      await workload.expectProgress("before the patch");
      expect(await exploit(), "before the patch").toBe(true);
      expect(await guest.run(`kpatch-build -s /usr/src/linux ${name}.patch`)).toMatchObject({ status: 0 });
      const atLoad = await workload.rounds();
      expect(await guest.run(`kpatch load livepatch-${name}.ko`)).toMatchObject({ status: 0 });
      await workload.expectProgress("patched");
      expect(await exploit(), "patched").toBe(false);
      expect(await guest.run(`kpatch unload livepatch-${name}.ko`)).toMatchObject({ status: 0 });
      await workload.expectProgress("unpatched again");
      expect(await exploit(), "unpatched again").toBe(true);
      expect(await workload.rounds()).toBeGreaterThan(atLoad);
      await workload.expectWhole();
      expect((await guest.run("dmesg -l err+")).text).toBe("");
    },
    files,
    await kernelWith(bugsWith(name)),
    // One of the bugs leaks memory, and most of them are in one kernel.
    "quiet mem=256M",
  );
});
