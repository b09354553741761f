// checkout.ts - the built kernel and the root file system of a checkout.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KernelImage } from "../kbuild/image.ts";
import type { PackedRootfs } from "../kbuild/rootfs.ts";
import type { BootArchive } from "../machine/bootArchive.ts";
import { rootfs } from "../machine/rootfs.ts";
import { programs } from "../user/programs.ts";

/** What `npm run build:kernel` made. */
export interface Checkout {
  vmlinux: Uint8Array;
  image: KernelImage;
  packed: PackedRootfs;
  contents: Uint8Array;
  /** Text of a patch that was built with the kernel. */
  readPrebuilt: (key: string) => string;
}

export function openCheckout(root: string): Checkout {
  const built = (name: string) => join(root, "build", name);
  const json = (name: string): unknown => JSON.parse(readFileSync(built(name), "utf8"));
  return {
    vmlinux: readFileSync(built("vmlinux.wasm")),
    image: json("kernel.json") as KernelImage,
    packed: json("rootfs.json") as PackedRootfs,
    contents: readFileSync(built("rootfs.bin")),
    readPrebuilt: (key) => readFileSync(built(`prebuilt/${key}.json`), "utf8"),
  };
}

/** The root file system, open for more. */
export const checkoutArchive = (checkout: Checkout): BootArchive =>
  rootfs({ ...checkout, programs: programs.keys() });
