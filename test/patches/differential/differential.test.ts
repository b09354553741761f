/**
 * A patch does what a rebuilt kernel does: random small edits (grammar.ts) are
 * built into a patch that is loaded into the running kernel, and into a kernel
 * of their own that is booted; all that can be seen (probe.ts) is the same.
 *
 * A rebuild takes seconds, so several edits of different functions share one.
 * `npm run fuzz` tries 500 edits, here a few, always the same ones.
 */

import { expect, it } from "vitest";
import { buildPatch } from "../../../src/kbuild/buildPatch.ts";
import type { FileMap } from "../../../src/kbuild/compile.ts";
import { buildVariant, diffOf, edit, kernelSources, type KernelVariant } from "../../kernelVariant.ts";
import { type Edit, editsOf } from "./grammar.ts";
import { probe, type Seen } from "./probe.ts";

const EDITS = Number(process.env.DIFF_RUNS ?? 8);
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);
/** Edits that share a rebuild. */
const BATCH = 8;

/** Numbers in [0, 1), the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const base = buildVariant(kernelSources());
base.catch(() => {});

const outcomeOf = (kernel: KernelVariant, files: FileMap, name = "edits") =>
  buildPatch({
    tree: kernel.files,
    image: kernel.image,
    diffs: [diffOf(kernel.files, files)],
    name,
    replace: false,
  });

/** The edits one after another: none is of a file that another has changed. */
function together(files: FileMap, edits: Edit[]): FileMap {
  const after = new Map(files);
  for (const { file, text } of edits) after.set(file, text);
  return after;
}

/** What does not change what is watched: in the rebuilt kernel a patch is loaded, too. */
const harmless = (files: FileMap) =>
  edit(files, "fs/sync.ts", "  disk_sync();\n", "  disk_sync();\n  disk_sync();\n");

async function patched(kernel: KernelVariant, files: FileMap): Promise<Uint8Array> {
  const outcome = await outcomeOf(kernel, files);
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  return outcome.ko;
}

/** Memory in use differs by what the patch itself takes: numbers that are nearly the same. */
function alike(a: string, b: string): boolean {
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).map(Number);
  if (a.replace(/ *\d+/g, "#") !== b.replace(/ *\d+/g, "#")) return false;
  const [x, y] = [numbers(a), numbers(b)];
  return x.every((n, i) => Math.abs(n - y[i]!) <= Math.max(64, 0.02 * n));
}

function differences(live: Seen, rebuilt: Seen): string[] {
  return [...new Set([...Object.keys(live), ...Object.keys(rebuilt)])]
    .filter((name) => live[name] !== rebuilt[name])
    .filter((name) => name !== "/proc/meminfo" || !alike(live[name] ?? "", rebuilt[name] ?? ""))
    .map((name) => `${name}:\n  patched: ${live[name]}\n  rebuilt: ${rebuilt[name]}`);
}

/** Both ways; with what each shows. */
async function bothWays(edits: Edit[]): Promise<{ live: Seen; rebuilt: Seen }> {
  const kernel = await base;
  const files = together(kernel.files, edits);
  const live = await probe(kernel.vmlinux, await patched(kernel, files));
  const variant = await buildVariant(files);
  const rebuilt = await probe(variant.vmlinux, await patched(variant, harmless(variant.files)));
  return { live, rebuilt };
}

interface Tally {
  built: number;
  unchanged: number;
  refused: string[];
  wrong: number;
}

/** Edits that can be built, until there are enough for a batch: no two of one file. */
async function nextBatch(all: Edit[], random: () => number, tally: Tally, size: number): Promise<Edit[]> {
  const kernel = await base;
  const batch: Edit[] = [];
  while (batch.length < size) {
    const candidate = all[Math.floor(random() * all.length)]!;
    if (batch.some((e) => e.file === candidate.file)) continue;
    const outcome = await outcomeOf(kernel, together(kernel.files, [candidate]));
    if (outcome.kind === "built") batch.push(candidate);
    else if (outcome.kind === "no-change") tally.unchanged++;
    else if (outcome.kind === "compile-error") tally.wrong++;
    else tally.refused.push(`${candidate.what}: ${JSON.stringify(outcome)}`);
  }
  tally.built += batch.length;
  return batch;
}

it(
  `${EDITS} edits: patched and rebuilt look the same`,
  async () => {
    const kernel = await base;
    const untouched = await probe(kernel.vmlinux, await patched(kernel, harmless(kernel.files)));
    expect(Object.values(untouched)).not.toContain("died");
    const all = editsOf(kernel.files);
    const random = randomNumbers(SEED);
    const tally: Tally = { built: 0, unchanged: 0, refused: [], wrong: 0 };
    while (tally.built < EDITS) {
      const batch = await nextBatch(all, random, tally, Math.min(BATCH, EDITS - tally.built));
      const { live, rebuilt } = await bothWays(batch);
      const what = batch.map((e) => e.what).join("\n");
      expect(differences(live, rebuilt), what).toEqual([]);
      // A batch of edits that nobody can see would prove nothing.
      expect(differences(live, untouched), what).not.toEqual([]);
    }
    console.log(
      `${all.length} edits possible; tried: ${tally.built} built, ${tally.unchanged} without a change, ${tally.wrong} do not compile, ${tally.refused.length} refused`,
    );
    expect(tally.refused).toEqual([]);
  },
  120_000 + EDITS * 20_000,
);

it("another edit is seen as another", async () => {
  const kernel = await base;
  const named = (text: string) => editsOf(kernel.files).find((e) => e.what.includes(text))!;
  const one = await probe(kernel.vmlinux, await patched(kernel, together(kernel.files, [named("message")])));
  const other = await probe(
    kernel.vmlinux,
    await patched(kernel, together(kernel.files, [named("constant")])),
  );
  expect(differences(one, other)).not.toEqual([]);
}, 120_000);
