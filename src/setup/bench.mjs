// bench.mjs - `npm run bench [-- NAME...]`: measures the kernel as built.
import { ensureInstalled, mustRun } from "./install.mjs";
import { ensureKernel } from "./kernel.mjs";

ensureInstalled();
ensureKernel();
mustRun("node", ["src/setup/run.mjs", "test/bench/bench.ts", ...process.argv.slice(2)]);
