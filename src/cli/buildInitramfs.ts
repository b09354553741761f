// buildInitramfs.ts - second half of `npm run build:kernel`: the boot archive as one file, for the page.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { joinBlobs } from "../machine/initramfs.ts";
import { checkoutInitramfs, openCheckout } from "./checkout.ts";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

const archive = joinBlobs(checkoutInitramfs(openCheckout(__ROOT__)));
mkdirSync(join(__ROOT__, "build/kernel"), { recursive: true });
writeFileSync(join(__ROOT__, "build/kernel/initramfs.bin"), archive);
console.log(`initramfs.bin: ${Math.round(archive.length / 1024)} KiB`);
