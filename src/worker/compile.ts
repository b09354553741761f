// compile.ts - the compiler: asc, binaryen and the patch builder. Imported by
// nothing that is loaded before somebody builds a patch.
import { runBuildJob } from "../kbuild/buildJob.ts";
import type { KernelImage } from "../kbuild/image.ts";
import type { CompileRequest } from "./protocol.ts";

let image: Promise<KernelImage> | null = null;

async function fetchImage(base: string): Promise<KernelImage> {
  const response = await fetch(`${base}kernel.json`);
  if (!response.ok) throw new Error(`kernel.json: ${response.status} ${response.statusText}`);
  return response.json() as Promise<KernelImage>;
}

export async function compile({ base, job, running }: CompileRequest): Promise<unknown> {
  image ??= fetchImage(base);
  return runBuildJob(await image, job, running);
}
