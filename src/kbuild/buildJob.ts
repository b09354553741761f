/** Answers what kpatch-build, klp-build and make ask for. */

import type { BuildAnswer, BuildRequest, Refusal } from "../user/kpatch/buildJob";
import type { BuildJob } from "../user/make/buildJobs";
import { buildPatch, type Findings } from "./buildPatch";
import type { KernelImage } from "./image";
import { unpackDescription } from "./description";
import { buildOutOfTree } from "./outOfTree";
import { patchOutside } from "./patchOutside";
import { rebuildKernel } from "./rebuildKernel";
import { EXPLANATIONS, type Reason } from "./reasons";
import { isSource } from "./tree";

/**
 * @param shipped describes the kernel of the build we belong to
 * @param running describes the one that asks, when it was built in a machine
 */
export async function runBuildJob(
  shipped: KernelImage,
  job: BuildJob,
  running: Uint8Array | null,
): Promise<unknown> {
  const described = async (bytes: Uint8Array | null) => (bytes ? unpackDescription(bytes) : shipped);
  switch (job.kind) {
    case "build-patch":
      return doBuildJob(await described(running), job.request);
    case "build-module":
      return buildOutOfTree(await described(job.request.kernel), job.request);
    case "build-kernel":
      return rebuildKernel(shipped, job.request);
  }
}

/** @param image the running kernel's */
export async function doBuildJob(image: KernelImage, request: BuildRequest): Promise<BuildAnswer> {
  if (request.outside) return patchOutside(image, request, request.outside, doBuildJob);
  const outcome = await buildPatch({
    tree: new Map(Object.entries(request.tree)),
    image,
    patched: request.patched,
    name: request.name,
    replace: request.replace,
    details: request.details,
    changed: request.changed,
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
      // Only diffs can fail to apply, and the front end sent none.
      throw new Error(`kbuild: ${outcome.reasons.join("; ")}`);
  }
}

function findings({ notes, warnings, details }: Findings): Findings {
  return { notes, warnings, details };
}

function refusal({ id, file, details, summary }: Reason): Refusal {
  return { id, file, details, summary, ...EXPLANATIONS[id] };
}
