// cve.test.ts - bugs of the kinds that live patches are for: each exploit works
// on the vulnerable kernel, fails once the fix is loaded, and works again
// without it, while a workload goes on.
import { beforeAll, expect, test } from "vitest";
import type { Checkout } from "../../src/cli/checkout.ts";
import { inMachine, type Guest } from "../tools/live.ts";
import { cves, readCve, vulnerableCheckout } from "./vulnerable.ts";

let vulnerable: Checkout;

beforeAll(async () => {
  vulnerable = await vulnerableCheckout();
}, 120_000);

/** Writes a line every tenth of a second. */
const WORKLOAD = `#!/bin/sh
n=0
while :; do
  n=$((n + 1))
  echo "line $n" >> /tmp/workload
  sleep 0.1
done
`;

async function progress(guest: Guest): Promise<number> {
  return ((await guest.read("/tmp/workload")) ?? "").split("\n").length;
}

async function expectProgress(guest: Guest, name: string): Promise<void> {
  const before = await progress(guest);
  await guest.sys.nanosleep(500_000_000);
  expect(await progress(guest), `the workload beside ${name}`).toBeGreaterThan(before + 2);
}

test("there are enough of them", () => {
  expect(cves.length).toBeGreaterThanOrEqual(15);
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
      await guest.sys.fork(async (child) =>
        child.execve("/usr/bin/bash", ["bash", "workload.sh"], new Map([["PATH", "/usr/bin"]])),
      );
      await expectProgress(guest, name);
      expect(await exploit(), "before the patch").toBe(true);
      expect(await guest.run(`kpatch-build -s /usr/src/linux ${name}.patch`)).toMatchObject({ status: 0 });
      expect(await guest.run(`kpatch load livepatch-${name}.ko`)).toMatchObject({ status: 0 });
      expect(await exploit(), "patched").toBe(false);
      await expectProgress(guest, name);
      expect(await guest.run(`kpatch unload livepatch-${name}.ko`)).toMatchObject({ status: 0 });
      expect(await exploit(), "unpatched again").toBe(true);
      expect((await guest.run("dmesg -l err+")).text).toBe("");
    },
    files,
    vulnerable,
  );
});
