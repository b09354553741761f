import type { KernelInstance } from "../../../src/machine/instance.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { calibrate, COMPILES } from "./calibrate.ts";
import { inTransition, transitionEnd } from "./guest.ts";
import { interleave, type Series } from "./interleave.ts";
import { entry, type LoadFile } from "./kernels.ts";
import { standingMachine } from "./machine.ts";

export interface PatchedInput {
  vmlinux: string;
  /** What is called: an entry point of the workload. */
  entry: string;
  /** A patch of what it calls, and one of that and stall(). */
  alone: string;
  stalling: string;
  rounds: number;
}

type SetUp = (sys: SysCalls, kernel: KernelInstance) => Promise<void>;

/** Nanoseconds per turn of a workload, in the states of a livepatch. */
export async function patched(input: PatchedInput, load: LoadFile): Promise<Series> {
  const alone = await load(input.alone);
  const both = await load(input.stalling);
  const states: Record<string, SetUp> = {
    unpatched: () => Promise.resolve(),
    patched: async (sys) => {
      await sys.init_module(alone, "");
      await transitionEnd(sys, "bench_alone");
    },
    "in transition, task patched": (sys, kernel) => stalled(sys, kernel, both),
  };
  const all: Series = {};
  for (let compile = 0; compile < COMPILES; compile++) {
    const series = await oneCompile(input, load, states);
    for (const [name, ms] of Object.entries(series)) (all[name] ??= []).push(...ms);
  }
  return all;
}

async function oneCompile(
  input: PatchedInput,
  load: LoadFile,
  states: Record<string, SetUp>,
): Promise<Series> {
  const machines = await Promise.all(
    Object.entries(states).map(async ([name, setUp]) => {
      const set = (sys: SysCalls, m: { kernel: KernelInstance }) => setUp(sys, m.kernel);
      const machine = await standingMachine(load, set, { vmlinux: input.vmlinux });
      return { name, machine, call: entry(machine.kernel, input.entry) };
    }),
  );
  const contenders = machines.map(({ name, call }) => {
    const n = calibrate(call);
    return { name, n, run: () => call(n) };
  });
  const series = interleave(contenders, input.rounds / COMPILES, 60);
  for (const { machine } of machines) machine.destroy();
  return Object.fromEntries(
    contenders.map(({ name, n }) => [name, series[name]!.map((ms) => (ms * 1e6) / n)]),
  );
}

/** A transition that cannot complete: somebody sleeps in stall(). */
export async function stalled(sys: SysCalls, kernel: object, patch: Uint8Array): Promise<void> {
  (kernel as { exports: { bench_stall_on_sync: () => void } }).exports.bench_stall_on_sync();
  await sys.fork(async (own) => {
    await own.sync();
    return 0;
  });
  await sys.nanosleep(1e6);
  await sys.init_module(patch, "");
  await sys.nanosleep(1e6);
  if (!(await inTransition(sys, "bench_stalling"))) throw new Error("the transition did not stall");
}
