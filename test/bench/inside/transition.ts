import type { SysCalls } from "../../../src/user/sys.ts";
import { inTransition, removePatch, transitionEnd, writeText } from "./guest.ts";
import { now, type Series } from "./interleave.ts";
import type { LoadFile } from "./kernels.ts";
import { asInit } from "./machine.ts";

export interface TransitionInput {
  vmlinux: string;
  /** A patch nobody sleeps in, and one of the function all sleep in. */
  free: string;
  blocked: string;
  /** How many tasks sleep. */
  tasks: number[];
  rounds: number;
}

const FOREVER = 1e18;

/**
 * Milliseconds from insmod to "patching complete", and of one attempt in which
 * every stack is checked and none may be switched, by number of sleeping tasks.
 */
export async function transition(input: TransitionInput, load: LoadFile): Promise<Series> {
  const free = await load(input.free);
  const blocked = await load(input.blocked);
  const series: Series = {};
  for (const n of input.tasks) {
    const body = async (sys: SysCalls): Promise<void> => {
      await writeText(sys, "/proc/sys/kernel/threads-max", String(2 * n + 100));
      for (let i = 0; i < n; i++) await sys.fork((own) => own.nanosleep(FOREVER).then(() => 0));
      await sys.nanosleep(1e9);
      series[`insmod to patching complete, ${n} tasks`] = await insmods(sys, free, input.rounds);
      series[`one attempt, ${n} tasks`] = await attempts(sys, blocked, input.rounds);
    };
    await asInit(load, body, { cmdline: "quiet mem=512M", vmlinux: input.vmlinux });
  }
  return series;
}

async function insmods(sys: SysCalls, patch: Uint8Array, rounds: number): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = now();
    await sys.init_module(patch, "");
    await transitionEnd(sys, "bench_free");
    samples.push(now() - start);
    await removePatch(sys, "bench_free");
  }
  return samples;
}

/** Attempts come every second, and after 15 of them signals are sent. */
const ATTEMPTS = 12;

/**
 * One attempt: so many seconds in which the transition is stalled, less as
 * many seconds without one, right before. By pairs, because what slows the
 * computer down slows both.
 */
async function attempts(sys: SysCalls, patch: Uint8Array, rounds: number): Promise<number[]> {
  const seconds = async (): Promise<number> => {
    const start = now();
    for (let i = 0; i < ATTEMPTS; i++) await sys.nanosleep(1e9);
    return now() - start;
  };
  const samples: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const idle = await seconds();
    await sys.init_module(patch, "");
    samples.push(Math.max(0, (await seconds()) - idle) / ATTEMPTS);
    if (!(await inTransition(sys, "bench_blocked"))) throw new Error("the transition did not stall");
    await removePatch(sys, "bench_blocked");
  }
  return samples;
}
