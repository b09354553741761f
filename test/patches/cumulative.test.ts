// cumulative.test.ts - one fix, then another, then both as one patch: replace by
// default, one on top of the other with -R. And what modinfo says of a built patch.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inMachine, type Guest } from "../tools/live.ts";

const patch = (name: string) => readFileSync(join(import.meta.dirname, name, `${name}.patch`), "utf8");
const FILES = { "root/a.patch": patch("cmdline-string"), "root/b.patch": patch("data-new") };

async function ok(guest: Guest, ...commands: string[]): Promise<void> {
  for (const command of commands)
    expect([command, await guest.run(command)]).toMatchObject([command, { status: 0 }]);
}

const build = (rest: string) => `kpatch-build -s /usr/src/linux ${rest}`;

/** Which of the two fixes are seen, and which patches are there. */
async function seen(guest: Guest): Promise<string> {
  const a = (await guest.read("/proc/cmdline"))!.includes("kpatch=1") ? "a" : "";
  const b = /^kpatch: +5$/m.test((await guest.read("/proc/meminfo"))!) ? "b" : "";
  const patches = (await guest.run("ls /sys/kernel/livepatch")).text.trim().split(/\s+/);
  return `${a}${b} ${patches.join(" ")}`;
}

const loads = (...names: string[]) => names.map((name) => `kpatch load livepatch-${name}.ko`);

test("a patch takes the place of the ones before it; both as one has both", () =>
  inMachine(async (guest) => {
    await ok(guest, build("a.patch"), build("b.patch"), build("a.patch b.patch"));
    await ok(guest, ...loads("a"));
    expect(await seen(guest)).toBe("a livepatch_a");
    await ok(guest, ...loads("b"));
    expect(await seen(guest)).toBe("b livepatch_b");
    await ok(guest, ...loads("patch"));
    expect(await seen(guest)).toBe("ab livepatch_patch");
    expect(await guest.read("/sys/kernel/livepatch/livepatch_patch/replace")).toBe("1\n");
    await ok(guest, "kpatch unload livepatch-patch");
    expect(await seen(guest)).toBe(" ");
  }, FILES));

test.each(["kpatch-build -R", "kpatch-build --non-replace"])("%s: they lie on top of each other", (command) =>
  inMachine(async (guest) => {
    const single = (name: string) => `${command} -s /usr/src/linux ${name}.patch`;
    await ok(guest, single("a"), single("b"), ...loads("a", "b"));
    expect(await seen(guest)).toBe("ab livepatch_a livepatch_b");
    await ok(guest, "kpatch unload livepatch-a");
    expect(await seen(guest)).toBe("b livepatch_b");
  }, FILES),
);

test("a second diff against what the first one made is no patch of the running kernel", () =>
  inMachine(async (guest) => {
    await ok(guest, "patch -p1 -d /usr/src/linux -i /root/a.patch");
    const { status, text } = await guest.run(build("b.patch"));
    expect(status).toBe(1);
    expect(text).toContain("couldn't find matching cmdline.ts local symbols in vmlinux symbol table");
    expect(text).toContain("patchbay: do: Build against an unedited tree");
  }, FILES));

test("modinfo of a built patch has the fields of a livepatch, in their order", () =>
  inMachine(async (guest) => {
    await ok(guest, build("-n my.fix a.patch"));
    const { text } = await guest.run("modinfo my-fix.ko");
    const release = (await guest.sys.uname()).release;
    const fields = [
      ["filename", "/root/my-fix.ko"],
      ["livepatch", "Y"],
      ["license", "GPL"],
      ["depends", ""],
      ["name", "my_fix"],
      ["vermagic", `${release} SMP preempt mod_unload `],
    ];
    const lines = fields.map(([key, value]) => `${`${key}:`.padEnd(16)}${value}\n`).join("");
    expect(text.slice(0, lines.length)).toBe(lines);
    expect(text.slice(lines.length)).toMatch(/^(patchbay_build: [0-9a-f]{16}\n)?$/);
    for (const [field, value] of fields.slice(1)) {
      expect((await guest.run(`modinfo -F ${field} my-fix.ko`)).text.trim()).toBe(value.trim());
    }
  }, FILES));
