import type { Engine } from "../engines.ts";
import { ratio, type Figure, type Measured, type Row } from "../row.ts";
import { distribution } from "../stats.ts";
import { benchKernel } from "../variants.ts";

const TASKS = [10, 500, 1000, 5000, 10000];

/**
 * Ten times the tasks may take ten times as long, and a little more: as long as
 * what an attempt reads of each task (four cache lines) stays in the processor's
 * cache. How often what is called is counted in test/livepatch/attempt.test.ts.
 */
const LINEAR = 12;

async function measure(engine: Engine, root: string): Promise<Measured> {
  const kernel = await benchKernel(root);
  const series = await engine.run("transition", {
    vmlinux: kernel.variants["full"]!,
    free: await kernel.patch("bench_free", [["bench/leaf.ts", "return x ^ 5;", "return 5 ^ x;"]]),
    blocked: await kernel.patch("bench_blocked", [
      ["kernel/time/time.ts", "return ktime_get() >= expires ? 0 : -Errno.ERESTARTSYS;", NANOSLEEP],
    ]),
    tasks: TASKS,
    rounds: 15,
  });
  const middle = (what: string, tasks: number) => distribution(series[`${what}, ${tasks} tasks`]!).median;
  const grows = (what: string, many: number, few: number, goal?: number): Figure =>
    ratio(`${what}: ${many} tasks / ${few}`, middle(what, many) / middle(what, few), goal);
  const figures = ["insmod to patching complete", "one attempt"].flatMap((what) => [
    grows(what, 5000, 500, LINEAR),
    grows(what, 10000, 1000),
  ]);
  return { unit: "ms", series, figures };
}

const NANOSLEEP = "return expires <= ktime_get() ? 0 : -Errno.ERESTARTSYS;";

export const transitionRows: Row[] = [
  {
    name: "transition",
    title: "A transition over sleeping tasks",
    engines: ["node", "chromium"],
    run: measure,
  },
];
