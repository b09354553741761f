import type { Engine } from "../engines.ts";
import { ratio, type Measured, type Row } from "../row.ts";
import { distribution, pairedRatio } from "../stats.ts";
import { benchKernel } from "../variants.ts";
import { LEAF, STALL } from "./patched.ts";

async function calls(engine: Engine, root: string): Promise<Measured> {
  const kernel = await benchKernel(root);
  const series = await engine.run("tracing", {
    vmlinux: kernel.variants["full"]!,
    stalling: await kernel.patch("bench_stalling", [LEAF, STALL]),
    rounds: 100,
  });
  const { bare = [], ...watched } = series;
  const figures = Object.entries(watched).map(([name, ns]) => ratio(`${name} / bare`, pairedRatio(ns, bare)));
  return { unit: "ns per call", series, figures };
}

/** Issue 6. */
const ALL_SITES_MS = 20;

async function all(engine: Engine): Promise<Measured> {
  const series = await engine.run("traceAll", { rounds: 21 });
  const value = distribution(series["echo function > current_tracer"]!).median;
  return {
    unit: "ms",
    series,
    figures: [{ label: "tracing all sites", value, unit: "ms", goal: ALL_SITES_MS }],
  };
}

export const tracingRows: Row[] = [
  { name: "trace-call", title: "A call that is watched", engines: ["node", "chromium"], run: calls },
  { name: "trace-all", title: "Tracing every function", engines: ["node", "chromium"], run: all },
];
