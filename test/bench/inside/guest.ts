/** What measurements do in a machine besides measuring. */

import { Open } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";

const LIVEPATCH = "/sys/kernel/livepatch";

export async function readText(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, Open.RDONLY);
  const text = new TextDecoder().decode(await sys.read(fd, 4096));
  await sys.close(fd);
  return text.trimEnd();
}

export async function writeText(sys: SysCalls, path: string, text: string): Promise<void> {
  const fd = await sys.open(path, Open.WRONLY);
  await sys.write(fd, new TextEncoder().encode(text));
  await sys.close(fd);
}

export async function inTransition(sys: SysCalls, patch: string): Promise<boolean> {
  return (await readText(sys, `${LIVEPATCH}/${patch}/transition`)) === "1";
}

/** Waits until everybody runs the same version. */
export async function transitionEnd(sys: SysCalls, patch: string): Promise<void> {
  while (await inTransition(sys, patch)) await sys.nanosleep(1e8);
}

/** Disables a patch and takes it out. */
export async function removePatch(sys: SysCalls, patch: string): Promise<void> {
  await writeText(sys, `${LIVEPATCH}/${patch}/enabled`, "0");
  while (await exists(sys, `${LIVEPATCH}/${patch}`)) await sys.nanosleep(1e8);
  await sys.delete_module(patch, 0);
}

async function exists(sys: SysCalls, path: string): Promise<boolean> {
  return sys.stat(path).then(
    () => true,
    () => false,
  );
}
