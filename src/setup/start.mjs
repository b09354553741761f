// start.mjs - `npm start`: everything needed, then the page, built and served; prints the URL.
//
// `npm start -- --dev` serves the sources instead, and reloads what is edited.
import { ensureInstalled, root } from "./install.mjs";
import { ensureKernel } from "./kernel.mjs";

ensureInstalled();
ensureKernel();

const { build, createServer, preview } = await import("vite");
const configFile = `${root}vite.config.ts`;

async function serveSources() {
  const server = await createServer({ configFile });
  await server.listen();
  return server;
}

async function serveBuilt() {
  await build({ configFile, logLevel: "warn" });
  return preview({ configFile });
}

const server = await (process.argv.includes("--dev") ? serveSources() : serveBuilt());
console.log("Patchbay:");
server.printUrls();
