/** A shell script that runs again at each boot of one computer, with BOOT set to 1, 2, ... */
import { batchInit } from "../../src/cli/batch.ts";
import { checkoutArchive } from "../../src/cli/checkout.ts";
import { jobsOf } from "../../src/cli/jobs.ts";
import { Computer, type BootRecord } from "../../src/machine/computer.ts";
import type { Disk } from "../../src/machine/disk.ts";
import type { HostJob } from "../../src/user/sys.ts";
import { programs } from "../../src/user/programs.ts";
import { checkout } from "../play.ts";

export interface Run {
  /** What the script printed. */
  text: string;
  console: string;
  records: BootRecord[];
  /** Of the whole machine, at the end of each boot. */
  hashes: string[];
  disk: Disk;
}

export interface Story {
  script: string;
  disk?: Disk;
  replay?: BootRecord[];
  doJob?: (job: HostJob) => Promise<unknown>;
}

export function run({ script, disk, replay, doJob = jobsOf(checkout) }: Story): Promise<Run> {
  const decoder = new TextDecoder();
  const hashes: string[] = [];
  return new Promise((resolve, reject) => {
    let text = "";
    let console = "";
    const end = async () =>
      resolve({ text, console, records: computer.records, hashes, disk: await computer.readDisk() });
    const init = batchInit({
      argv: ["bash", "-c", script],
      env: () => [["BOOT", String(computer.records.length)]],
      streams: { write: (_fd, data) => void (text += decoder.decode(data)), inputEnded: true },
      finished: () => undefined,
    });
    const computer = new Computer({
      vmlinux: checkout.vmlinux,
      build: checkout.packed.build,
      release: checkout.packed.release,
      archive: checkoutArchive(checkout),
      disk: disk ?? null,
      cmdline: "quiet",
      epochNs: Date.UTC(2026, 10, 21, 12) * 1e6,
      programs: new Map([...programs, ["init", init]]),
      doJob,
      onOutput: (data) => void (console += decoder.decode(data)),
      clock: { kind: "virtual" },
      boots: 9,
      ...(replay && { replay }),
      onMachine: (machine) => {
        machine.onQuiet = () => reject(new Error(`every task waits for ever\n${text}\n${console}`));
      },
      saveDisk: () => void hashes.push(computer.machine.hash()),
      onOff: (reason) => {
        if (reason === "power-off") void end();
        else reject(new Error(`the computer stopped: ${reason}\n${text}\n${console}`));
      },
    });
    computer.switchOn();
  });
}
