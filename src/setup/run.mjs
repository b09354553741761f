// run.mjs - runs a TypeScript program of this checkout: node src/setup/run.mjs FILE.ts [ARGS].
//
// Node 20 does not read TypeScript, so the program is bundled into build/run/
// first; packages stay outside the bundle. Bundling is a few milliseconds.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./install.mjs";

/**
 * Bundles `entry` (a path from the root) and returns the file to import. What
 * is imported late is a file of its own: a shell that compiles nothing does not
 * load the compiler.
 */
export async function bundle(entry) {
  const { build } = await import("esbuild");
  const id = createHash("sha256").update(entry).digest("hex").slice(0, 8);
  const outdir = `${root}build/run`;
  const name = `${basename(entry, ".ts")}.${id}`;
  const { outputFiles } = await build({
    entryPoints: [{ in: resolve(root, entry), out: name }],
    outdir,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunk.[hash]",
    splitting: true,
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "linked",
    logLevel: "warning",
    define: { __ROOT__: JSON.stringify(root) },
  });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  return `${outdir}/${name}.mjs`;
}

/** Another process may be reading the file: it is there as a whole, or not touched. */
function replaceFile(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
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
