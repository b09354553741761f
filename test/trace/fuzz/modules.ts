/** Modules that are there while it rains: their files in /sys are written to as well. */

import { expect } from "vitest";
import type { Guest, Said } from "../../tools/live.ts";
import { poke } from "./files.ts";

const DIR = "/usr/lib/selftests/livepatch/test_modules";
const PLAIN = ["test_klp_callbacks_mod", "test_klp_mod_target"];
const PATCHES = ["test_klp_mod_patch", "test_klp_livepatch", "test_klp_callbacks_demo", "test_klp_syscall"];
const PROBE = "test_klp_kprobe";

const FINE: Said = { status: 0, text: "" };

async function exists(guest: Guest, path: string): Promise<boolean> {
  return guest.sys.lstat(path).then(
    () => true,
    () => false,
  );
}

export async function loadAll(guest: Guest): Promise<void> {
  const args: Record<string, string> = { [PROBE]: " has_post_handler=n" };
  for (const name of [...PLAIN, PROBE, ...PATCHES]) {
    expect(await guest.run(`insmod ${DIR}/${name}.ko${args[name] ?? ""}`)).toEqual(FINE);
    await guest.sys.nanosleep(2_000_000_000);
  }
}

/** Loads patches anew that a random write has disabled, if what else it did lets them. */
export async function reloadPatches(guest: Guest): Promise<void> {
  for (const name of PATCHES) {
    if (await exists(guest, `/sys/kernel/livepatch/${name}`)) continue;
    const answers = [await guest.run(`rmmod ${name}`), await guest.run(`insmod ${DIR}/${name}.ko`)];
    for (const { status, text } of answers) {
      if (status !== 0) expect(text).toMatch(/is in use|not currently loaded|File exists|resource busy/);
    }
  }
}

/** Disables every livepatch; then the modules go. Forced ones stay for ever, as in Linux. */
export async function unloadAll(guest: Guest, forced: boolean): Promise<void> {
  await guest.sys.nanosleep(3_000_000_000);
  for (const name of PATCHES) {
    await poke(guest.sys, `/sys/kernel/livepatch/${name}/enabled`, "0", 0);
    await guest.sys.nanosleep(3_000_000_000);
    expect([name, await exists(guest, `/sys/kernel/livepatch/${name}`)]).toEqual([name, false]);
  }
  for (const name of [...PLAIN, PROBE, ...PATCHES].reverse()) {
    const said = await guest.run(`rmmod ${name}`);
    if (forced && PATCHES.includes(name) && /is in use|not currently loaded/.test(said.text)) continue;
    expect([name, said]).toEqual([name, FINE]);
  }
}
