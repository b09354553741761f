// start.mjs - `npm start`: everything needed, then the page, served; prints the URL.
import { ensureInstalled, root } from "./install.mjs";
import { ensureKernel } from "./kernel.mjs";

ensureInstalled();
ensureKernel();

const { createServer } = await import("vite");
const server = await createServer({ root, configFile: `${root}vite.config.ts` });
await server.listen();
server.printUrls();
