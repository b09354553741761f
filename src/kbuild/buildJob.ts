/**
 * The host job "build-patch": what kpatch-build asks for, answered by the
 * patch builder.
 */
import type { BuildAnswer, BuildRequest, BuildWarning, FunctionNote } from "../user/kpatch/buildJob.ts";
import { buildPatch, type PatchOutcome } from "./buildPatch.ts";
import type { KernelImage } from "./image.ts";
import { EXPLANATIONS, type Reason } from "./reasons.ts";
import { kernelFiles } from "./tree.ts";

/**
 * @throws Error when a diff does not apply: the tool tests that before it asks.
 */
export async function doBuildJob(image: KernelImage, request: BuildRequest): Promise<BuildAnswer> {
  const outcome = await buildPatch({
    image,
    tree: new Map(Object.entries(request.tree)),
    diffs: request.patches.map(({ diff }) => diff),
    name: request.name,
    replace: request.replace,
  });
  return answerOf(outcome);
}

function answerOf(outcome: PatchOutcome): BuildAnswer {
  switch (outcome.kind) {
    case "built": {
      const { ko, objects, log } = outcome;
      return { kind: "built", ko, objects, notes: log.flatMap(noteOf), warnings: log.flatMap(warningOf) };
    }
    case "refused": {
      const { reasons, log } = outcome;
      const refusals = reasons.map(refusalOf);
      return { kind: "refused", refusals, notes: log.flatMap(noteOf), warnings: log.flatMap(warningOf) };
    }
    case "no-change": {
      const compiled = kernelFiles(new Map(outcome.touched.map((path) => [path, ""])));
      return compiled.length > 0 ? { kind: "no-change", notes: [], warnings: [] } : { kind: "no-objects" };
    }
    case "compile-error":
      return { kind: "compile-error", original: false, diagnostics: outcome.diagnostics, text: outcome.text };
    case "apply-failed":
      throw new Error(`the diff does not apply: ${JSON.stringify(outcome.failures)}`);
  }
}

const sourceOf = (object: string) => object.replace(/\.o$/, ".ts");

/** `fs/proc/meminfo.o: changed function: meminfo_proc_show` */
function noteOf(line: string): FunctionNote[] {
  const [, object, kind, func] = /^(\S+): (changed|new) function: (.+)$/.exec(line) ?? [];
  return object ? [{ file: sourceOf(object), kind: kind as "changed" | "new", func }] : [];
}

function warningOf(line: string): BuildWarning[] {
  const [, object, text] = /^(\S+): WARNING: (.+)$/.exec(line) ?? [];
  return object ? [{ file: sourceOf(object), text, ours: true }] : [];
}

function refusalOf({ id, object, details, summary }: Reason) {
  const { why, advice } = EXPLANATIONS[id];
  return { id, file: sourceOf(object), details, summary, why, advice };
}
