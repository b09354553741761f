// build.mjs - `npm run build`: the page as static files in dist/, for any host and any sub-path.
import { ensureInstalled, mustRun } from "./install.mjs";
import { ensureKernel } from "./kernel.mjs";

ensureInstalled();
ensureKernel();
mustRun("npx", ["vite", "build"]);
