// kernelDescription.ts - what a kernel built in the machine says about itself.
//
// A vmlinux that was built here carries its description, as debug information,
// in its first section. The one that was shipped does not: the host has it.
import { Errno, Open } from "../../../kernel-as/abi.ts";
import { customSection } from "../kpatch/ko.ts";
import { readFile } from "../kpatch/io.ts";
import { SysError, type SysCalls } from "../sys.ts";

export const DESCRIPTION = ".patchbay.image";

/** Null for the shipped kernel, and where there is no vmlinux. */
export async function kernelDescription(sys: SysCalls, vmlinux: string): Promise<Uint8Array | null> {
  try {
    const fd = await sys.open(vmlinux, Open.RDONLY);
    const head = await sys.read(fd, 64);
    await sys.close(fd);
    // The first section's name, without reading half a megabyte for it.
    if (!new TextDecoder("latin1").decode(head).includes(DESCRIPTION)) return null;
    return customSection(await readFile(sys, vmlinux), DESCRIPTION);
  } catch (error) {
    if (error instanceof SysError && error.code === Errno.ENOENT) return null;
    throw error;
  }
}
