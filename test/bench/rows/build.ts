import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { BENCH_DIR, type Engine } from "../engines.ts";
import type { BuildInput } from "../inside/build.ts";
import type { Series } from "../inside/interleave.ts";
import { generatedKernel, ourKernel } from "../kernels.ts";
import { ratio, timeFigures, type Measured, type Row } from "../row.ts";
import { distribution } from "../stats.ts";

const WARM_ROUNDS = 12;
const COLD_ROUNDS = 6;

/** Issue 2. */
const WARM_GOAL_MS = 500;
const COLD_GOAL_MS = 3000;

const median = (samples: number[] | undefined): number => distribution(samples!).median;

async function warm(engine: Engine, root: string): Promise<Measured> {
  const series = await engine.run("build", { kernels: { "": ourKernel(root) }, rounds: WARM_ROUNDS });
  return { unit: "ms", series, figures: timeFigures("warm build", series, "all", WARM_GOAL_MS) };
}

async function cold(engine: Engine, root: string): Promise<Measured> {
  const input: BuildInput = { kernels: { "": ourKernel(root) }, rounds: 1 };
  const series: Series = { cold: [] };
  for (let i = 0; i < COLD_ROUNDS; i++)
    series["cold"]!.push(...(await coldOnce(engine, root, input))["cold"]!);
  const value = median(series["cold"]);
  return { unit: "ms", series, figures: [{ label: "cold build", value, unit: "ms", goal: COLD_GOAL_MS }] };
}

async function coldOnce(engine: Engine, root: string, input: BuildInput): Promise<Series> {
  if (engine.name === "chromium") return engine.run("buildCold", input);
  const program = join(root, BENCH_DIR, "coldBuild.mjs");
  await bundle({
    entryPoints: [join(root, "test/bench/coldBuild.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    define: { __ROOT__: JSON.stringify(root) },
  });
  const out = execFileSync(process.execPath, [program, JSON.stringify(input)], { cwd: root });
  return JSON.parse(out.toString()) as Series;
}

const SIZES = { half: 0.5, same: 1, double: 2 };

async function sizes(engine: Engine, root: string): Promise<Measured> {
  const kernels: BuildInput["kernels"] = {};
  for (const [name, share] of Object.entries(SIZES)) kernels[`${name} `] = await generatedKernel(root, share);
  const series = await engine.run("build", { kernels, rounds: 8 });
  const growth = (step: string) => median(series[`double ${step}`]) / median(series[`half ${step}`]);
  const steps = ["apply", "compile", "compare", "include", "verify", "write", "all"];
  return { unit: "ms", series, figures: steps.map((step) => ratio(`${step}: double / half`, growth(step))) };
}

export const buildRows: Row[] = [
  {
    name: "build-warm",
    title: "A patch of one function, compiler warm",
    engines: ["node", "chromium"],
    run: warm,
  },
  {
    name: "build-cold",
    title: "A patch of one function, everything cold",
    engines: ["node", "chromium"],
    run: cold,
  },
  {
    name: "build-size",
    title: "A patch build by the kernel's size (generated kernels)",
    engines: ["node", "chromium"],
    run: sizes,
  },
];
