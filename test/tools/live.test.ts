// live.test.ts - the tools' story on the real kernel, and what users can do wrong.
import { expect, test, vi } from "vitest";
import { checkout, inMachine, type Guest } from "./live.ts";
import { edit } from "./patches.ts";

/** uname says what the patch says. */
const named = (name: string) =>
  edit("kernel/uts.ts", ["  strscpy_lit(buf, UTS_SYSNAME, FIELD);", `  strscpy_lit(buf, "${name}", FIELD);`]);

const PATCH = { "root/uts.patch": named("Patched") };
const KO = "livepatch-uts.ko";
const sysname = async ({ sys }: Guest) => (await sys.uname()).sysname;

async function build(guest: Guest): Promise<Uint8Array> {
  const said = await guest.run("kpatch-build -s /usr/src/linux uts.patch");
  expect(said).toMatchObject({ status: 0 });
  const fd = await guest.sys.open(KO, 0);
  const ko = await guest.sys.read(fd, 65536);
  await guest.sys.close(fd);
  return ko;
}

test("build, load, list, unload", async () => {
  await inMachine(async (guest) => {
    expect((await guest.run("kpatch-build -s /usr/src/linux uts.patch")).text).toBe(
      "Using source directory at /usr/src/linux\nTesting patch file(s)\nReading special section data\n" +
        "Building original source\nBuilding patched source\nExtracting new and modified ELF sections\n" +
        "kernel/uts.o: changed function: __x64_sys_newuname\nPatched objects: vmlinux\n" +
        `Building patch module: ${KO}\nSUCCESS\n`,
    );
    expect(await sysname(guest)).toBe("Linux");
    expect(await guest.run(`kpatch load ${KO}`)).toEqual({
      status: 0,
      text: `loading patch module: ${KO}\n`,
    });
    expect(await sysname(guest)).toBe("Patched");
    expect(await guest.read("/sys/kernel/livepatch/livepatch_uts/enabled")).toBe("1\n");
    expect((await guest.run("kpatch list")).text).toBe(
      "Loaded patch modules:\nlivepatch_uts [enabled]\n\nInstalled patch modules:\n\n" +
        "Currently livepatched functions:\n" +
        "Module         Object   Function/Occurrence\nlivepatch_uts  vmlinux  __x64_sys_newuname,1\n",
    );
    expect((await guest.run(`kpatch unload ${KO}`)).text).toBe(
      "disabling patch module: livepatch_uts\nunloading patch module: livepatch_uts\n",
    );
    expect(await sysname(guest)).toBe("Linux");
    expect((await guest.run("dmesg -t -l notice")).text).toContain(
      "livepatch: enabling patch 'livepatch_uts'\n" +
        "livepatch: 'livepatch_uts': starting patching transition\n" +
        "livepatch: 'livepatch_uts': patching complete\n" +
        "livepatch: 'livepatch_uts': starting unpatching transition\n" +
        "livepatch: 'livepatch_uts': unpatching complete\n",
    );
  }, PATCH);
});

test("the shipped demo patch: built before, visible, gone again", async () => {
  const reads = vi.spyOn(checkout, "readPrebuilt");
  await inMachine(async (guest) => {
    const label = async () => /^vmallocchunk/im.exec((await guest.read("/proc/meminfo")) ?? "")?.[0];
    expect(await label()).toBe("VmallocChunk");
    const built = await guest.run("kpatch-build -s /usr/src/linux meminfo-string.patch");
    expect(reads).toHaveBeenCalledTimes(1);
    expect(built.text).toMatch(/fs\/proc\/meminfo.o: changed function: meminfo_proc_show\n/);
    expect(built.text).toMatch(/SUCCESS\n$/);
    await guest.run("kpatch load livepatch-meminfo-string.ko");
    expect(await label()).toBe("VMALLOCCHUNK");
    await guest.run("kpatch unload livepatch-meminfo-string.ko");
    expect(await label()).toBe("VmallocChunk");
    const again = await guest.run("kpatch-build -s /usr/src/linux --no-prebuilt meminfo-string.patch");
    expect(again.text).toBe(built.text);
    expect(reads).toHaveBeenCalledTimes(1);
  });
});

/** Replaces bytes by as many others. */
function overwrite(ko: Uint8Array, from: string, to: string): Uint8Array {
  const text = Array.from(ko, (byte) => String.fromCharCode(byte)).join("");
  const at = text.indexOf(from);
  expect(at).toBeGreaterThan(0);
  expect(from.length).toBe(to.length);
  const copy = ko.slice();
  copy.set(new TextEncoder().encode(to), at);
  return copy;
}

