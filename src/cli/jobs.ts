// jobs.ts - what a program of the machine may have this computer do.
import { decodePrebuilt, prebuiltKey } from "../kbuild/prebuilt.ts";
import { BUILD_JOBS, type BuildJob } from "../user/make/buildJobs.ts";
import type { Kernel } from "../machine/vmlinux.ts";
import type { HostJob } from "../user/sys.ts";
import type { Checkout } from "./checkout.ts";

export function jobsOf(checkout: Checkout): (job: HostJob, kernel?: Kernel) => Promise<unknown> {
  return async (job, kernel) => {
    if (BUILD_JOBS.has(job.kind)) return build(checkout, job as BuildJob, kernel?.description ?? null);
    throw new Error(`the command line cannot do the job ${job.kind}`);
  };
}

/** The compiler is loaded by the first job that was not done when the kernel was built. */
async function build(
  { image, packed, readPrebuilt }: Checkout,
  job: BuildJob,
  running: Uint8Array | null,
): Promise<unknown> {
  if (job.kind === "build-patch" && job.request.prebuilt && running === null) {
    const key = prebuiltKey(packed.build, job.request);
    if (packed.prebuilt.includes(key)) return decodePrebuilt(readPrebuilt(key), job.request);
  }
  const { runBuildJob } = await import("../kbuild/buildJob.ts");
  return runBuildJob(image, job, running);
}
