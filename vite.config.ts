import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build as bundle } from "esbuild";
import { createReadStream, cpSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { constEnums } from "./src/setup/constEnums.ts";
import { readSections, writeSections } from "./src/kbuild/wasmSections.ts";

const root = import.meta.dirname;
const BUILD = resolve(root, "build");
const ABI = resolve(root, "kernel-as/abi.ts");

/** Of what `npm run build:kernel` makes, what a page fetches. */
const KERNEL_FILES = ["vmlinux.wasm", "rootfs.json", "rootfs.bin", "kernel.json", "prebuilt"];

/** The kernel image and what was built with it, as `kernel/` beside the page. */
function kernelFiles(): Plugin {
  let outDir = "";
  return {
    name: "patchbay:kernel-files",
    configResolved: (config) => {
      if (config.command === "build") outDir = resolve(config.root, config.build.outDir);
    },
    configureServer: ({ middlewares }) => {
      middlewares.use("/kernel", (request, response, next) => {
        const path = new URL(request.url ?? "/", "http://x").pathname.slice(1);
        const file = resolve(BUILD, path);
        const isOurs = KERNEL_FILES.includes(path.split("/")[0]) && file.startsWith(BUILD);
        if (!isOurs || !existsSync(file) || !statSync(file).isFile()) return next();
        response.setHeader(
          "Content-Type",
          path.endsWith(".wasm") ? "application/wasm" : "application/octet-stream",
        );
        createReadStream(file).pipe(response);
      });
    },
    closeBundle: () => {
      if (!outDir) return;
      for (const name of KERNEL_FILES) {
        cpSync(resolve(BUILD, name), resolve(outDir, "kernel", name), { recursive: true });
      }
      // A page finds the functions of an oops by their indices: names are a sixth of the kernel.
      const image = resolve(outDir, "kernel", "vmlinux.wasm");
      const sections = readSections(readFileSync(image)).filter(({ name }) => name !== "name");
      writeFileSync(image, writeSections(sections));
    },
  };
}

/** The machine's worker as the text of one classic script, for frames that have no origin. */
function classicWorker(): Plugin {
  const id = "virtual:classic-worker";
  return {
    name: "patchbay:classic-worker",
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: async (source) => {
      if (source !== `\0${id}`) return null;
      const result = await bundle({
        entryPoints: [resolve(root, "src/worker/worker.ts")],
        bundle: true,
        format: "iife",
        target: "es2022",
        minify: true,
        write: false,
        // Node's half of a shared module is never reached here.
        external: ["node:*"],
      });
      return `export default ${JSON.stringify(result.outputFiles[0].text)};`;
    },
  };
}

/** asc and binaryen look for Node's modules and do without them: nothing stands in for those. */
function noNode(): Plugin {
  const id = "\0patchbay:no-node";
  return {
    name: "patchbay:no-node",
    enforce: "pre",
    resolveId: (source) => (/^(node:)?(fs|module|path|url)$/.test(source) ? id : null),
    load: (source) => (source === id ? "export default {};" : null),
  };
}

export default defineConfig(({ mode }) => ({
  root: resolve(root, "web"),
  // Relative, so that the site works under any path of any host.
  base: "./",
  // The tests run in Node, and need its modules.
  plugins: [
    svelte({ configFile: false }),
    kernelFiles(),
    classicWorker(),
    ...(mode === "test" ? [] : [noNode(), constEnums(ABI)]),
  ],
  worker: { format: "es", plugins: () => [noNode(), constEnums(ABI)] },
  // A frame without an origin fetches everything as a stranger.
  server: { cors: true },
  preview: { cors: true },
  build: {
    outDir: resolve(root, "dist"),
    emptyOutDir: true,
    target: "es2022",
    // The compiler is 14 MB, and loaded by nobody who builds nothing.
    chunkSizeWarningLimit: 20_000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: [resolve(root, "web/index.html"), resolve(root, "web/embed/index.html")],
    },
  },
  test: {
    root,
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "node_modules/**"],
    // A shared machine is slow at times; only a test that hangs comes near these.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
}));
