// runBatch.ts - `patchbay run` and `patchbay sh -c`.
import { posix } from "node:path";
import type { Machine } from "../machine/machine.ts";
import { batchInit, type Streams } from "./batch.ts";
import { makeComputer } from "./boot.ts";
import { checkoutArchive, type Checkout } from "./checkout.ts";
import type { Command } from "./commandLine.ts";
import { addFolders, addScript } from "./hostFolder.ts";

type BatchCommand = Extract<Command, { kind: "batch" }>;

/** Exit status when the machine, not the command, came to an end. */
const MACHINE_FAILED = 125;
const INPUT_CHUNK = 1024;

/** Resolves to the command's exit status. */
export function runBatch(checkout: Checkout, command: BatchCommand): Promise<number> {
  const archive = checkoutArchive(checkout);
  const prepare = addFolders(archive, command.mounts, checkout.packed);
  const { script, cmdline, realtime, disk, boots } = command;
  const argv = script === null ? command.argv : command.argv.with(1, addScript(archive, script));
  const streams: Streams = {
    write: (fd, data) => void (fd === 1 ? process.stdout : process.stderr).write(data),
    inputEnded: false,
  };
  return new Promise((resolve) => {
    let finished = false;
    const end = (status: number): void => {
      finished = true;
      process.stdin.pause();
      resolve(status);
    };
    const env = (): [string, string][] => (boots > 1 ? [["BOOT", String(computer.records.length)]] : []);
    const init = batchInit({ argv, streams, cwd: startingDirectory(command), env, prepare, finished: end });
    const console: Uint8Array[] = [];
    const computer = makeComputer({
      ...{ checkout, archive, init, cmdline, realtime, disk, boots },
      onOutput: (data) => void console.push(data.slice()),
      onMachine: (machine) => (machine.onQuiet = () => quiet(machine)),
      onOff: (reason) => fail(`the machine stopped: ${reason}`),
    });
    const fail = (why: string): void => {
      if (finished) return;
      for (const text of console) process.stderr.write(text);
      process.stderr.write(`patchbay: ${why}\n`);
      end(MACHINE_FAILED);
    };
    const quiet = (machine: Machine): void => {
      if (finished) return;
      if (streams.inputEnded) fail("every task waits for ever");
      else readInput(machine, streams);
    };
    computer.switchOn();
  });
}

/** A script of a mounted folder starts beside its files. */
function startingDirectory({ script, mounts }: BatchCommand): string | undefined {
  const within = mounts.some(({ guestDir }) => script?.startsWith(`${guestDir.replace(/\/+$/, "")}/`));
  return script !== null && within ? posix.dirname(script) : undefined;
}

/** Passes on what our standard input has next, or its end. */
function readInput(machine: Machine, streams: Streams): void {
  const { stdin } = process;
  const take = (): void => {
    const chunk = stdin.read(Math.min(INPUT_CHUNK, stdin.readableLength || 1)) as Buffer | null;
    if (chunk === null) return void stdin.once("readable", take);
    stdin.off("end", ended);
    machine.input(chunk);
  };
  const ended = (): void => {
    stdin.off("readable", take);
    streams.inputEnded = true;
    machine.input(Uint8Array.of(0));
  };
  if (stdin.readableEnded) return ended();
  stdin.once("end", ended);
  take();
}
