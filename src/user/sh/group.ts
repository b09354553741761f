// group.ts - process groups of a job: who is in it, who has the terminal.

import { attempt } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import type { Shell } from "./shell.ts";

/** The process group that the tasks of one job share. */
export interface Group {
  /** Without job control tasks stay in the shell's group. */
  control: boolean;
  /** 0 until the first task is known. */
  pgid: number;
  foreground: boolean;
  terminal: number;
}

export function enterGroup(sh: Shell, foreground: boolean): Group {
  return { control: sh.monitor, pgid: 0, foreground, terminal: sh.terminal };
}

/** In the child, before anything else: both sides do it, whoever runs first. */
export async function joinGroup(g: Group, sys: SysCalls): Promise<void> {
  if (!g.control) return;
  const first = g.pgid === 0 || g.pgid === sys.pid;
  await attempt(sys.setpgid(0, first ? 0 : g.pgid));
  if (g.foreground && first && g.terminal >= 0) await attempt(sys.tcsetpgrp(g.terminal, sys.pid));
}

/** In the shell, after each fork. */
export async function addToGroup(g: Group, sh: Shell, pid: number): Promise<void> {
  if (!g.control) return;
  const first = g.pgid === 0;
  if (first) g.pgid = pid;
  await attempt(sh.sys.setpgid(pid, g.pgid));
  if (first && g.foreground && g.terminal >= 0) await attempt(sh.sys.tcsetpgrp(g.terminal, g.pgid));
}
