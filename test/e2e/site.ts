// site.ts - the built page on a static host, under a sub-path, and what the tests ask of it.
import { test as base, expect, type Page } from "@playwright/test";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, resolve } from "node:path";

const DIST = resolve(import.meta.dirname, "../../dist");
/** Anything but the root: the page must not care where it lies. */
const PREFIX = "/some/where/";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

function listen(server: Server): Promise<string> {
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/** Serves dist/ as GitHub Pages would: plain files, readable from every origin. */
function staticHost(): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    const path = resolve(DIST, `./${pathname.slice(PREFIX.length)}`);
    const file = existsSync(path) && statSync(path).isDirectory() ? `${path}/index.html` : path;
    if (!pathname.startsWith(PREFIX) || !file.startsWith(DIST) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Access-Control-Allow-Origin": "*",
    });
    createReadStream(file).pipe(response);
  });
}

/** A page of somebody else's, on its own origin. */
function hostOf(html: string): Server {
  return createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end(html);
  });
}

interface Fixtures {
  /** Address of the play page. Ends with a slash. */
  site: string;
  /** Serves a page with this text on a fresh origin; its address. */
  elsewhere: (html: string) => Promise<string>;
  /** Fails the test for anything the page throws. */
  noErrors: void;
}

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern
  site: async ({}, use) => {
    const server = staticHost();
    await use((await listen(server)) + PREFIX);
    server.close();
  },
  // eslint-disable-next-line no-empty-pattern
  elsewhere: async ({}, use) => {
    const servers: Server[] = [];
    await use((html) => {
      const server = hostOf(html);
      servers.push(server);
      return listen(server);
    });
    for (const server of servers) server.close();
  },
  noErrors: [
    async ({ context }, use) => {
      const errors: string[] = [];
      context.on("weberror", (error) => errors.push(error.error().stack ?? String(error.error())));
      await use();
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Everything the console has shown since the page was opened. */
export function printed(page: Pick<Page, "evaluate">): Promise<string> {
  return page.evaluate(() => {
    const { patchbay } = window as unknown as { patchbay: { machine: { since(mark: number): string } } };
    return patchbay.machine.since(0);
  });
}

/** Waits for the shell's first prompt. */
export async function prompt(page: Page): Promise<void> {
  await expect.poll(() => printed(page), { timeout: 90_000 }).toMatch(/[#$] $/);
}

/** Types a line into the terminal; what it printed, once the prompt is back. */
export async function command(page: Page, line: string): Promise<string> {
  await prompt(page);
  const before = (await printed(page)).length;
  await page.getByRole("textbox", { name: /^Terminal/ }).focus();
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await printed(page)).slice(before), { timeout: 90_000 })
    .toMatch(/\n.*[#$] $/);
  return (await printed(page)).slice(before).split("\n").slice(1, -1).join("\n");
}

/** For people to look at: build/test/screenshots/NAME.png. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: resolve(DIST, `../build/test/screenshots/${name}.png`) });
}
