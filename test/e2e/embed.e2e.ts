import { expect, screenshot, test } from "./site.ts";

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
    await frame.getByRole("button", { name: "Play the demo" }).click({ timeout: 20_000 });
    await expect(frame.getByRole("button", { name: "Stop typing" })).toBeVisible();
    await expect(frame.getByRole("button", { name: "Play the demo" })).toBeVisible({ timeout: 40_000 });
    const text = await page.frames()[1].evaluate(() => {
      const { patchbay } = window as unknown as { patchbay: { machine: { since(mark: number): string } } };
      return patchbay.machine.since(0);
    });
    expect(text).toContain("changed function: meminfo_proc_show");
    expect(text).toContain("SUCCESS");
    expect(text).toContain("livepatch: enabling patch 'livepatch_meminfo_string'");
    await screenshot(page, `embed-${sandbox?.replace(" ", "-") ?? "plain"}`);
  });
}
