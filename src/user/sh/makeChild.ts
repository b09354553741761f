// makeChild.ts - fork(), as patient as bash's make_child().
//
// When there are too many tasks it tries again after 1, 2, 4 and 8 seconds;
// then the command line is given up. Signals that the child is to have as they
// were wait until it has reset them: one that comes at once is not lost.

import { Errno } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../sys.ts";
import { attempt } from "../errno.ts";
import { strerror } from "../strerror.ts";
import { ShellError } from "./errors.ts";
import { SIG_BLOCK, SIG_SETMASK } from "./resetSignals.ts";
import type { Shell } from "./shell.ts";

const LONGEST_WAIT = 8;
/** What bash ends with when it cannot fork. */
const STATUS = 254;

export async function makeChild(sh: Shell, entry: (sys: SysCalls) => Promise<number>): Promise<number> {
  const caught = sh.caughtSignals().reduce((mask, sig) => mask | (1 << (sig - 1)), 0);
  if (caught === 0) return forkPatiently(sh, entry);
  const before = await sh.sys.sigprocmask(SIG_BLOCK, caught);
  try {
    return await forkPatiently(sh, entry);
  } finally {
    await sh.sys.sigprocmask(SIG_SETMASK, before);
  }
}

async function forkPatiently(sh: Shell, entry: (sys: SysCalls) => Promise<number>): Promise<number> {
  for (let wait = 1; ; wait *= 2) {
    const made = await attempt(sh.sys.fork(entry));
    if (made.ok) return made.value;
    const why = strerror(made.code);
    if (made.code !== Errno.EAGAIN || wait > LONGEST_WAIT) throw new ShellError(`fork: ${why}`, STATUS, true);
    await sh.err(`${sh.name}: fork: retry: ${why}\n`);
    await sh.sys.nanosleep(wait * 1e9);
  }
}
