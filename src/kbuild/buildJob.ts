/** Answers what kpatch-build, klp-build and make ask for. */

import type { BuildAnswer, BuildRequest, Refusal } from "../user/kpatch/buildJob";
import type { BuildJob } from "../user/make/buildJobs";
import { buildPatch, type Findings } from "./buildPatch";
import type { KernelImage } from "./image";
import { buildOutOfTree } from "./outOfTree";
import { EXPLANATIONS, type Reason } from "./reasons";
import { isSource } from "./tree";

/** @param shipped describes the kernel of the build we belong to */
export async function runBuildJob(shipped: KernelImage, job: BuildJob): Promise<unknown> {
  switch (job.kind) {
    case "build-patch":
      return doBuildJob(shipped, job.request);
    case "build-module":
      return buildOutOfTree(shipped, job.request);
  }
}

/** @param image the running kernel's */
export async function doBuildJob(image: KernelImage, request: BuildRequest): Promise<BuildAnswer> {
  const outcome = await buildPatch({
    tree: new Map(Object.entries(request.tree)),
    image,
    diffs: request.patches.map((p) => p.diff),
    name: request.name,
    replace: request.replace,
  });
  switch (outcome.kind) {
    case "built":
      return { kind: "built", ko: outcome.ko, objects: outcome.objects, ...findings(outcome) };
    case "no-change":
      if (!outcome.touched.some(isSource)) return { kind: "no-objects" };
      return { kind: "no-change", ...findings(outcome) };
    case "refused":
      return { kind: "refused", refusals: outcome.reasons.map(refusal), ...findings(outcome) };
    case "undefined":
      return { kind: "undefined", symbols: outcome.symbols, ...findings(outcome) };
    case "compile-error":
      return { ...outcome, original: false };
    case "apply-failed":
      // The front end has applied the same diffs to the same tree before it asked.
      throw new Error(`kbuild: ${outcome.reasons.join("; ")}`);
  }
}

function findings({ notes, warnings }: Findings): Findings {
  return { notes, warnings };
}

function refusal({ id, file, details, summary }: Reason): Refusal {
  return { id, file, details, summary, ...EXPLANATIONS[id] };
}
