import type { Engine } from "../engines.ts";
import { ratio, type Figure, type Measured, type Row } from "../row.ts";
import { distribution } from "../stats.ts";
import { benchKernel } from "../variants.ts";

const TASKS = [10, 1000, 10000];

/** Ten times the tasks may take ten times as long, and a little more. */
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
  const median = (name: string) => distribution(series[name]!).median;
  const figures: Figure[] = ["insmod to patching complete", "one attempt"].map((what) =>
    ratio(
      `${what}: 10,000 tasks / 1,000`,
      median(`${what}, 10000 tasks`) / median(`${what}, 1000 tasks`),
      LINEAR,
    ),
  );
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
