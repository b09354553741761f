import { Open } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { interleaveAsync, type AsyncContender, type Series } from "./interleave.ts";
import type { LoadFile } from "./kernels.ts";
import { asInit } from "./machine.ts";

const CALLS = 1000;
const CHUNK = 65536;

export interface SyscallsInput {
  rounds: number;
}

/** Microseconds per system call, from a program's `await` to its going on. */
export function syscalls(input: SyscallsInput, load: LoadFile): Promise<Series> {
  return asInit(load, async (sys) => {
    const zero = await sys.open("/dev/zero", Open.RDONLY);
    const nowhere = await sys.open("/dev/null", Open.WRONLY);
    const byte = new Uint8Array(1);
    const one = (name: string, call: () => Promise<unknown>): AsyncContender => ({
      name,
      ops: CALLS,
      run: async () => {
        for (let i = 0; i < CALLS; i++) await call();
      },
    });
    return interleaveAsync(
      [
        one("getpid", () => sys.getpid()),
        one("read 1 byte of /dev/zero", () => sys.read(zero, 1)),
        one("write 1 byte to /dev/null", () => sys.write(nowhere, byte)),
        one("stat /usr/bin", () => sys.stat("/usr/bin")),
        one("open and close /dev/null", async () => sys.close(await sys.open("/dev/null", Open.RDONLY))),
      ],
      input.rounds,
    );
  });
}

/** Microseconds per switch, per fork to wait4, and per 64 KiB through a pipe. */
export function processes(input: SyscallsInput, load: LoadFile): Promise<Series> {
  const extra = { nothing: () => Promise.resolve(0) };
  const body = async (sys: SysCalls): Promise<Series> => {
    const contenders = [
      await yielding(sys),
      await pingPong(sys),
      forking(sys),
      executing(sys),
      await piping(sys),
    ];
    return interleaveAsync(contenders, input.rounds);
  };
  return asInit(load, body, { extra });
}

/** Two tasks that yield to each other; an operation is one switch. */
async function yielding(sys: SysCalls): Promise<AsyncContender> {
  await sys.fork(async (own) => {
    for (;;) await own.sched_yield();
  });
  const run = async () => {
    for (let i = 0; i < CALLS; i++) await sys.sched_yield();
  };
  return { name: "context switch (sched_yield)", ops: 2 * CALLS, run };
}

/** A byte there and back between two sleeping tasks: four calls, two switches. */
async function pingPong(sys: SysCalls): Promise<AsyncContender> {
  const [hisIn, myOut] = await sys.pipe2(0);
  const [myIn, hisOut] = await sys.pipe2(0);
  const byte = new Uint8Array(1);
  await sys.fork(async (own) => {
    for (;;) await own.write(hisOut, await own.read(hisIn, 1));
  });
  const run = async () => {
    for (let i = 0; i < CALLS; i++) {
      await sys.write(myOut, byte);
      await sys.read(myIn, 1);
    }
  };
  return { name: "pipe round trip, 1 byte", ops: CALLS, run };
}

function forking(sys: SysCalls): AsyncContender {
  const run = async () => {
    for (let i = 0; i < 100; i++) await sys.wait4(await sys.fork(() => Promise.resolve(0)), 0);
  };
  return { name: "fork, exit, wait4", ops: 100, run };
}

function executing(sys: SysCalls): AsyncContender {
  const env = new Map([["PATH", "/usr/bin"]]);
  const run = async () => {
    for (let i = 0; i < 100; i++) {
      await sys.wait4(await sys.fork((own) => own.execve("/usr/bin/nothing", ["nothing"], env)), 0);
    }
  };
  return { name: "fork, execve, exit, wait4", ops: 100, run };
}

async function piping(sys: SysCalls): Promise<AsyncContender> {
  const [input, output] = await sys.pipe2(0);
  await sys.fork(async (own) => {
    const data = new Uint8Array(CHUNK);
    for (;;) await own.write(output, data);
  });
  const run = async () => {
    for (let n = 0; n < 16 * CHUNK;) n += (await sys.read(input, CHUNK)).length;
  };
  return { name: "64 KiB through a pipe", ops: 16, run };
}
