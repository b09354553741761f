import { spawnSync } from "node:child_process";
import type { Engine } from "../engines.ts";
import { ratio, type Measured, type Row } from "../row.ts";
import { distribution } from "../stats.ts";

const SCRIPTS: Record<string, string> = {
  "20,000-turn loop": "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; [ $i = 20000 ]",
  "for loop over 20,000 words": "n=0; for i in {1..20000}; do n=$((n+i)); done; [ $n = 200010000 ]",
  "300 x $(echo)": "for i in {1..300}; do x=$(echo $i); done; [ $x = 300 ]",
  "50 x $(cat /dev/null | wc -l)": "for i in {1..50}; do x=$(cat /dev/null | wc -l); done; [ $x = 0 ]",
};

/** Issue 4: the loop takes at most four times as long as in real bash. */
const LOOP_GOAL = 4;
const ROUNDS = 7;

function realBash(script: string): number {
  const start = performance.now();
  const { status } = spawnSync("bash", ["-c", script]);
  if (status !== 0) throw new Error(`bash: ${script}: status ${status}`);
  return performance.now() - start;
}

/** Ours and the real one in turn. */
async function measure(engine: Engine): Promise<Measured> {
  const series: Record<string, number[]> = {};
  const add = (name: string, ms: number) => (series[name] ??= []).push(ms);
  for (const [name, script] of Object.entries(SCRIPTS)) {
    const ours = await engine.run("shell", { scripts: { [name]: script }, rounds: ROUNDS });
    for (const us of ours[name]!) add(`${name}: ours`, us / 1000);
    for (let i = 0; i < ROUNDS; i++) add(`${name}: bash`, realBash(script));
  }
  const median = (name: string) => distribution(series[name]!).median;
  const figures = Object.keys(SCRIPTS).map((name, i) =>
    ratio(
      `${name}: ours / bash`,
      median(`${name}: ours`) / median(`${name}: bash`),
      i === 0 ? LOOP_GOAL : undefined,
    ),
  );
  return { unit: "ms", series, figures };
}

export const shellRows: Row[] = [
  { name: "shell", title: "The shell against real bash", engines: ["node", "chromium"], run: measure },
];
