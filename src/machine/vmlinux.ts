/**
 * Kernel images: which of them this host can run. One that was built in a
 * machine says in a section of its own for which host it was built, because
 * the two agree on structs and imports only within one release.
 */
import { customSection } from "../user/kpatch/ko.ts";
import { DESCRIPTION } from "../user/make/kernelDescription.ts";
import { compileKernel } from "./compileKernel.ts";
import type { StatusRoots } from "./status.ts";

/** Written by src/kbuild/rebuildKernel.ts. */
export const BOOT_SECTION = ".patchbay.boot";

export interface BootSection {
  /** `build` of the kernel that shipped with the host. */
  host: string;
  roots: StatusRoots;
}

/** Null for the shipped kernel, and for what is no kernel of ours. */
export function bootSection(image: Uint8Array): BootSection | null {
  const bytes = customSection(image, BOOT_SECTION);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as BootSection);
}

export interface Kernel {
  bytes: Uint8Array;
  module: WebAssembly.Module;
  /** Null: those of the shipped kernel. */
  roots: StatusRoots | null;
  /** For the patch builder; null: the host has that of the shipped kernel. */
  description: Uint8Array | null;
}

export class KernelImages {
  readonly shipped: Kernel;

  constructor(
    vmlinux: Uint8Array,
    private readonly build: string,
  ) {
    this.shipped = { bytes: vmlinux, module: compileKernel(vmlinux), roots: null, description: null };
  }

  /** What the image is to this host; null when it cannot start it. */
  open(bytes: Uint8Array): Kernel | null {
    if (equal(bytes, this.shipped.bytes)) return this.shipped;
    try {
      const section = bootSection(bytes);
      if (section?.host !== this.build) return null;
      return {
        bytes,
        module: compileKernel(bytes),
        roots: section.roots,
        description: customSection(bytes, DESCRIPTION),
      };
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof WebAssembly.CompileError) return null;
      throw error;
    }
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
