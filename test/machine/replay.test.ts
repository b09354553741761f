import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Sys } from "../../kernel-as/abi.ts";
import type { LoggedEvent } from "../../src/machine/eventLog.ts";
import { programs } from "../../src/user/programs.ts";
import type { HostJob, Program, SysCalls } from "../../src/user/sys.ts";
import { bootWith } from "../boot.ts";

const bytes = new TextEncoder();

const NETWORK = {
  programs,
  files: {
    "sbin/modprobe": { program: "modprobe" },
    "lib/modules/7.3.4-patchbay/kernel/af_inet.ko": readFileSync(
      new URL("../../build/modules/af_inet.ko", import.meta.url),
    ),
  },
};

/** Forks, pipes, sleeps, lets the kernel load a module, asks the host for something, and powers off. */
const busy: Program = async ({ sys }) => {
  await sys.close(await sys.raw(Sys.SOCKET, 2, 2, 1));
  const [reader, writer] = await sys.pipe2(0);
  for (let i = 0; i < 5; i++) {
    await sys.fork(async (own: SysCalls) => {
      for (let n = 0; n < 60; n++) {
        await own.nanosleep((i + 1) * 7e6);
        await own.write(writer, bytes.encode(`${i}${n} `));
      }
      return i;
    });
  }
  let text = "";
  while (text.split(" ").length <= 5 * 60) text += new TextDecoder().decode(await sys.read(reader, 64));
  const fd = await sys.open("/answer", 0o1101);
  await sys.write(fd, bytes.encode(`${text}${String(await sys.hostJob({ kind: "ask" }))}`));
  for (let i = 0; i < 5; i++) await sys.wait4(-1, 0);
  await sys.reboot("power-off");
  return 0;
};

interface Run {
  events: LoggedEvent[];
  hashes: string[];
  steps: number;
}

/** One run to its end; a hash of the machine's state at every 100th call. */
function run(doJob?: (job: HostJob) => Promise<unknown>, replay?: LoggedEvent[]): Promise<Run> {
  return new Promise((resolve) => {
    const hashes: string[] = [];
    const { machine } = bootWith(busy, { ...NETWORK, ...(doJob && { doJob }), ...(replay && { replay }) });
    machine.onStep = (step) => {
      if (step % 100 === 0) hashes.push(machine.hash());
    };
    machine.onHalt = () => {
      hashes.push(machine.hash());
      resolve({ events: machine.log.events, hashes, steps: machine.steps });
    };
  });
}

const slowly = () => new Promise((answer) => setTimeout(() => answer("forty-two"), 5));
const atOnce = () => Promise.resolve("forty-two");

describe("the machine's state is a function of kernel image and event log", () => {
  it("the same program twice gives the same events and the same memory", async () => {
    const first = await run(slowly);
    const second = await run(atOnce);
    expect(first.hashes.length).toBeGreaterThan(2);
    expect(second).toEqual(first);
  });

  it("replaying the log gives the same memory, without asking the host again", async () => {
    const first = await run(slowly);
    const replayed = await run(() => Promise.reject(new Error("asked the host")), first.events);
    expect(replayed).toEqual(first);
  });

  it("another answer of the host gives another state", async () => {
    const first = await run(atOnce);
    const other = await run(() => Promise.resolve("forty-three"));
    expect(other.hashes.at(-1)).not.toEqual(first.hashes.at(-1));
  });
});
