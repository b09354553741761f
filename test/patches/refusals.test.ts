// refusals.test.ts - what kpatch-build refuses without looking at a patch's code: each
// time it exits with 1 and leaves everything as it was. Refused code is in corpus.test.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inMachine } from "../tools/live.ts";

const MEMINFO = "/usr/src/linux/fs/proc/meminfo.ts";
const LOADAVG = "/usr/src/linux/fs/proc/loadavg.ts";
const patch = readFileSync(join(import.meta.dirname, "meminfo-string/meminfo-string.patch"), "utf8");
const S = "-s /usr/src/linux";

/** Command, what it says, and a command that is run before. */
const CASES: [command: string, says: RegExp, first?: string][] = [
  [`kpatch-build ${S}`, /^ERROR: no patch file\(s\) specified\nusage: kpatch-build/],
  [`kpatch-build ${S} gone.patch`, /^ERROR: patch file 'gone.patch' not found\.\n$/],
  [`kpatch-build -s /gone fix.patch`, /^ERROR: source dir '\/gone' not found\.\n$/],
  [`kpatch-build ${S} -o /gone fix.patch`, /^ERROR: output dir '\/gone' not found\.\n$/],
  [`kpatch-build ${S} -c /gone fix.patch`, /^ERROR: config file '\/gone' not found\.\n$/],
  [`kpatch-build ${S} -v /gone fix.patch`, /^ERROR: vmlinux file '\/gone' not found\.\n$/],
  [`kpatch-build ${S} -j none fix.patch`, /^ERROR: Invalid number of make jobs 'none'\.\n$/],
  [`kpatch-build -a 1 -r fix.patch fix.patch`, /^ERROR: --archversion is incompatible with --sourcerpm\n$/],
  [`kpatch-build --oot-module fix.patch fix.patch`, /^ERROR: --oot-module requires --oot-module-src\n$/],
  [`kpatch-build -a 6.1 fix.patch`, /ERROR: kernel-debuginfo-6\.1 not installed\.\n$/],
  [`kpatch-build --no-such-option`, /unrecognized option '--no-such-option'\nERROR: getopt failed\.\n$/],
  [`kpatch-build ${S} -c fix.patch fix.patch`, /ERROR: kernel doesn't have 'CONFIG_DEBUG_INFO' enabled\.\n$/],
  [
    `kpatch-build ${S} -o /proc fix.patch`,
    /\ncp: cannot create regular file '\/proc\/livepatch-fix\.ko': No such file or directory\nERROR: kpatch build failed\. Check/,
  ],
  [
    `kpatch-build ${S} fix.patch`,
    /couldn't find matching loadavg\.ts local symbols in vmlinux symbol table\n.*\n.*\npatchbay: why: .*\npatchbay: do: .*\npatchbay: see: .*#tree\n/,
    `sed -i s/FIXED_1/FIXED_ONE/ ${LOADAVG}`,
  ],
  [
    `kpatch-build ${S} fix.patch`,
    /ERROR: \/root\/fix\.patch file failed to apply\. Check/,
    `sed -i s/VmallocChunk/Chunk/ ${MEMINFO}`,
  ],
];

test.each(CASES)("%s: %s", (command, says, first) =>
  inMachine(
    async (guest) => {
      if (first) expect(await guest.run(first)).toMatchObject({ status: 0 });
      const state = async () => [
        await guest.read(MEMINFO),
        await guest.read(LOADAVG),
        (await guest.run("ls")).text,
        (await guest.run("lsmod")).text,
        (await guest.run("kpatch list")).text,
      ];
      const before = await state();
      const { status, text } = await guest.run(command);
      expect(text).toMatch(says);
      expect(status).toBe(1);
      expect(await state()).toEqual(before);
    },
    { "root/fix.patch": patch },
  ),
);
