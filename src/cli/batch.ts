// batch.ts - runs one command of the guest, its standard streams connected to ours.
//
// No terminal lies between: the command's 0, 1 and 2 are pipes. Pid 1 relays
// the output pipes. Input comes over the machine's terminal, set raw and read
// by a task that fills pipe 0, but only when the machine has nothing else to
// do: so a script that reads nothing never waits for us.
import { Open, Termios } from "../../kernel-as/abi.ts";
import { ENV, mountAll, startServices } from "../user/init.ts";
import type { PollFd, Program, SysCalls } from "../user/sys.ts";

const POLLIN = 1;
const POLLHUP = 16;
const CHUNK = 65536;

export interface Streams {
  /** Output of the guest's descriptor 1 or 2. */
  write: (fd: 1 | 2, data: Uint8Array) => void;
  /** Set before the byte that wakes the reader at the end of our input. */
  inputEnded: boolean;
}

export interface BatchJob {
  argv: string[];
  /** Root's home unless given. */
  cwd?: string;
  /** More environment for it. */
  env?: () => [string, string][];
  streams: Streams;
  finished: (status: number) => void;
  /** More to do before the command starts: mounts. */
  prepare?: (sys: SysCalls) => Promise<void>;
}

/** The machine's pid 1. */
export function batchInit(job: BatchJob): Program {
  return async ({ sys }) => {
    await mountAll(sys);
    await job.prepare?.(sys);
    await startServices(sys);
    const [inR, inW] = await sys.pipe2(Open.CLOEXEC);
    const [outR, outW] = await sys.pipe2(Open.CLOEXEC);
    const [errR, errW] = await sys.pipe2(Open.CLOEXEC);
    const [doneR, doneW] = await sys.pipe2(Open.CLOEXEC);
    let status = 0;
    await sys.fork(async (keeper) => {
      for (const fd of [inW, outR, errR, doneR]) await keeper.close(fd);
      const pid = await keeper.fork((child) => start(child, job, [inR, outW, errW]));
      for (const fd of [inR, outW, errW]) await keeper.close(fd);
      status = exitStatus((await keeper.wait4(pid, 0))?.status ?? 0);
      return 0; // Its end closes doneW, which is what pid 1 waits for.
    });
    for (const fd of [inR, outW, errW, doneW]) await sys.close(fd);
    await sys.fork(async (feeder) => {
      for (const fd of [outR, errR, doneR]) await feeder.close(fd);
      return feed(feeder, inW, job.streams);
    });
    await sys.close(inW);
    await relay(sys, outR, errR, doneR, job.streams);
    job.finished(status);
    await sys.reboot("power-off");
    return 0;
  };
}

async function start(sys: SysCalls, { argv, cwd = "/root", env }: BatchJob, fds: number[]): Promise<number> {
  await sys.setsid();
  for (const [target, fd] of fds.entries()) await sys.dup2(fd, target);
  await sys.chdir(cwd);
  return sys.execve(`/usr/bin/${argv[0]}`, argv, new Map([...ENV, ...(env?.() ?? [])]));
}

export const exitStatus = (status: number): number =>
  (status & 0x7f) === 0 ? status >> 8 : 128 + (status & 0x7f);

/** Until the command is over and the pipes are empty; who still holds them is a daemon. */
async function relay(
  sys: SysCalls,
  outR: number,
  errR: number,
  doneR: number,
  { write }: Streams,
): Promise<void> {
  let pipes = [
    { fd: outR, to: 1 as const },
    { fd: errR, to: 2 as const },
  ];
  let timeout = -1;
  for (;;) {
    const polled = [...pipes.map(({ fd }) => fd), ...(timeout === 0 ? [] : [doneR])];
    const fds: PollFd[] = polled.map((fd) => ({ fd, events: POLLIN, revents: 0 }));
    await sys.poll(fds, timeout);
    let moved = false;
    for (const [i, { fd, to }] of pipes.entries()) {
      if ((fds[i]!.revents & POLLIN) === 0) continue;
      const data = await sys.read(fd, CHUNK);
      if (data.length > 0) write(to, data);
      moved ||= data.length > 0;
    }
    if (timeout === 0 && !moved) return;
    if (((fds[pipes.length]?.revents ?? 0) & POLLHUP) !== 0) timeout = 0;
    // After `exec 2>&1` nobody writes to the second pipe: it would be ready all the time.
    pipes = pipes.filter((_, i) => (fds[i]!.revents & (POLLIN | POLLHUP)) !== POLLHUP);
  }
}

/** Terminal to pipe, byte for byte. */
async function feed(sys: SysCalls, inW: number, streams: Streams): Promise<number> {
  const console = await sys.open("/dev/console", Open.RDONLY | Open.NOCTTY);
  const raw = new Uint8Array(Termios.SIZEOF);
  raw[Termios.CC + Termios.VMIN] = 1;
  await sys.tcsetattr(console, 0, raw);
  for (;;) {
    const data = await sys.read(console, CHUNK);
    const rest = streams.inputEnded ? data.subarray(0, -1) : data;
    for (let done = 0; done < rest.length;) done += await sys.write(inW, rest.subarray(done));
    if (streams.inputEnded) return 0;
  }
}
