import { describe, expect, it } from "vitest";
import { batchInit } from "../../src/cli/batch.ts";
import { checkoutArchive, openCheckout } from "../../src/cli/checkout.ts";
import { jobsOf } from "../../src/cli/jobs.ts";
import { compileKernel } from "../../src/machine/compileKernel.ts";
import type { LoggedEvent } from "../../src/machine/eventLog.ts";
import { Machine } from "../../src/machine/machine.ts";
import { programs } from "../../src/user/programs.ts";

const checkout = openCheckout(new URL("../..", import.meta.url).pathname);

/** Builds something no one has built before, patches, stalls nothing, and looks around. */
const SCRIPT = `
while IFS= read -r line; do echo "\${line//VMALLOCCHUNK/CHUNK_OF_5}"; done < meminfo-string.patch > mine.patch
kpatch-build -s /usr/src/linux mine.patch
(for i in 1 2 3; do sleep 0.3; echo background $i; done) &
kpatch load livepatch-mine.ko
grep -i chunk /proc/meminfo
cat /proc/uptime
head -c 64 /dev/urandom | wc -c
wait
kpatch unload livepatch-mine
ps; cat /proc/stat; dmesg
`;

interface Run {
  output: string;
  status: number;
  events: LoggedEvent[];
  hashes: string[];
}

function run(replay?: LoggedEvent[]): Promise<Run> {
  return new Promise((resolve) => {
    let output = "";
    let status = -1;
    const hashes: string[] = [];
    const decoder = new TextDecoder();
    const archive = checkoutArchive(checkout);
    const init = batchInit({
      argv: ["bash", "-c", SCRIPT],
      streams: { write: (_, data) => (output += decoder.decode(data)), inputEnded: false },
      finished: (ended) => (status = ended),
    });
    const machine = new Machine({
      vmlinux: compileKernel(checkout.vmlinux),
      image: checkout.vmlinux,
      cmdline: "quiet",
      epochNs: 1_795_000_000_000_000_000,
      readBlob: archive.readBlob,
      programs: new Map([...programs, ["init", init]]),
      doJob: replay ? () => Promise.reject(new Error("asked the host")) : jobsOf(checkout),
      onOutput: (data) => (output += decoder.decode(data)),
      clock: { kind: "virtual" },
      ...(replay && { replay }),
    });
    machine.onStep = (step) => {
      if (step % 100 === 0) hashes.push(machine.hash());
    };
    machine.onHalt = () => resolve({ output, status, events: machine.log.events, hashes });
    machine.boot();
  });
}

describe("a shell script", () => {
  it("gives the same output, log and memory every time, and when its log is replayed", async () => {
    const first = await run();
    expect(first.output).toContain("changed function: meminfo_proc_show");
    expect(first.output).toMatch(/CHUNK_OF_5: +0 kB/);
    expect(first.output).toContain("background 3");
    expect(first.output).toContain("unpatching complete");
    expect(first.status).toBe(0);
    expect(first.hashes.length).toBeGreaterThan(10);
    const second = await run();
    expect(second).toEqual(first);
    const replayed = await run(first.events);
    expect(replayed).toEqual(first);
  }, 120_000);
});
