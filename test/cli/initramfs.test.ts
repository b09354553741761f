import { expect, test } from "vitest";
import type { KernelImage } from "../../src/kbuild/image.ts";
import { joinBlobs, packInitramfs, rootEntries, splitBlobs, systemMap } from "../../src/machine/initramfs.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const image = {
  release: "7.3.4-patchbay",
  functions: [
    { name: "fs/a/late", body: 400 },
    { name: "fs/a/early", body: 300 },
    { name: "fs/a/no_slot", body: 0 },
  ],
  data: [
    { name: "mm/slab/caches", address: 65536 },
    { name: "fn:fs/a/late", address: 70000 },
  ],
} as unknown as KernelImage;

const entries = rootEntries({
  image,
  vmlinux: bytes("wasm"),
  sources: new Map([["fs/proc/meminfo.ts", bytes("source")]]),
  programs: ["kpatch", "cat"],
  rootfs: new Map([
    ["boot/config", bytes("CONFIG_LIVEPATCH=y\n")],
    ["etc/motd", bytes("hi")],
  ]),
  modules: new Map([
    ["livepatch-sample", bytes("ko")],
    ["test_klp_livepatch", bytes("ko")],
  ]),
});

test("what a live patcher looks for is where it belongs", () => {
  const paths = new Map(entries.map((entry) => [entry.path, entry]));
  expect(paths.get("usr/src/linux/fs/proc/meminfo.ts")).toMatchObject({ type: "f" });
  expect(paths.get("boot/config-7.3.4-patchbay")).toMatchObject({ data: bytes("CONFIG_LIVEPATCH=y\n") });
  expect(paths.has("boot/config")).toBe(false);
  expect(paths.get("usr/sbin/kpatch")).toMatchObject({ program: "kpatch" });
  expect(paths.get("usr/bin/cat")).toMatchObject({ program: "cat" });
  expect(paths.get("usr/lib/modules/7.3.4-patchbay/build")).toMatchObject({ target: "/usr/src/linux" });
  expect(paths.has("usr/lib/modules/7.3.4-patchbay/kernel/samples/livepatch/livepatch-sample.ko")).toBe(true);
  expect(paths.has("usr/lib/selftests/livepatch/test_modules/test_klp_livepatch.ko")).toBe(true);
});

test("System.map is sorted by address and has what has one", () => {
  expect(systemMap(image)).toBe(
    "000000000000012c T early\n0000000000000190 T late\n0000000000010000 D caches\n",
  );
});

test("the manifest numbers the blobs", () => {
  const [manifest, ...blobs] = packInitramfs([
    { type: "d", path: "root", mode: 0o700 },
    { type: "f", path: "a", mode: 0o644, data: bytes("one") },
    { type: "l", path: "l", target: "/a" },
    { type: "x", path: "bin/x", program: "y" },
    { type: "f", path: "b", mode: 0o755, data: bytes("three") },
  ]);
  expect(new TextDecoder().decode(manifest)).toBe(
    "d 700 0 0 root\nf 644 3 1 a\nl 777 0 0 l -> /a\nx 755 0 0 bin/x -> y\nf 755 5 2 b\n",
  );
  expect(blobs).toEqual([bytes("one"), bytes("three")]);
});

test("joined blobs come apart again", () => {
  const blobs = [bytes("x"), new Uint8Array(), bytes("yz")];
  expect(splitBlobs(joinBlobs(blobs)).map((blob) => [...blob])).toEqual(blobs.map((blob) => [...blob]));
});
