import type { Engine } from "../engines.ts";
import { ratio, type Measured, type Row } from "../row.ts";
import { pairedRatio } from "../stats.ts";
import { benchKernel } from "../variants.ts";

/** Issue 2: a patched call costs what an unpatched one costs. */
const PATCHED_GOAL = 1.05;

const LEAF: [string, string, string] = ["bench/leaf.ts", "return x ^ 5;", "return 5 ^ x;"];
const STALL: [string, string, string] = [
  "bench/leaf.ts",
  "schedule();\n  return 0;",
  "schedule();\n  return 1;",
];

async function measure(engine: Engine, root: string): Promise<Measured> {
  const kernel = await benchKernel(root);
  const series = await engine.run("patched", {
    vmlinux: kernel.variants["full"]!,
    leaf: await kernel.patch("bench_leaf", [LEAF]),
    leafAndStall: await kernel.patch("bench_leaf_and_stall", [LEAF, STALL]),
    rounds: 100,
  });
  const of = (name: string) => pairedRatio(series[name]!, series["unpatched"]!);
  return {
    unit: "ms",
    series,
    figures: [
      ratio("patched / unpatched", of("patched"), PATCHED_GOAL),
      ratio("in transition / unpatched", of("in transition, task patched")),
    ],
  };
}

export const patchedRows: Row[] = [
  {
    name: "patched-call",
    title: "A call of a patched function, after and during the transition",
    engines: ["node", "chromium"],
    run: measure,
  },
];
