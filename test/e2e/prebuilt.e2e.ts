import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { command, expect, prompt, test } from "./site.ts";

const DEMO = readFileSync(resolve(import.meta.dirname, "../../src/rootfs/root/meminfo-string.patch"), "utf8");
const EXAMPLES = "/usr/share/doc/kpatch/examples";

test("every patch that ships is built without the compiler", async ({ page, site }) => {
  await page.route(/compile/, (route) => route.abort());
  await page.goto(site);
  await prompt(page);
  const names = (await command(page, `ls ${EXAMPLES}`)).split(/\s+/);
  expect(names.length).toBeGreaterThanOrEqual(5);
  for (const name of names) {
    expect(await command(page, `kpatch-build -s /usr/src/linux ${EXAMPLES}/${name}`)).toMatch(/SUCCESS$/);
  }
});

test("a share link of the demo's patch needs no compiler either", async ({ page, site }) => {
  await page.route(/compile/, (route) => route.abort());
  const packed = new Blob([DEMO]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = Buffer.from(await new Response(packed).arrayBuffer());
  await page.goto(`${site}#p=1&k=00&d=${bytes.toString("base64url")}`);
  await prompt(page);
  await page
    .getByRole("button", { name: /^Build & load/ })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Patched functions" })).toContainText("patched", {
    timeout: 90_000,
  });
  expect(await command(page, "grep -ic vmallocchunk /proc/meminfo")).toBe("1");
});
