/**
 * A patch does what a rebuilt kernel does: random small edits (grammar.ts and
 * its neighbours) are built into a patch that is loaded into the running
 * kernel, and into a kernel of their own that is booted; all that can be seen
 * (probe.ts) is the same. Edits that change no code, and those that no patch
 * can make, must be called so, every one of them.
 *
 * A rebuild takes seconds, so several edits share one, also several of one
 * file. `npm run fuzz` tries 500 edits, here a few, always the same ones.
 */

import { expect, it } from "vitest";
import { buildPatch, type PatchOutcome } from "../../../src/kbuild/buildPatch.ts";
import type { FileMap } from "../../../src/kbuild/compile.ts";
import { buildVariant, diffOf, edit, kernelSources, type KernelVariant } from "../../kernelVariant.ts";
import { applied, type Edit, overlap } from "./edit.ts";
import { withExtra } from "./extra.ts";
import { probe, type Seen } from "./probe.ts";
import { editsOf } from "./targets.ts";

const EDITS = Number(process.env.DIFF_RUNS ?? 16);
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

const pick = <T>(list: T[], random: () => number): T => list[Math.floor(random() * list.length)]!;

const base = buildVariant(withExtra(kernelSources()));
base.catch(() => {});

const outcomeOf = (kernel: KernelVariant, files: FileMap): Promise<PatchOutcome> =>
  buildPatch({
    tree: kernel.files,
    image: kernel.image,
    diffs: [diffOf(kernel.files, files)],
    name: "edits",
    replace: false,
  });

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

/** What was tried, by kind of edit. */
class Tally {
  readonly built: Edit[] = [];
  readonly unchanged: Edit[] = [];
  readonly refused: Edit[] = [];
  /** Edits that do not compile: the grammar's fault. */
  readonly wrong: Edit[] = [];
  /** Wrong verdicts, and differences between the patched and the rebuilt kernel. */
  readonly failures: string[] = [];
  /** Edits that alone can be seen. */
  effective = 0;

  get tried(): number {
    return this.built.length + this.unchanged.length + this.refused.length + this.failures.length;
  }

  report(possible: number): string {
    const { built, unchanged, refused, wrong, effective } = this;
    const kinds = new Map<string, number>();
    for (const { kind } of [...built, ...unchanged, ...refused]) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const list = [...kinds].sort().map(([kind, n]) => `${kind} ${n}`);
    const figures = [
      `${built.length} built, ${effective} of them seen by themselves`,
      `${unchanged.length} without a change`,
      `${refused.length} refused as they must be`,
      `${wrong.length} do not compile`,
    ];
    return `${possible} edits possible; ${this.tried} tried: ${figures.join(", ")}\n${list.join(", ")}`;
  }
}

/** Builds one edit by itself and looks at the verdict; true when it became a patch. */
async function judge(edit: Edit, tally: Tally): Promise<boolean> {
  const kernel = await base;
  const outcome = await outcomeOf(kernel, applied(kernel.files, [edit]));
  if (outcome.kind === "compile-error") tally.wrong.push(edit);
  else if (!isRight(edit, outcome)) tally.failures.push(`${edit.what}: ${JSON.stringify(outcome)}`);
  else if (outcome.kind === "built") tally.built.push(edit);
  else if (outcome.kind === "no-change") tally.unchanged.push(edit);
  else tally.refused.push(edit);
  return outcome.kind === "built";
}

function isRight({ verdict }: Edit, outcome: PatchOutcome): boolean {
  if (verdict === "any") return outcome.kind === "built" || outcome.kind === "no-change";
  if (verdict === "unchanged") return outcome.kind === "no-change";
  return outcome.kind === "refused" && outcome.reasons.every(({ id }) => id === verdict);
}

/** Three of four edits mean something; within that each kind has the same chance. */
function candidates(all: Edit[], random: () => number): () => Edit {
  const byKind = (edits: Edit[]) =>
    [...new Set(edits.map((e) => e.kind))].map((kind) => edits.filter((e) => e.kind === kind));
  const meant = byKind(all.filter((e) => e.verdict === "any"));
  const others = byKind(all.filter((e) => e.verdict !== "any"));
  return () => pick(pick(random() < 0.75 ? meant : others, random), random);
}

/** Tries edits until enough of them for a batch are built. */
async function nextBatch(next: () => Edit, tally: Tally): Promise<Edit[]> {
  const batch: Edit[] = [];
  while (batch.length < BATCH && tally.tried < EDITS) {
    const candidate = next();
    if (batch.some((e) => overlap(e, candidate))) continue;
    if (await judge(candidate, tally)) batch.push(candidate);
  }
  return batch;
}

/** How many edits of a batch can be seen alone. */
async function effectiveOf(batch: Edit[], untouched: Seen): Promise<number> {
  const kernel = await base;
  let effective = 0;
  for (const edit of batch) {
    const seen = await probe(kernel.vmlinux, await patched(kernel, applied(kernel.files, [edit])));
    if (differences(seen, untouched).length > 0) effective++;
  }
  return effective;
}

/** The kernel with all edits that are no change is, byte for byte, the kernel without them. */
async function sameBytes(edits: Edit[]): Promise<void> {
  const kernel = await base;
  const rest = [...edits];
  while (rest.length > 0) {
    const group: Edit[] = [];
    for (const e of [...rest]) {
      if (group.some((other) => overlap(e, other))) continue;
      group.push(e);
      rest.splice(rest.indexOf(e), 1);
    }
    const variant = await buildVariant(applied(kernel.files, group));
    const what = group.map((e) => e.what).join("\n");
    expect(Buffer.compare(variant.bytes, kernel.bytes), what).toBe(0);
  }
}

it(
  `${EDITS} edits: patched and rebuilt look the same`,
  async () => {
    const kernel = await base;
    const untouched = await probe(kernel.vmlinux, await patched(kernel, harmless(kernel.files)));
    expect(Object.values(untouched)).not.toContain("died");
    const all = editsOf(kernel.files);
    const next = candidates(all, randomNumbers(SEED));
    const tally = new Tally();
    while (tally.tried < EDITS) {
      const batch = await nextBatch(next, tally);
      if (batch.length === 0) continue;
      const files = applied(kernel.files, batch);
      const live = await probe(kernel.vmlinux, await patched(kernel, files));
      const variant = await buildVariant(files);
      const rebuilt = await probe(variant.vmlinux, await patched(variant, harmless(files)));
      const differ = differences(live, rebuilt);
      if (differ.length > 0) tally.failures.push([...batch.map((e) => e.what), ...differ].join("\n"));
      tally.effective += await effectiveOf(batch, untouched);
    }
    console.log(tally.report(all.length));
    expect(tally.failures).toEqual([]);
    await sameBytes(tally.unchanged);
    // Edits that nobody can see would prove nothing; nor would those that do not compile.
    expect(tally.effective).toBeGreaterThan(tally.built.length / 3);
    expect(tally.wrong.length).toBeLessThan(tally.tried / 4);
  },
  120_000 + EDITS * 20_000,
);

it("another edit is seen as another", async () => {
  const kernel = await base;
  const named = (kind: string) => editsOf(kernel.files).find((e) => e.kind === kind)!;
  const show = async (kind: string) =>
    probe(kernel.vmlinux, await patched(kernel, applied(kernel.files, [named(kind)])));
  expect(differences(await show("message"), await show("constant"))).not.toEqual([]);
}, 120_000);
