import { command, expect, prompt, screenshot, test } from "./site.ts";

const MODULES = "/usr/lib/modules/$(uname -r)/kernel";

test("a task asleep in the old function is shown as what the transition waits for", async ({
  page,
  site,
}) => {
  await page.goto(site);
  await prompt(page);
  await command(page, `insmod ${MODULES}/slow_target.ko`);
  await command(page, "cat /proc/slow_intr &");
  await command(page, `insmod ${MODULES}/slow_patch.ko`);
  const functions = page.getByRole("region", { name: "Patched functions" });
  const tasks = page.getByRole("region", { name: "Tasks" });
  await expect(functions).toContainText("patching");
  await expect(tasks).toContainText(/slow_patch: \d+ of \d+ tasks have moved to the\s+new functions/);
  await expect(tasks.getByRole("row").nth(1)).toContainText(/cat\s*S\s*0 unpatched/);
  await screenshot(page, "stall");
  await command(page, "kill %1");
  await expect(functions).toContainText("patched", { timeout: 90_000 });
  await expect(functions).not.toContainText("patching");
  await expect(tasks).not.toContainText("have moved");
});

test("on a phone everything is there, one below the other", async ({ page, site }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(site);
  await prompt(page);
  await expect(page.getByRole("button", { name: "Build & load" })).toBeAttached();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
  await page.screenshot({ path: "build/test/screenshots/phone.png", fullPage: true });
});
