import type { Engine } from "../engines.ts";
import { ratio, type Measured, type Row } from "../row.ts";
import { pairedRatio } from "../stats.ts";
import { benchKernel } from "../variants.ts";

/** Issue 2: a patched call costs what an unpatched one costs. */
const PATCHED_GOAL = 1.05;

type Edit = [path: string, from: string, to: string];

export const LEAF: Edit = ["bench/leaf.ts", "return x ^ 5;", "return 5 ^ x;"];
export const STALL: Edit = ["bench/leaf.ts", "schedule();\n  return 0;", "schedule();\n  return 1;"];
/** The middle of a read: it calls three functions that are not patched. */
const SHOW: Edit = ["bench/calls.ts", "put_char(10);", "put_char(5 + 5);"];

async function measure(
  engine: Engine,
  root: string,
  entry: string,
  edit: Edit,
  goal?: number,
): Promise<Measured> {
  const kernel = await benchKernel(root);
  const series = await engine.run("patched", {
    vmlinux: kernel.variants["full"]!,
    entry,
    alone: await kernel.patch("bench_alone", [edit]),
    stalling: await kernel.patch("bench_stalling", [edit, STALL]),
    rounds: 200,
  });
  const of = (name: string) => pairedRatio(series[name]!, series["unpatched"]!);
  return {
    unit: "ns",
    series,
    figures: [
      ratio("patched / unpatched", of("patched"), goal),
      ratio("in transition / unpatched", of("in transition, task patched")),
    ],
  };
}

export const patchedRows: Row[] = [
  {
    name: "patched-read",
    title: "A read whose middle function is patched, after and during the transition",
    engines: ["node", "chromium"],
    run: (engine, root) => measure(engine, root, "bench_calls", SHOW, PATCHED_GOAL),
  },
  {
    name: "patched-call",
    title: "A bare call of a patched function (an engine may inline the unpatched one)",
    engines: ["node", "chromium"],
    run: (engine, root) => measure(engine, root, "bench_leaf", LEAF),
  },
];
