// checkout.ts - the built kernel and everything that goes into a boot archive, read from a checkout.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { KernelImage } from "../kbuild/image.ts";
import { packInitramfs, rootEntries, type Entry } from "../machine/initramfs.ts";
import { programs } from "../user/programs.ts";

export interface Checkout {
  root: string;
  vmlinux: Uint8Array;
  image: KernelImage;
}

export function openCheckout(root: string): Checkout {
  return {
    root,
    vmlinux: readFileSync(join(root, "build/vmlinux.wasm")),
    image: JSON.parse(readFileSync(join(root, "build/kernel.json"), "utf8")) as KernelImage,
  };
}

/** Files below a folder by relative path, in byte order. */
export function readFolder(dir: string, prefix = ""): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of readdirSync(join(dir, prefix)).sort()) {
    const path = prefix + name;
    if (!statSync(join(dir, path)).isDirectory()) files.set(path, readFileSync(join(dir, path)));
    else for (const [inner, data] of readFolder(dir, `${path}/`)) files.set(inner, data);
  }
  return files;
}

/** What a machine of this checkout starts with. */
export function checkoutEntries({ root, vmlinux, image }: Checkout): Entry[] {
  return rootEntries({
    image,
    vmlinux,
    sources: readFolder(join(root, "kernel-as")),
    programs: programs.keys(),
    rootfs: readFolder(join(root, "src/user/rootfs")),
    modules: readModules(join(root, "build/modules")),
  });
}

function readModules(dir: string): Map<string, Uint8Array> {
  if (!existsSync(dir)) return new Map();
  return new Map([...readFolder(dir)].map(([path, data]) => [path.replace(/\.ko$/, ""), data]));
}

export const checkoutInitramfs = (checkout: Checkout, extra: Entry[] = []): Uint8Array[] =>
  packInitramfs([...checkoutEntries(checkout), ...extra]);
