// foreground.ts - waiting for a job, and what its end means for the shell.

import { Wait } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import { signalName, signalText } from "../signals.ts";
import { decodeStatus, exitCode } from "../waitStatus.ts";
import { addToGroup, type Group } from "./group.ts";
import { isStopped, type Job, jobLine } from "./jobs.ts";
import type { Shell } from "./shell.ts";

/** Waits for new tasks in the foreground; sets PIPESTATUS; gives $?. */
export async function waitForeground(
  sh: Shell,
  pids: number[],
  group: Group,
  text: () => string,
): Promise<number> {
  if (!group.control) return waitPlain(sh, pids, text);
  if (group.pgid === 0) await addToGroup(group, sh, pids[0]!);
  const job = sh.jobs.add(pids, group.pgid, text(), false);
  return waitJob(sh, job);
}

/** Without job control nothing stops: the statuses in order are all. */
async function waitPlain(sh: Shell, pids: number[], text: () => string): Promise<number> {
  const codes: number[] = [];
  for (const pid of pids) {
    const status = await waitOne(sh, pid);
    codes.push(exitCode(status));
    if (pid === pids.at(-1)) await announce(sh, pid, status, text);
  }
  await reapBackground(sh);
  sh.pipeStatus = codes;
  return resultOf(sh, codes);
}

/** What has ended in the background goes: `kill -0` and /proc show it, where bash has SIGCHLD tell. */
export async function reapBackground(sh: Shell): Promise<void> {
  for (const job of sh.jobs.list) {
    if (sh.interactive || job.foreign) continue;
    for (const p of job.procs) {
      const r = p.status === null ? await attempt(sh.sys.wait4(p.pid, Wait.NOHANG)) : null;
      if (!r?.ok || !r.value) continue;
      sh.jobs.note(p.pid, r.value.status);
      await announceBackground(sh, p.pid, r.value.status);
    }
  }
}

async function waitOne(sh: Shell, pid: number): Promise<number> {
  for (;;) {
    const r = await attempt(sh.sys.wait4(pid, 0));
    if (r.ok && r.value) return r.value.status;
    if (!r.ok && r.code !== 4) return 127 << 8;
    if (sh.traps.fatal) return sh.traps.fatal;
  }
}

function resultOf(sh: Shell, codes: number[]): number {
  if (!sh.opts.pipefail) return codes.at(-1)!;
  return codes.findLast((c) => c !== 0) ?? 0;
}

/** Says how a task was killed, as bash does for scripts; of SIGTERM and trapped signals only the name. */
async function announce(sh: Shell, pid: number, status: number, text: () => string): Promise<void> {
  const e = decodeStatus(status);
  if (e.kind !== "signaled" || e.signal === 2 || e.signal === 13) return;
  if (sh.level > 0 && sh.interactive) return;
  if (e.signal === 15 || sh.traps.has(signalName(e.signal))) await sh.err(`${signalText(e.signal)}\n`);
  else await sh.err(killedLine(sh, pid, e.signal, text()));
}

/** The same for a job of the background, when a script waits for it. */
export async function announceBackground(sh: Shell, pid: number, status: number): Promise<void> {
  const e = decodeStatus(status);
  const job = sh.jobs.byPid(pid);
  if (sh.interactive || !job || e.kind !== "signaled") return;
  if ([2, 13, 15].includes(e.signal) || sh.traps.has(signalName(e.signal))) return;
  await sh.err(killedLine(sh, pid, e.signal, job.text));
}

function killedLine(sh: Shell, pid: number, signal: number, text: string): string {
  return `${sh.prefix()}${String(pid).padStart(5)} ${signalText(signal).padEnd(23)} ${text}\n`;
}

/** Waits until a job ends or stops, then takes the terminal back. */
export async function waitJob(sh: Shell, job: Job): Promise<number> {
  for (const p of job.procs) {
    while (p.status === null && p.stopped === 0) {
      const r = await attempt(sh.sys.wait4(p.pid, Wait.UNTRACED));
      if (r.ok && r.value) sh.jobs.note(r.value.pid, r.value.status);
      else if (!r.ok && r.code !== 4) p.status = 127 << 8;
    }
  }
  if (sh.terminal >= 0) await attempt(sh.sys.tcsetpgrp(sh.terminal, sh.pgrp));
  return isStopped(job) ? jobStopped(sh, job) : jobEnded(sh, job);
}

async function jobStopped(sh: Shell, job: Job): Promise<number> {
  job.background = true;
  job.notified = true;
  sh.jobs.touch(job);
  const modes = await attempt(sh.sys.tcgetattr(sh.terminal));
  if (modes.ok) job.termios = modes.value;
  await resetTerminal(sh);
  await sh.err(`\n${jobLine(job, sh.jobs.mark(job))}`);
  const signal = job.procs.find((p) => p.stopped !== 0)!.stopped;
  sh.pipeStatus = [128 + signal];
  // A loop cannot go on later: it ends here.
  if (sh.loops > 0) sh.flow = { kind: "break", levels: sh.loops };
  return 128 + signal;
}

async function jobEnded(sh: Shell, job: Job): Promise<number> {
  sh.jobs.remove(job);
  const codes = job.procs.map((p) => exitCode(p.status!));
  sh.pipeStatus = codes;
  const e = decodeStatus(job.procs.at(-1)!.status!);
  if (e.kind === "signaled") {
    await resetTerminal(sh);
    if (e.signal === 2) await sh.err("\n");
    else if (e.signal !== 13) await sh.err(`${signalText(e.signal)}\n`);
    if (e.signal === 2 && !sh.traps.actions.has("INT") && sh.interactive)
      sh.flow = { kind: "abort", status: 130 };
  }
  return resultOf(sh, codes);
}

/** A program that died may have left the terminal raw. */
export async function resetTerminal(sh: Shell): Promise<void> {
  if (sh.cookedModes && sh.terminal >= 0) await attempt(sh.sys.tcsetattr(sh.terminal, 1, sh.cookedModes));
}
