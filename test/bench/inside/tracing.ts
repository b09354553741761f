import type { SysCalls } from "../../../src/user/sys.ts";
import { calibrate } from "./calibrate.ts";
import { writeText } from "./guest.ts";
import { interleave, now, type Series } from "./interleave.ts";
import { entry, type LoadFile } from "./kernels.ts";
import { asInit, standingMachine } from "./machine.ts";
import { stalled } from "./patched.ts";

const TRACING = "/sys/kernel/tracing";

export interface TracingInput {
  vmlinux: string;
  stalling: string;
  rounds: number;
}

/** How a call of leaf() is watched. */
function states(patch: Uint8Array): Record<string, (sys: SysCalls, kernel: object) => Promise<void>> {
  const tracer = async (sys: SysCalls, name: string, filter = "leaf"): Promise<void> => {
    await writeText(sys, `${TRACING}/set_ftrace_filter`, `${filter}\n`);
    await writeText(sys, `${TRACING}/current_tracer`, `${name}\n`);
  };
  return {
    bare: () => Promise.resolve(),
    "function tracer": (sys) => tracer(sys, "function"),
    // Those who may call vfs_read() tell who calls; leaf() does not, and stays bare.
    "function tracer on another function": (sys) => tracer(sys, "function", "vfs_read"),
    function_graph: (sys) => tracer(sys, "function_graph"),
    kprobe: async (sys) => {
      await writeText(sys, `${TRACING}/kprobe_events`, "p:bench leaf\n");
      await writeText(sys, `${TRACING}/events/kprobes/bench/enable`, "1\n");
    },
    "livepatch in transition": (sys, kernel) => stalled(sys, kernel, patch),
  };
}

/** Nanoseconds per call of one function, watched in different ways. */
export async function tracing(input: TracingInput, load: LoadFile): Promise<Series> {
  const patch = await load(input.stalling);
  const contenders = await Promise.all(
    Object.entries(states(patch)).map(async ([name, setUp]) => {
      const machine = await standingMachine(load, (sys, m) => setUp(sys, m.kernel), {
        vmlinux: input.vmlinux,
      });
      const call = entry(machine.kernel, "bench_leaf");
      const n = calibrate(call);
      return { name, n, run: () => call(n) };
    }),
  );
  const series = interleave(contenders, input.rounds, 30);
  return Object.fromEntries(
    contenders.map(({ name, n }) => [name, series[name]!.map((ms) => (ms * 1e6) / n)]),
  );
}

export interface TraceAllInput {
  rounds: number;
}

/** Milliseconds to trace every function there is, and to stop that. */
export function traceAll(input: TraceAllInput, load: LoadFile): Promise<Series> {
  return asInit(load, async (sys) => {
    const on: number[] = [];
    const off: number[] = [];
    for (let i = -2; i < input.rounds; i++) {
      const start = now();
      await writeText(sys, `${TRACING}/current_tracer`, "function\n");
      const between = now();
      await writeText(sys, `${TRACING}/current_tracer`, "nop\n");
      if (i < 0) continue;
      on.push(between - start);
      off.push(now() - between);
    }
    return { "echo function > current_tracer": on, "echo nop > current_tracer": off };
  });
}
