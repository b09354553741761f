import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page, Request } from "@playwright/test";
import { serve, type Engine } from "../engines.ts";
import type { Figure, Measured, Row } from "../row.ts";
import { distribution } from "../stats.ts";

const LOADS = 9;

/** Issue 2. */
const BYTES_GOAL = 350_000;
const BOOT_GOAL_MS = 150;

interface Load {
  /** Milliseconds since the navigation began. */
  loadEvent: number;
  prompt: number;
  /** Paths of what was asked for before the prompt. */
  paths: string[];
}

/** Set in the page by watchForPrompt(). */
type Watched = typeof globalThis & { promptAt?: number };

/** Runs before the page's own scripts: notes when the terminal has a prompt. */
function watchForPrompt(): void {
  const scope = globalThis as Watched & { patchbay?: { machine: { since(mark: number): string } } };
  const timer = setInterval(() => {
    if (!scope.patchbay || !/[#$] $/.test(scope.patchbay.machine.since(0))) return;
    scope.promptAt = performance.now();
    clearInterval(timer);
  }, 1);
}

async function loadOnce(page: Page, url: string): Promise<Load> {
  // The page's own list of resources lacks what its worker fetches.
  const asked: Request[] = [];
  page.on("request", (request) => asked.push(request));
  await page.addInitScript(watchForPrompt);
  await page.goto(url);
  await page.waitForFunction(() => (globalThis as Watched).promptAt !== undefined);
  const { loadEvent, prompt, origin } = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as (PerformanceEntry & {
      loadEventEnd: number;
    })[];
    const { promptAt } = globalThis as Watched;
    return { loadEvent: navigation!.loadEventEnd, prompt: promptAt!, origin: performance.timeOrigin };
  });
  const before = asked.filter((request) => request.timing().startTime < origin + prompt);
  return { loadEvent, prompt, paths: before.map((request) => new URL(request.url()).pathname.slice(1)) };
}

async function measure(engine: Engine, root: string): Promise<Measured> {
  const built = spawnSync("npx", ["vite", "build", "--logLevel", "error"], { cwd: root, stdio: "inherit" });
  if (built.status !== 0) throw new Error("vite build failed");
  const dist = join(root, "dist");
  const server = await serve(dist);
  const { port } = server.address() as { port: number };
  const loads: Load[] = [];
  for (let i = 0; i < LOADS; i++) {
    const page = await engine.newPage!();
    loads.push(await loadOnce(page, `http://127.0.0.1:${port}/index.html`));
    await page.context().close();
  }
  server.close();
  const paths = [...new Set(loads.flatMap((load) => load.paths))].filter((path) => /\.(js|wasm)$/.test(path));
  const sizes = paths.map((path) => ({
    path,
    bytes: gzipSync(readFileSync(join(dist, path)), { level: 9 }).length,
  }));
  return report(loads, sizes);
}

function report(loads: Load[], sizes: { path: string; bytes: number }[]): Measured {
  const after = loads.map((load) => Math.max(0, load.prompt - load.loadEvent));
  const parts = sizes.map(({ path, bytes }): Figure => ({
    label: path,
    value: bytes / 1000,
    unit: "kB gzip",
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    unit: "ms",
    series: {
      "navigation to load event": loads.map((load) => load.loadEvent),
      "navigation to first prompt": loads.map((load) => load.prompt),
      "load event to first prompt": after,
    },
    figures: [
      { label: "boot after load", value: distribution(after).median, unit: "ms", goal: BOOT_GOAL_MS },
      {
        label: "JS and Wasm before the prompt",
        value: total / 1000,
        unit: "kB gzip",
        goal: BYTES_GOAL / 1000,
      },
      ...parts,
    ],
  };
}

export const pageRows: Row[] = [
  {
    name: "page",
    title: "The page: load, boot and bytes to the first prompt",
    engines: ["chromium"],
    run: measure,
  },
];
