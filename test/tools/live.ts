// live.ts - the tools on the real kernel: commands one after another, without a shell.
import { batchInit } from "../../src/cli/batch.ts";
import { checkoutArchive, openCheckout, type Checkout } from "../../src/cli/checkout.ts";
import { jobsOf } from "../../src/cli/jobs.ts";
import { compileKernel } from "../../src/machine/compileKernel.ts";
import { Machine } from "../../src/machine/machine.ts";
import { ENV } from "../../src/user/init.ts";
import { programs } from "../../src/user/programs.ts";
import type { Program, SysCalls } from "../../src/user/sys.ts";

export const checkout = openCheckout(new URL("../..", import.meta.url).pathname);

export interface Said {
  status: number;
  /** Standard output and standard error as they came. */
  text: string;
}

/** What a test does in the machine: runs commands, looks at files. */
export interface Guest {
  run: (command: string) => Promise<Said>;
  sys: SysCalls;
  /** Whole file, or null when it cannot be read. */
  read: (path: string) => Promise<string | null>;
  write: (path: string, data: Uint8Array | string) => Promise<void>;
  /** The machine it is in. */
  machine: () => Machine;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function readAll(sys: SysCalls, fd: number): Promise<string> {
  let text = "";
  for (;;) {
    const data = await sys.read(fd, 65536);
    if (data.length === 0) return text;
    text += decoder.decode(data, { stream: true });
  }
}

async function runCommand(sys: SysCalls, command: string): Promise<Said> {
  const argv = command.split(" ");
  const [reader, writer] = await sys.pipe2(0);
  const pid = await sys.fork(async (child) => {
    await child.dup2(writer, 1);
    await child.dup2(writer, 2);
    await child.close(reader);
    for (const dir of ["/usr/sbin", "/usr/bin"]) {
      await child.execve(`${dir}/${argv[0]}`, argv, ENV).catch(() => undefined);
    }
    return 127;
  });
  await sys.close(writer);
  const text = await readAll(sys, reader);
  await sys.close(reader);
  const result = await sys.wait4(pid, 0);
  return { status: (result?.status ?? 0) >> 8, text };
}

function guestOf(sys: SysCalls, machine: () => Machine): Guest {
  return {
    sys,
    machine,
    run: (command) => runCommand(sys, command),
    read: async (path) => {
      const fd = await sys.open(path, 0).catch(() => -1);
      if (fd < 0) return null;
      const text = await readAll(sys, fd);
      await sys.close(fd);
      return text;
    },
    write: async (path, data) => {
      const fd = await sys.open(path, 0o1101, 0o644);
      const bytes = typeof data === "string" ? encoder.encode(data) : data;
      for (let done = 0; done < bytes.length;) done += await sys.write(fd, bytes.subarray(done));
      await sys.close(fd);
    },
  };
}

/** Boots a machine with `files` in it, lets `body` work there, and gives its result. */
export function inMachine<T>(
  body: (guest: Guest) => Promise<T>,
  files: Record<string, string> = {},
  made: Checkout = checkout,
  cmdline = "quiet",
): Promise<T> {
  const archive = checkoutArchive(made);
  for (const [path, text] of Object.entries(files)) archive.file(path, text);
  archive.program("usr/bin/testbody", "testbody");
  return new Promise((resolve, reject) => {
    let console = "";
    const testbody: Program = async ({ sys }) => {
      await body(guestOf(sys, () => machine)).then(resolve, reject);
      return 0;
    };
    const init = batchInit({
      argv: ["testbody"],
      streams: { write: (_, data) => (console += decoder.decode(data)), inputEnded: false },
      finished: () => undefined,
    });
    const machine: Machine = new Machine({
      vmlinux: compileKernel(made.vmlinux),
      image: made.vmlinux,
      cmdline,
      epochNs: Date.UTC(2026, 10, 21, 12) * 1e6,
      readBlob: archive.readBlob,
      programs: new Map([...programs, ["testbody", testbody], ["init", init]]),
      doJob: jobsOf(made),
      onOutput: (data) => (console += decoder.decode(data)),
      clock: { kind: "virtual" },
    });
    machine.onQuiet = () => reject(new Error(`every task waits for ever\n${console}`));
    machine.onHalt = (reason) => reject(new Error(`the machine stopped: ${reason}\n${console}`));
    machine.boot();
  });
}
