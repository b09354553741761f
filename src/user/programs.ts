// programs.ts - every user program of a machine.

import { gzipPrograms } from "./archive/gzip.ts";
import { tarPrograms } from "./archive/tar.ts";
import { calculators } from "./bc/bc.ts";
import { utilities } from "./bin/index.ts";
import { helped } from "./helped.ts";
import { init } from "./init.ts";
import { kpatchPrograms } from "./kpatch/index.ts";
import { makePrograms } from "./make/index.ts";
import { provideLateParts } from "./sh/lateParts.ts";
import { bash } from "./sh/main.ts";
import { patchPrograms } from "./patch/patch.ts";
import { selftestPrograms } from "./selftests.ts";
import { binaryTools } from "./wasm/objdump.ts";
import type { Program } from "./sys.ts";
import { systemdPrograms } from "./systemd/index.ts";
import { tracePrograms } from "./trace/index.ts";

provideLateParts();

const INIT_USAGE = `Usage: init
The first program: mounts the file systems and keeps a shell on the console. The kernel starts it.`;

/** Every program of a machine, by the name execve finds it under. */
export const programs: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    init: helped("init", INIT_USAGE, init),
    ...utilities,
    ...kpatchPrograms,
    ...makePrograms,
    ...systemdPrograms,
    ...gzipPrograms,
    ...tarPrograms,
    ...calculators,
    ...binaryTools,
    ...patchPrograms,
    ...tracePrograms,
    ...selftestPrograms,
    bash,
    sh: bash,
  }),
);
