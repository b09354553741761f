import { buildPatch } from "../../../src/kbuild/buildPatch.ts";
import type { KernelImage } from "../../../src/kbuild/image.ts";
import { cpuTime, now, type Series } from "./interleave.ts";
import type { LoadFile } from "./kernels.ts";

export interface BuildInput {
  /** Trees and what they were linked to, by size: files of a tree as JSON, its image, a diff. */
  kernels: Record<string, { tree: string; image: string; diffs: string[] }>;
  rounds: number;
}

/** Where it is known: on a busy machine, the better figure. */
export const CPU = "all, processor time";

/** Milliseconds of each step of a patch build, the compiler warm. */
export async function build(input: BuildInput, load: LoadFile): Promise<Series> {
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await load(name)));
  const kernels = await Promise.all(
    Object.entries(input.kernels).map(async ([size, { tree, image, diffs }]) => {
      const files = new Map(Object.entries((await json(tree)) as Record<string, string>));
      return { size, tree: files, image: (await json(image)) as KernelImage, diffs };
    }),
  );
  const series: Series = {};
  for (let round = -2; round < input.rounds; round++) {
    for (const { size, tree, image, diffs } of kernels) {
      const steps = await buildOnce(tree, image, diffs[(round + 2) % diffs.length]!);
      if (round < 0) continue;
      for (const [step, ms] of Object.entries(steps)) (series[`${size}${step}`] ??= []).push(ms);
    }
  }
  return series;
}

/** The first build of its process or page; milliseconds since that began, or since it asked for the compiler. */
export async function buildCold({ kernels }: BuildInput, load: LoadFile, since: number): Promise<Series> {
  const [{ tree, image, diffs }] = Object.values(kernels) as [BuildInput["kernels"][string]];
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await load(name)));
  const files = new Map(Object.entries((await json(tree)) as Record<string, string>));
  await buildOnce(files, (await json(image)) as KernelImage, diffs[0]!);
  return { cold: [now() - since], ...(cpuTime() > 0 ? { [CPU]: [cpuTime()] } : {}) };
}

async function buildOnce(
  tree: Map<string, string>,
  image: KernelImage,
  diff: string,
): Promise<Record<string, number>> {
  const steps: Record<string, number> = {};
  const start = now();
  const startCpu = cpuTime();
  let last = start;
  const onStep = (step: string): void => {
    steps[step] = now() - last;
    last = now();
  };
  const made = await buildPatch({
    tree,
    image,
    diffs: [diff],
    name: "livepatch-bench",
    replace: true,
    onStep,
  });
  if (made.kind !== "built") throw new Error(JSON.stringify(made));
  steps["write"] = now() - last;
  steps["all"] = now() - start;
  if (startCpu > 0) steps[CPU] = cpuTime() - startCpu;
  return steps;
}
