// jobs.ts - what a program of the machine may have this computer do.
import { decodePrebuilt, prebuiltKey } from "../kbuild/prebuilt.ts";
import { BUILD_JOBS, type BuildJob } from "../user/make/buildJobs.ts";
import type { HostJob } from "../user/sys.ts";
import type { Checkout } from "./checkout.ts";

export function jobsOf(checkout: Checkout): (job: HostJob) => Promise<unknown> {
  return async (job) => {
    if (BUILD_JOBS.has(job.kind)) return build(checkout, job as BuildJob);
    throw new Error(`the command line cannot do the job ${job.kind}`);
  };
}

/** The compiler is loaded by the first job that was not done when the kernel was built. */
async function build({ image, packed, readPrebuilt }: Checkout, job: BuildJob): Promise<unknown> {
  if (job.kind === "build-patch" && job.request.prebuilt) {
    const key = prebuiltKey(packed.build, job.request);
    if (packed.prebuilt.includes(key)) return decodePrebuilt(readPrebuilt(key), job.request);
  }
  const { runBuildJob } = await import("../kbuild/buildJob.ts");
  return runBuildJob(image, job);
}
