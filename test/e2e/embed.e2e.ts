import { command, expect, printed, screenshot, test } from "./site.ts";

for (const sandbox of ["allow-scripts", "allow-scripts allow-same-origin", null]) {
  test(`the embed plays the demo in a frame of another origin, sandbox=${sandbox}`, async ({
    page,
    site,
    elsewhere,
  }) => {
    const attribute = sandbox === null ? "" : `sandbox="${sandbox}"`;
    await page.goto(
      await elsewhere(`<!doctype html><title>A blog</title><body style="font: 16px sans-serif; max-width: 45rem">
        <h1>Live patching, explained</h1>
        <p>Try it here:</p>
        <iframe ${attribute} src="${site}embed/" title="Patchbay" width="700" height="420"></iframe>`),
    );
    const frame = page.frameLocator("iframe");
    await frame.getByRole("button", { name: "Play the demo" }).click({ timeout: 90_000 });
    await expect(frame.getByRole("button", { name: "Stop typing" })).toBeVisible();
    await expect(frame.getByRole("button", { name: "Play the demo" })).toBeVisible({ timeout: 90_000 });
    const text = await printed(page.frames()[1]);
    expect(text).toContain("changed function: meminfo_proc_show");
    expect(text).toContain("SUCCESS");
    expect(text).toContain("livepatch: enabling patch 'livepatch_meminfo_string'");
    await screenshot(page, `embed-${sandbox?.replace(" ", "-") ?? "plain"}`);
  });
}

test("where no worker may be started, the machine runs in the page itself", async ({ page, site }) => {
  await page.addInitScript(() => Object.assign(window, { Worker: undefined }));
  await page.goto(`${site}embed/`);
  expect(await command(page, "uname -r")).toBe("7.3.4-patchbay");
});

test("a frame without an origin builds what nobody has built before", async ({ page, site, elsewhere }) => {
  await page.goto(
    await elsewhere(`<iframe sandbox="allow-scripts" src="${site}embed/" width="900" height="600"></iframe>`),
  );
  const terminal = page.frameLocator("iframe").getByRole("textbox", { name: /^Terminal/ });
  await expect.poll(() => printed(page.frames()[1]), { timeout: 90_000 }).toMatch(/[#$] $/);
  await terminal.focus();
  await page.keyboard.type('x=$(cat meminfo-string.patch); echo "${x/VMALLOCCHUNK/Chunky}" > chunky.patch\n');
  await page.keyboard.type(
    "kpatch-build -s /usr/src/linux chunky.patch && kpatch load livepatch-chunky.ko\n",
  );
  await page.keyboard.type("grep -i chunk /proc/meminfo\n");
  await expect.poll(() => printed(page.frames()[1]), { timeout: 90_000 }).toMatch(/^Chunky: .* kB$/m);
});
