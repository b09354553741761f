/** Runs scripts in our machine and compares what they print with what Linux 7.3.4 printed. */

import { expect, test } from "vitest";
import { inMachine, type Guest } from "../tools/live.ts";

export const MODULES = "/usr/lib/selftests/livepatch/test_modules";

/** Values that differ from machine to machine. */
function mask(text: string): string {
  return text
    .replace(/\bffffffff[0-9a-f]{8}\b/g, "ADDR")
    .replace(/0x[0-9a-f]+/g, "0xX")
    .replace(/\+0x[0-9a-fX]+/g, "+OFF")
    .replace(/-\d+ +\[\d{3}\] \S{5} +\d+\.\d{6}: /g, "-PID [CPU] FLAGS TIME: ")
    .replace(/^\[ *\d+\.\d{6}\]/gm, "[TIME]")
    .replace(/^ \d\)( | .) +[\d.]+ us +\|/gm, " CPU) DURATION |")
    .replace(/^ \d\) +\|/gm, " CPU) |")
    .replace(/#P:\d/g, "#P:N")
    .replace(/ (<-|\()(seq_read_iter|show_record)\b/g, " $1CALLER");
}

/** All scripts that captured() has run: the files that they read are compared. */
export const scripts: string[] = [];

async function sh(guest: Guest, script: string): Promise<string> {
  await guest.write("/tmp/script", `cd /sys/kernel/tracing\n${script}`);
  return (await guest.run("bash /tmp/script")).text;
}

/** Runs lines in a machine with test_klp_livepatch in place; what they print must be what Linux printed. */
export function captured(title: string, script: string, linux: string): void {
  scripts.push(script);
  test(title, async () => {
    await inMachine(async (guest) => {
      await sh(guest, `insmod ${MODULES}/test_klp_livepatch.ko; sleep 3`);
      expect(mask(await sh(guest, script))).toBe(mask(linux.replace(/^\n/, "")));
    });
  });
}
