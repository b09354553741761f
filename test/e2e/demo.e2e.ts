import type { Request } from "@playwright/test";
import { gzipSync } from "node:zlib";
import { command, expect, printed, prompt, screenshot, test } from "./site.ts";

const BUTTON = { name: "Play the demo" };

test("the demo button types a patch's whole life into the terminal", async ({ page, site }) => {
  await page.goto(site);
  await page.getByRole("button", BUTTON).click();
  await expect.poll(() => printed(page), { timeout: 90_000 }).toContain("SUCCESS");
  const functions = page.getByRole("region", { name: "Patched functions" });
  await expect(functions).toContainText("meminfo_proc_show");
  await screenshot(page, "demo-patched");
  await expect(page.getByRole("button", BUTTON)).toBeVisible({ timeout: 90_000 });
  await screenshot(page, "demo-end");

  const text = await printed(page);
  expect(text).toContain("changed function: meminfo_proc_show");
  expect(text).toMatch(/livepatch: enabling patch 'livepatch_meminfo_string'/);
  const labels = [...text.matchAll(/^(\w*chunk\w*):.* kB$/gim)].map((match) => match[1]);
  expect(labels).toHaveLength(3);
  expect(labels[1]).not.toBe(labels[0]);
  expect(labels[2]).toBe(labels[0]);
  await expect(functions).toContainText("None.");
});

/** What comes after the first prompt: the other programs, and the editor. */
const LATE = /\/assets\/(programs|draft|codemirror|applyDiffs|libesm|digest|compile)[^/]*\.js$/;

test("nothing of the compiler is loaded before something new is built, and 350 kB suffice for a prompt", async ({
  page,
  site,
}) => {
  const requests: Request[] = [];
  page.on("request", (request) => requests.push(request));
  await page.route(/compile/, (route) => route.abort());
  // Nobody answers for what is late until the prompt is there: it must do without.
  let release = (): void => undefined;
  const prompted = new Promise<void>((resolve) => (release = resolve));
  await page.route(LATE, async (route) => {
    await prompted;
    await route.fallback();
  });
  await page.goto(site);
  await prompt(page);
  const urls = requests.map((request) => request.url());
  release();
  const loaded = [...new Set(urls)].filter((url) => /\.(js|wasm)$/.test(url) && !LATE.test(url));
  expect(loaded.some((url) => url.endsWith("vmlinux.wasm"))).toBe(true);
  const sizes = await Promise.all(
    loaded.map(async (url) => {
      const plain = Buffer.from(await (await fetch(url)).arrayBuffer());
      return { url: url.slice(site.length), bytes: gzipSync(plain, { level: 9 }).length };
    }),
  );
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(sizes.map(({ url, bytes }) => `${bytes}\t${url}`).join("\n"), `\n${total}\ttotal`);
  expect(total).toBeLessThanOrEqual(350_000);

  await page.getByRole("button", BUTTON).click();
  await expect.poll(() => printed(page), { timeout: 90_000 }).toContain("SUCCESS");
  await expect(page.getByRole("button", BUTTON)).toBeVisible({ timeout: 90_000 });
  expect(requests.filter((request) => /compile/.test(request.url()))).toEqual([]);
});

test("the terminal is no keyboard trap", async ({ page, site }) => {
  await page.goto(site);
  await prompt(page);
  const terminal = page.getByRole("textbox", { name: /^Terminal/ });
  await terminal.focus();
  await page.keyboard.press("Tab");
  await expect(terminal).toBeFocused();
  await page.keyboard.press("Control+c");
  await expect.poll(() => printed(page)).toMatch(/\^C\r?\n.*[#$] $/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(terminal).not.toBeFocused();
  expect(await command(page, "echo still here")).toBe("still here");
});
