// sameEverywhere.e2e.ts - what the machine does is not the engine's business: callers in traces, the text of an
// oops and every byte of the state behind them are the same in the page as in Node.
import { expect, test } from "@playwright/test";
import { build, type PluginBuild } from "esbuild";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";

const BUILD = resolve(import.meta.dirname, "../../build");
const BUNDLE = join(BUILD, "test/tracedSession.mjs");
const PAGE = `<script type="module">
import { tracedSession } from "./test/tracedSession.mjs";
const load = async (name) => new Uint8Array(await (await fetch("./" + name)).arrayBuffer());
globalThis.answer = tracedSession(load);
</script>`;

/** In a process of its own: the test runner changes what errors say. */
const IN_NODE = `
import { readFileSync } from "node:fs";
import { tracedSession } from "./test/tracedSession.mjs";
process.stdout.write(await tracedSession(async (name) => new Uint8Array(readFileSync(name))));
`;

/** asc's loader asks for Node's modules and does without them. */
function withoutNode(build: PluginBuild): void {
  build.onResolve({ filter: /^(node:)?(fs|module|path|url)$/ }, ({ path }) => ({ path, namespace: "none" }));
  build.onLoad({ filter: /./, namespace: "none" }, () => ({ contents: "export default {};" }));
}

/** The page, the bundle and what a machine boots from. */
function host(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = join(BUILD, request.url ?? "/");
    if (request.url === "/") response.setHeader("Content-Type", "text/html").end(PAGE);
    else if (!existsSync(path)) response.writeHead(404).end();
    else {
      if (path.endsWith(".mjs")) response.setHeader("Content-Type", "text/javascript");
      response.end(readFileSync(path));
    }
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

test("a traced session ends in the same state and text in the browser as in Node", async ({ page }) => {
  await build({
    entryPoints: [join(import.meta.dirname, "inside/tracedSession.ts")],
    outfile: BUNDLE,
    bundle: true,
    format: "esm",
    target: "es2022",
    plugins: [{ name: "without-node", setup: withoutNode }],
  });
  const inNode = execFileSync(process.execPath, ["--input-type=module", "-e", IN_NODE], {
    cwd: BUILD,
    encoding: "utf8",
  });
  expect(inNode).toMatch(/ => livepatch_cmdline_proc_show\s+ => show_record\s/);
  expect(inNode).toMatch(/ path_init\+0x0\/0x[0-9a-f]+\n/);

  const server = await host();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => "answer" in globalThis);
  const inPage = await page.evaluate(() => (globalThis as unknown as { answer: Promise<string> }).answer);
  server.close();
  expect(inPage).toBe(inNode);
});
