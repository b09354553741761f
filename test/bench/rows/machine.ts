import type { Engine } from "../engines.ts";
import type { Figure, Measured, Row } from "../row.ts";
import { distribution } from "../stats.ts";

const median = (samples: number[] = []): number => distribution(samples).median;

/** Calls per second from microseconds per call. */
function rate(label: string, us: number): Figure {
  return { label, value: 1e6 / us, unit: "/s" };
}

async function syscallRates(engine: Engine): Promise<Measured> {
  const series = await engine.run("syscalls", { rounds: 60 });
  return { unit: "us", series, figures: [rate("system calls (getpid)", median(series["getpid"]))] };
}

/** Issue 4: fork and exec in at most 0.2 ms. */
const FORK_EXEC_US = 200;

async function processRates(engine: Engine): Promise<Measured> {
  const series = await engine.run("processes", { rounds: 40 });
  const forkExec = median(series["fork, execve, exit, wait4"]);
  const chunk = median(series["64 KiB through a pipe"]);
  const figures: Figure[] = [
    rate("context switches", median(series["context switch (sched_yield)"])),
    { label: "fork + exec", value: forkExec, unit: "us", goal: FORK_EXEC_US },
    { label: "pipe throughput", value: 65536 / chunk, unit: "MB/s" },
  ];
  return { unit: "us", series, figures };
}

export const machineRows: Row[] = [
  {
    name: "syscalls",
    title: "System calls of a program",
    engines: ["node", "chromium"],
    run: syscallRates,
  },
  {
    name: "processes",
    title: "Switches, processes, pipes",
    engines: ["node", "chromium"],
    run: processRates,
  },
];
