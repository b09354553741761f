// jobs.ts - what a program of the machine may have this computer do.
import { decodePrebuilt, prebuiltKey } from "../kbuild/prebuilt.ts";
import type { BuildAnswer, BuildRequest } from "../user/kpatch/buildJob.ts";
import type { HostJob } from "../user/sys.ts";
import type { Checkout } from "./checkout.ts";

export function jobsOf(checkout: Checkout): (job: HostJob) => Promise<unknown> {
  return async (job) => {
    if (job.kind === "build-patch") return build(checkout, job.request as BuildRequest);
    throw new Error(`the command line cannot do the job ${job.kind}`);
  };
}

/** The compiler is loaded by the first patch that was not built with the kernel. */
async function build({ image, packed, readPrebuilt }: Checkout, request: BuildRequest): Promise<BuildAnswer> {
  const key = request.prebuilt ? prebuiltKey(packed.build, request) : "";
  if (packed.prebuilt.includes(key)) return decodePrebuilt(readPrebuilt(key));
  const { doBuildJob } = await import("../kbuild/buildJob.ts");
  return doBuildJob(image, request);
}
