// selftests.ts - the program that Linux's livepatch selftests compile for themselves.

import { writeFully } from "./bin/command.ts";
import { helped } from "./helped.ts";
import type { Program } from "./sys.ts";
import { encode } from "./text.ts";

const [SIGINT, SIGTERM] = [2, 15];

/** Calls getpid(2) until it is told to stop; on SIGINT it says how often. */
const callGetpid: Program = async ({ sys }) => {
  let stoppedBy = 0;
  for (const signal of [SIGINT, SIGTERM]) await sys.sigaction(signal, (sig) => (stoppedBy = sig));
  let count = 0;
  for (; stoppedBy === 0; count++) await sys.getpid();
  if (stoppedBy === SIGINT) await writeFully(sys, 1, encode(`${count} iterations done\n`));
  return 0;
};

export const selftestPrograms: Record<string, Program> = {
  "test_klp-call_getpid": helped(
    "test_klp-call_getpid",
    "Usage: test_klp-call_getpid\nCall getpid(2) until a signal comes; on SIGINT say how often.",
    callGetpid,
  ),
};
