import { command, expect, printed, prompt, screenshot, test } from "./site.ts";

const DIFF = `--- a/fs/proc/version.ts
+++ b/fs/proc/version.ts
`;

test("a shared link shows its diff in a fresh profile, and loads it on a click", async ({
  page,
  browser,
  site,
}) => {
  await page.goto(site);
  await prompt(page);
  await page.getByRole("textbox", { name: /^Kernel source/ }).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+f");
  await page.keyboard.type("MemFree:");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.type("MemLeft:");
  await page.getByRole("button", { name: "Share link" }).click();
  const link = await page.getByRole("textbox", { name: "Share link" }).inputValue();
  expect(link).toMatch(/#p=1&k=[0-9a-f]{16}&n=\d+&h=[0-9a-f]{8}&d=[\w-]+$/);

  const friend = await (await browser.newContext()).newPage();
  await friend.goto(link);
  const shared = friend.getByRole("region", { name: "Somebody shared a patch with you" });
  await expect(shared.getByLabel("The shared patch")).toContainText("MemLeft:");
  await prompt(friend);
  expect(await command(friend, "cat /proc/meminfo")).toContain("MemFree:");
  await screenshot(friend, "shared");
  await shared.getByRole("button", { name: "Build & load", exact: true }).click();
  await expect(friend.getByRole("region", { name: "Patched functions" })).toContainText("patched", {
    timeout: 90_000,
  });
  expect(await command(friend, "cat /proc/meminfo")).toContain("MemLeft:");
});

/** A link as somebody might forge it. */
async function forge(kernel: string, diff: string): Promise<string> {
  const packed = new Blob([diff]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = Buffer.from(await new Response(packed).arrayBuffer());
  return `#p=1&k=${kernel}&d=${bytes.toString("base64url")}`;
}

test("what a link carries is text: no markup, no control codes, nothing run unasked", async ({
  page,
  site,
}) => {
  const markup = `<img src=x onerror="document.title='owned'">`;
  await page.goto(site + (await forge("00", `${DIFF}@@ -1 +1 @@\n-a\n+${markup}\n`)));
  const shared = page.getByRole("region", { name: "Somebody shared a patch with you" });
  await expect(shared).toContainText(markup);
  await expect(shared).toContainText("made for another kernel build");
  await prompt(page);
  expect(await page.title()).not.toBe("owned");
  expect(await printed(page)).not.toMatch(/edit-1|SUCCESS/);

  const link = await forge("00", `${DIFF}@@ -1 +1 @@\n-a\n+\x1b[2J\x1b]0;owned\x07\n`);
  await page.evaluate((hash) => (location.hash = hash), link);
  await expect(shared).toContainText("control characters");
  await expect(shared).toContainText("␛[2J");
  await expect(shared.getByRole("button", { name: /^Build & load/ })).toBeDisabled();
});

test("a link that was cut says so", async ({ page, site }) => {
  await page.goto(`${site}#p=1&k=00&n=4000&h=00000000&d=S0otLskvSgEA`);
  await expect(page.getByRole("alert").first()).toContainText("cut after 12 of 4000 characters");
});
