import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Engine } from "../engines.ts";
import type { Series } from "../inside/interleave.ts";
import { timeFigures, type Measured, type Row } from "../row.ts";

const BOOTS = 15;

/** Issue 2. */
const GOAL_MS = { node: 50, chromium: 150 };

/** Every boot in a process or page of its own: nothing is warm. */
async function bootOnce(engine: Engine, root: string): Promise<Series> {
  if (engine.name === "chromium") return engine.run("boot", {});
  const script = join(root, "src/setup/run.mjs");
  const out = execFileSync(process.execPath, [script, "test/bench/bootOnce.ts"], {
    cwd: root,
    timeout: 180_000,
  });
  return JSON.parse(out.toString()) as Series;
}

async function measure(engine: Engine, root: string): Promise<Measured> {
  const series: Series = {};
  for (let i = 0; i < BOOTS; i++) {
    for (const [name, ms] of Object.entries(await bootOnce(engine, root))) (series[name] ??= []).push(...ms);
  }
  return { unit: "ms", series, figures: timeFigures("boot", series, "all", GOAL_MS[engine.name]) };
}

export const bootRows: Row[] = [
  { name: "boot", title: "Boot to the first prompt", engines: ["node", "chromium"], run: measure },
];
