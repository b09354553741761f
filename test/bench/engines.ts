/** The two places code is measured in: this Node, and a page of a real Chromium. */

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { InsideInput, InsideName } from "./inside/all.ts";
import { runInside } from "./inside/all.ts";
import type { Series } from "./inside/interleave.ts";
import type { LoadFile } from "./inside/kernels.ts";

export interface Engine {
  readonly name: "node" | "chromium";
  readonly version: string;
  /** Runs a measurement of inside/; files it loads lie in `BUILD_DIR`. */
  run<K extends InsideName>(name: K, input: InsideInput<K>): Promise<Series>;
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
    args: [...FLAGS, ...QUIET],
  });
  return {
    name: "chromium",
    version: browser.version(),
    async run(name, input) {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${address.port}/page.html`);
      const series = await page.evaluate(callInside, { name, input: input as unknown });
      await page.close();
      return series;
    },
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
    outfile: join(root, BENCH_DIR, "page.js"),
    bundle: true,
    format: "iife",
    target: "es2022",
    logLevel: "warning",
  });
}

function serve(dir: string): Promise<Server> {
  const server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1);
    // An isolated page has a clock of 5 us instead of 100.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (name === "page.html") {
      response.setHeader("Content-Type", "text/html");
      response.end(`<!doctype html><title>bench</title><script src="bench/page.js"></script>`);
      return;
    }
    try {
      response.end(readFileSync(join(dir, name)));
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
