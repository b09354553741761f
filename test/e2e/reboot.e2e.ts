import type { Page } from "@playwright/test";
import { command, expect, printed, prompt, screenshot, test } from "./site.ts";

/** Types a line after which the machine boots anew; waits for the shell of the next kernel. */
async function reboot(page: Page, line: string): Promise<void> {
  await prompt(page);
  const before = (await printed(page)).length;
  await page.getByRole("textbox", { name: /^Terminal/ }).focus();
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
  // The shell's greeting, once more.
  await expect
    .poll(async () => (await printed(page)).slice(before), { timeout: 90_000 })
    .toMatch(/can be patched while it runs[^]*[#$] $/);
}

/** Waits until the browser's copy of the disk has a file of that path. */
async function onDisk(page: Page, path: string): Promise<void> {
  const text = () =>
    page.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          const opened = indexedDB.open("patchbay");
          opened.onerror = () => reject(new Error("no storage"));
          opened.onsuccess = () => {
            const disks = opened.result.transaction("disks").objectStore("disks").getAll();
            disks.onsuccess = () => {
              opened.result.close();
              resolve((disks.result as Uint8Array[]).map((disk) => new TextDecoder().decode(disk)).join(""));
            };
          };
        }),
    );
  await expect.poll(text, { timeout: 90_000 }).toContain(JSON.stringify(path));
}

test("a reboot in the page finds the file again, and so does the next visit", async ({
  page,
  site,
  context,
}) => {
  await page.goto(site);
  await command(page, "echo kept > ~/note; echo lost > /tmp/note; sleep 1000 &");
  await command(page, "modprobe livepatch_sample; sleep 3");
  expect(await command(page, "cat /proc/cmdline")).toBe("this has been live patched");
  await reboot(page, "reboot");
  expect(await printed(page)).toContain("reboot: Restarting system");
  expect(await command(page, "cat ~/note; ls /tmp; pidof sleep; cat /proc/cmdline")).toBe("kept\nquiet");
  await expect(page.getByRole("region", { name: "Patched functions" })).toContainText("None.");
  await screenshot(page, "reboot");

  // The page goes without a word; what lay on the disk for a while is safe.
  await command(page, "echo later > ~/later; sync");
  await onDisk(page, "root/later");
  await page.reload();
  expect(await command(page, "cat ~/note ~/later")).toBe("kept\nlater");
  // A second page does not write to the disk of the first.
  const other = await context.newPage();
  await other.goto(site);
  expect(await command(other, "cat ~/note")).toContain("No such file");
  await other.close();

  await page.goto("about:blank");
  await page.goto(`${site}#new-disk`);
  expect(await command(page, "cat ~/note")).toContain("No such file");
  expect(new URL(page.url()).hash).toBe("");
});

test("a kernel rebuilt in the page takes over by kexec: every task and the uptime are gone", async ({
  page,
  site,
}) => {
  test.setTimeout(120_000);
  await page.goto(site);
  await command(
    page,
    "cd /usr/src/linux; sed -i s/VmallocTotal/VmallocTOTAL/ fs/proc/meminfo.ts; sleep 1000 &",
  );
  const built = await command(page, "make | grep -v 'LD .M'");
  expect(built).toMatch(/ {2}CC {6}fs\/proc\/meminfo\.o[^]*Kernel: \/boot\/vmlinux-new is ready {2}\(#2\)/);
  expect(await command(page, "grep -ci vmalloctotal /proc/meminfo; make | tail -1")).toMatch(
    /^1\n.*Nothing to be done/,
  );
  await command(page, "kexec -l /boot/vmlinux-new --reuse-cmdline");
  await reboot(page, "kexec -e");
  expect(await command(page, "uname -v; pidof sleep; grep Vmalloct -i /proc/meminfo")).toMatch(
    /^#2 [^\n]*\nVmallocTOTAL: +\d+ kB$/,
  );
  await expect(page.getByRole("region", { name: "Tasks" })).toContainText("bash");
  await command(
    page,
    "cd /usr/src/linux && make modules_install > /dev/null; modprobe livepatch_sample; sleep 3",
  );
  expect(await command(page, "cat /proc/cmdline")).toBe("this has been live patched");
  await screenshot(page, "kexec");
});
