// jobs.ts - what a program of the machine may have this computer do.
import type { KernelImage } from "../kbuild/image.ts";
import type { BuildRequest } from "../user/kpatch/buildJob.ts";
import type { HostJob } from "../user/sys.ts";

/** The compiler is loaded by the first build. */
export function jobsOf(image: KernelImage): (job: HostJob) => Promise<unknown> {
  return async (job) => {
    if (job.kind !== "build-patch") throw new Error(`no host job ${job.kind}`);
    const { doBuildJob } = await import("../kbuild/buildJob.ts");
    return doBuildJob(image, job.request as BuildRequest);
  };
}
