import type { Page } from "@playwright/test";
import { command, expect, printed, prompt, screenshot, test } from "./site.ts";

const editor = (page: Page) => page.getByRole("textbox", { name: /^Kernel source/ });
const functions = (page: Page) => page.getByRole("region", { name: "Patched functions" });

/** Replaces the first `find` of the open file, with the editor's own search. */
async function replace(page: Page, find: string, by: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+f");
  await page.keyboard.type(find);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.type(by);
}

test("an edit in the patch box is built, loaded, seen in /proc, and unloaded", async ({ page, site }) => {
  await page.goto(site);
  await prompt(page);
  const before = await command(page, "head -n 1 /proc/meminfo");
  expect(before).toMatch(/^MemTotal:/);
  await replace(page, "MemTotal:", "MemAll:  ");
  await expect(page.getByLabel("Your patch as a unified diff")).toContainText("MemAll:");
  await page.getByRole("button", { name: "Build & load" }).click();
  await expect(functions(page)).toContainText("meminfo_proc_show", { timeout: 90_000 });
  await expect(functions(page)).toContainText("patched");
  expect(await command(page, "head -n 1 /proc/meminfo")).toMatch(/^MemAll:/);
  await screenshot(page, "patch-box");
  await page.getByRole("button", { name: "Unload" }).click();
  await expect(functions(page)).toContainText("None.", { timeout: 90_000 });
  expect(await command(page, "head -n 1 /proc/meminfo")).toBe(before);
});

test("source that does not compile is answered with its file and line", async ({ page, site }) => {
  await page.goto(site);
  await prompt(page);
  await replace(page, "MemTotal:", 'MemTotal:" + nonsense + "');
  await page.getByRole("button", { name: "Build & load" }).click();
  const place = page.getByRole("button", { name: /^fs\/proc\/meminfo\.ts:\d+:\d+$/ });
  await expect(place.first()).toBeVisible({ timeout: 90_000 });
  // The editor underlines the very word, with the compiler's message; the terminal says the same.
  const underlined = page.locator(".cm-problem");
  await expect(underlined).toHaveText(["nonsense"]);
  await expect(underlined).toHaveAttribute("title", "Cannot find name 'nonsense'.");
  expect(await printed(page)).toContain("Cannot find name 'nonsense'.");
  await screenshot(page, "compile-error");
  await place.first().click();
  await expect(editor(page)).toBeFocused();
  await expect(functions(page)).toContainText("None.");
  // The next build looks again.
  await page.getByRole("button", { name: "Discard edits" }).click();
  await replace(page, "MemTotal:", "MemAll:  ");
  await page.getByRole("button", { name: "Build & load" }).click();
  await expect(functions(page)).toContainText("meminfo_proc_show", { timeout: 90_000 });
  await expect(underlined).toHaveCount(0);
});

test("a patch that never returns is ended by the watchdog while the page stays responsive", async ({
  page,
  site,
}) => {
  await page.goto(site);
  await prompt(page);
  await replace(page, "MemTotal:", 'MemTotal:", 0);\nwhile (true) {}\nshow_val_kb(m, "');
  await page.getByRole("button", { name: "Build & load" }).click();
  await expect(functions(page)).toContainText("meminfo_proc_show", { timeout: 90_000 });
  await prompt(page);
  const longestGap = page.evaluate(async () => {
    let longest = 0;
    for (let last = performance.now(), end = last + 2500; last < end;) {
      const now = await new Promise(requestAnimationFrame);
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  });
  const started = Date.now();
  await command(page, "cat /proc/meminfo");
  expect(Date.now() - started).toBeLessThan(2000);
  expect(await longestGap).toBeLessThan(500);
  expect(await command(page, "dmesg")).toContain("watchdog: BUG: soft lockup");
  await screenshot(page, "soft-lockup");
  expect(await command(page, "echo the machine goes on")).toBe("the machine goes on");
});
