// run.mjs - runs a TypeScript program of this checkout: node src/setup/run.mjs FILE.ts [ARGS].
//
// Node 20 does not read TypeScript, so the program is bundled into build/run/
// first; packages stay outside the bundle. Bundling is a few milliseconds.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./install.mjs";

/** Bundles `entry` (a path from the root) and returns the file to import. */
export async function bundle(entry) {
  const { build } = await import("esbuild");
  const id = createHash("sha256").update(entry).digest("hex").slice(0, 8);
  const outfile = `${root}build/run/${basename(entry, ".ts")}.${id}.mjs`;
  mkdirSync(`${root}build/run`, { recursive: true });
  await build({
    entryPoints: [resolve(root, entry)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
    define: { __ROOT__: JSON.stringify(root) },
  });
  return outfile;
}

const invoked = process.argv[1] && resolve(process.argv[1]) === resolve(root, "src/setup/run.mjs");
if (invoked) {
  const [, , entry, ...args] = process.argv;
  if (!entry) {
    console.error("usage: node src/setup/run.mjs FILE.ts [ARGS]");
    process.exit(2);
  }
  const path = relative(root, resolve(entry));
  process.argv = [process.argv[0], path, ...args];
  await import(pathToFileURL(await bundle(path)).href);
}