test("a module that is none, is cut off, or is another kernel's is refused and leaves nothing", async () => {
  await inMachine(async (guest) => {
    const ko = await build(guest);
    const bad: Record<string, Uint8Array> = {
      text: new TextEncoder().encode("#!/bin/sh\necho hello\n"),
      elf: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0),
      header: ko.slice(0, 8),
      foreign: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0),
      release: overwrite(ko, "7.3.4-patchbay", "7.3.5-patchbay"),
      build: overwrite(ko, "patchbay_build=", "patchbay_bui1d="),
    };
    for (let cut = 1; cut < 8; cut++) bad[`cut${cut}`] = ko.slice(0, Math.floor((ko.length * cut) / 8));
    for (const [name, image] of Object.entries(bad)) {
      await guest.write(`${name}.ko`, image);
      const text = `insmod: ERROR: could not insert module ${name}.ko: Invalid module format\n`;
      expect(await guest.run(`insmod ${name}.ko`)).toEqual({ status: 1, text });
    }
    // As Linux: reading a file of no bytes is EINVAL already.
    await guest.write("empty.ko", "");
    expect((await guest.run("insmod empty.ko")).text).toMatch(/empty.ko: Invalid parameters\n$/);
    expect(await guest.read("/sys/kernel/livepatch/livepatch_uts/enabled")).toBeNull();
    expect(await guest.run(`insmod ${KO}`)).toEqual({ status: 0, text: "" });
    expect(await guest.run(`insmod ${KO}`)).toEqual({
      status: 1,
      text: `insmod: ERROR: could not insert module ${KO}: File exists\n`,
    });
    expect(await sysname(guest)).toBe("Patched");
  }, PATCH);
});

test("a module with any one byte changed is taken or refused, and the machine goes on", async () => {
  await inMachine(async (guest) => {
    const ko = await build(guest);
    for (let at = 8; at < ko.length; at += 37) {
      const image = ko.slice();
      image[at] ^= 0xff;
      await guest.write("x.ko", image);
      const { status, text } = await guest.run("insmod x.ko");
      expect(text).toMatch(/^$|^insmod: ERROR: could not insert module x.ko: /);
      if (status === 0) await guest.run("kpatch unload --all");
    }
    expect(["Linux", "Patched"]).toContain(await sysname(guest));
  }, PATCH);
});

test("an import that is not the kernel's is an unknown symbol", async () => {
  await inMachine(async (guest) => {
    const ko = await build(guest);
    await guest.write("x.ko", overwrite(ko, "lib/string/strscpy", "lib/string/strscpz"));
    expect(await guest.run("insmod x.ko")).toEqual({
      status: 1,
      text: "insmod: ERROR: could not insert module x.ko: Unknown symbol in module\n",
    });
    expect((await guest.run("dmesg -t")).text).toMatch(/livepatch_uts: Unknown symbol .*strscpz/);
  }, PATCH);
});

test("source that does not compile: the compiler's words, and no module", async () => {
  await inMachine(
    async (guest) => {
      const { status, text } = await guest.run("kpatch-build -s /usr/src/linux bad.patch");
      expect(status).toBe(1);
      expect(text).toMatch(/ERROR TS2304: Cannot find name 'nonsense'/);
      expect(text).toMatch(/kernel\/uts\.ts\(\d+,\d+\)/);
      expect(text).toMatch(
        /ERROR: kpatch build failed. Check \/root\/.kpatch\/build.log for more details.\n$/,
      );
      expect(await guest.read("livepatch-bad.ko")).toBeNull();
    },
    { "root/bad.patch": edit("kernel/uts.ts", ["UTS_SYSNAME, FIELD", "nonsense, FIELD"]) },
  );
});

test("a comment is no change", async () => {
  await inMachine(
    async (guest) => {
      const { status, text } = await guest.run("kpatch-build -s /usr/src/linux c.patch");
      expect(status).toBe(1);
      expect(text).toMatch(/ERROR: no functional changes found. Check \/root\/.kpatch\/build.log/);
    },
    { "root/c.patch": edit("kernel/uts.ts", ["// uts.ts - who", "// A line.\n// uts.ts - who"]) },
  );
});

test("a second patch replaces the first; with -R both stay, the newer on top", async () => {
  const files = { ...PATCH, "root/two.patch": named("Second") };
  await inMachine(async (guest) => {
    await build(guest);
    await guest.run("kpatch-build -s /usr/src/linux two.patch");
    await guest.run("kpatch-build -s /usr/src/linux -R -n stacked two.patch");
    await guest.run(`kpatch load ${KO}`);
    await guest.run("kpatch load livepatch-two.ko");
    expect(await sysname(guest)).toBe("Second");
    expect((await guest.run("kpatch list")).text).toMatch(
      /^Loaded patch modules:\nlivepatch_two \[enabled\]\n\n/,
    );
    expect((await guest.run(`kpatch load ${KO}`)).status).toBe(0);
    expect(await sysname(guest)).toBe("Patched");
    await guest.run("kpatch load stacked.ko");
    expect((await guest.run("kpatch list")).text).toMatch(/stacked \[enabled\]/);
    expect(await sysname(guest)).toBe("Second");
    expect((await guest.run("kpatch unload --all")).status).toBe(0);
    expect(await sysname(guest)).toBe("Linux");
  }, files);
});
