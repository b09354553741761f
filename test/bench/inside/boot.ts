import { init } from "../../../src/user/init.ts";
import { cpuTime, now, type Series } from "./interleave.ts";
import type { LoadFile } from "./kernels.ts";
import { loadAssets, makeMachine } from "./machine.ts";

/**
 * One boot to the moment everybody waits: with a shell, its first prompt. The
 * first in its process or page, for the second finds compiled code.
 */
export async function boot(_input: Record<string, never>, load: LoadFile): Promise<Series> {
  const assets = await loadAssets(load);
  const startCpu = cpuTime();
  const start = now();
  const { machine } = makeMachine(assets, init);
  const compiled = now();
  const quiet = new Promise<void>((resolve) => (machine.onQuiet = resolve));
  machine.boot();
  const kernel = now();
  await quiet;
  const end = now();
  machine.destroy();
  return {
    "compile and instantiate": [compiled - start],
    "start_kernel to init": [kernel - compiled],
    "init to first prompt": [end - kernel],
    all: [end - start],
    ...(startCpu > 0 ? { "all, processor time": [cpuTime() - startCpu] } : {}),
  };
}
