import { svelte } from "@sveltejs/vite-plugin-svelte";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

export default defineConfig({
  root: resolve(root, "web"),
  // Relative, so that the site works under any path of any host.
  base: "./",
  plugins: [svelte()],
  build: {
    outDir: resolve(root, "dist"),
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: {
      input: [resolve(root, "web/index.html"), resolve(root, "web/embed/index.html")],
    },
  },
  test: {
    root,
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "node_modules/**"],
    testTimeout: 30_000,
  },
});
