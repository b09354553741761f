// child.ts - how a forked copy of the shell begins and ends.

import type { SysCalls } from "../sys.ts";
import { ShellError } from "./errors.ts";
import type { Shell } from "./shell.ts";

/**
 * The life of a subshell task: put signals back, run, run its own EXIT trap.
 * `child` was cloned before the fork; `sys` is the new task's.
 */
export async function childBody(child: Shell, sys: SysCalls, run: () => Promise<number>): Promise<number> {
  child.attach(sys);
  await child.traps.resetCaught();
  let status: number;
  try {
    status = await run();
  } catch (e) {
    if (!(e instanceof ShellError)) throw e;
    await child.fail(e);
    status = e.status;
  }
  return finishShell(child, status);
}

/** Ends a shell: what `exit` said, then the EXIT trap. */
export async function finishShell(sh: Shell, status: number): Promise<number> {
  if (sh.flow?.kind === "exit" || sh.flow?.kind === "abort" || sh.flow?.kind === "return")
    status = sh.flow.status;
  sh.flow = null;
  if (sh.traps.has("EXIT")) {
    sh.status = status;
    await sh.hooks.runTrap(sh, "EXIT");
    const flow = sh.flow as Shell["flow"];
    if (flow?.kind === "exit") status = flow.status;
  }
  if (sh.traps.fatal) {
    await sh.sys.sigaction(sh.traps.fatal, "default");
    await sh.sys.kill(sh.sys.pid, sh.traps.fatal);
  }
  return status & 255;
}
