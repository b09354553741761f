// offlineTrace.e2e.ts - a page that lost its server before anybody asked who calls: traces are as true.
import { command, expect, prompt, test } from "./site.ts";

test("callers are true when what reads the kernel's code cannot be fetched", async ({ page, site }) => {
  let refused = 0;
  await page.route(/findCallers/, async (route) => {
    refused++;
    await route.abort();
  });
  await page.goto(site);
  await prompt(page);
  await command(page, "cd /sys/kernel/tracing; echo vfs_read > set_ftrace_filter");
  await command(page, "echo function > current_tracer; cat /proc/uptime; echo 0 > tracing_on");
  expect(await command(page, "grep -c 'vfs_read <-ksys_read' trace")).toMatch(/^[1-9]/);
  expect(refused).toBe(1);
});
