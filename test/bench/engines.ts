/** The two places code is measured in: this Node, and a page of a real Chromium. */

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import type { Page } from "@playwright/test";
import type { PluginBuild } from "esbuild";
import type { InsideInput, InsideName } from "./inside/all.ts";
import { runInside } from "./inside/all.ts";
import type { Series } from "./inside/interleave.ts";
import type { LoadFile } from "./inside/kernels.ts";

export interface Engine {
  readonly name: "node" | "chromium";
  readonly version: string;
  /** Runs a measurement of inside/; files it loads lie in `BUILD_DIR`. */
  run<K extends InsideName>(name: K, input: InsideInput<K>): Promise<Series>;
  /** A fresh page, for rows that measure a page. */
  newPage?: () => Promise<Page>;
  close(): Promise<void>;
}

/** What measurements load: the built kernel, and in `bench/` their own. */
export const BUILD_DIR = "build";
export const BENCH_DIR = `${BUILD_DIR}/bench`;

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

export function nodeLoad(root: string): LoadFile {
  return (name) => Promise.resolve(new Uint8Array(readFileSync(join(root, BUILD_DIR, name))));
}

export function nodeEngine(root: string): Engine {
  const load = nodeLoad(root);
  return {
    name: "node",
    version: process.version,
    run: (name, input) => runInside(name, input, load),
    close: () => Promise.resolve(),
  };
}

export async function chromiumEngine(root: string): Promise<Engine> {
  const { ensureChromium } = await importSetup(root);
  const { chromium } = await import("@playwright/test");
  await bundlePage(root);
  const server = await serve(join(root, BUILD_DIR));
  const address = server.address() as { port: number };
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: [...FLAGS, ...QUIET, ...(process.env.BENCH_CHROMIUM ?? "").split(" ").filter(Boolean)],
  });
  return {
    name: "chromium",
    version: browser.version(),
    async run(name, input) {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${address.port}/page.html`);
      await page.waitForFunction(() => "runInside" in globalThis);
      const series = await page.evaluate(callInside, { name, input: input as unknown });
      await page.close();
      return series;
    },
    newPage: async () => (await browser.newContext()).newPage(),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** Runs in the page. */
function callInside({ name, input }: { name: InsideName; input: unknown }): Promise<Series> {
  const page = globalThis as unknown as { runInside: (name: InsideName, input: unknown) => Promise<Series> };
  return page.runInside(name, input);
}

async function importSetup(root: string): Promise<{ ensureChromium: () => Promise<string> }> {
  return (await import(join(root, "src/setup/chromium.mjs"))) as {
    ensureChromium: () => Promise<string>;
  };
}

async function bundlePage(root: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(root, "test/bench/inside/page.ts")],
    outdir: join(root, BENCH_DIR, "page"),
    bundle: true,
    format: "esm",
    splitting: true,
    target: "es2022",
    logLevel: "warning",
    // asc and binaryen look for Node's modules and do without them.
    plugins: [{ name: "no-node", setup: emptyNodeModules }],
  });
}

function emptyNodeModules(build: PluginBuild): void {
  build.onResolve({ filter: /^(node:)?(fs|module|path|url)$/ }, ({ path }) => ({
    path,
    namespace: "no-node",
  }));
  build.onLoad({ filter: /./, namespace: "no-node" }, () => ({ contents: "export default {};" }));
}

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** A static host of a folder, which adds the page that measurements run in. */
export function serve(dir: string): Promise<Server> {
  const server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1);
    // An isolated page has a clock of 5 us instead of 100.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (name === "page.html") {
      response.setHeader("Content-Type", "text/html");
      response.end(
        `<!doctype html><title>bench</title><script type="module" src="bench/page/page.js"></script>`,
      );
      return;
    }
    try {
      const bytes = readFileSync(join(dir, name));
      response.setHeader("Content-Type", TYPES[extname(name)] ?? "application/octet-stream");
      response.end(bytes);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
