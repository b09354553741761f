// jobs.ts - the job table: what was started, what has become of it.

import { Wait } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import { signalText } from "../signals.ts";
import { decodeStatus, exitCode } from "../waitStatus.ts";
import type { SysCalls } from "../sys.ts";

export interface Proc {
  pid: number;
  /** wait4's status, null while it lives. */
  status: number | null;
  stopped: number;
}

export interface Job {
  id: number;
  pgid: number;
  procs: Proc[];
  /** The command as the user wrote it. */
  text: string;
  background: boolean;
  /** The user has been told of its present state. */
  notified: boolean;
  /** Terminal attributes it had when it stopped. */
  termios: Uint8Array | null;
  /** Older than another when smaller: `%+` is the newest. */
  used: number;
  /** The parent's: known, but not ours to wait for. */
  foreign?: boolean;
}

export class Jobs {
  list: Job[] = [];
  private clock = 0;
  /** Statuses of background processes that were reaped and are gone. */
  private ended = new Map<number, number>();

  constructor(private readonly sh: { sys: SysCalls }) {}

  /** A subshell knows its parent's jobs only by name. */
  inherit(parent: Jobs): void {
    this.list = parent.list.map((j) => ({ ...j, procs: j.procs.map((p) => ({ ...p })), foreign: true }));
  }

  add(pids: number[], pgid: number, text: string, background: boolean): Job {
    const id = this.list.reduce((n, j) => Math.max(n, j.id), 0) + 1;
    const procs = pids.map((pid) => ({ pid, status: null, stopped: 0 }));
    const job: Job = { id, pgid, procs, text, background, notified: true, termios: null, used: ++this.clock };
    this.list.push(job);
    return job;
  }

  remove(job: Job): void {
    this.list = this.list.filter((j) => j !== job);
  }

  touch(job: Job): void {
    job.used = ++this.clock;
  }

  /** `%+` first, then `%-`: stopped jobs before running ones. */
  private ranked(): Job[] {
    return [...this.list].sort((a, b) => Number(isStopped(b)) - Number(isStopped(a)) || b.used - a.used);
  }

  current(): Job | undefined {
    return this.ranked()[0];
  }

  mark(job: Job): string {
    const [a, b] = this.ranked();
    return job === a ? "+" : job === b ? "-" : " ";
  }

  /** `%1`, `%+`, `%-`, `%name`, `%?text`; undefined when there is none. */
  find(spec: string): Job | undefined {
    const s = spec.startsWith("%") ? spec.slice(1) : spec;
    if (s === "" || s === "+" || s === "%") return this.ranked()[0];
    if (s === "-") return this.ranked()[1] ?? this.ranked()[0];
    if (/^\d+$/.test(s)) return this.list.find((j) => j.id === Number(s));
    if (s.startsWith("?")) return this.list.find((j) => j.text.includes(s.slice(1)));
    return this.list.find((j) => j.text.startsWith(s));
  }

  byPid(pid: number): Job | undefined {
    return this.list.find((j) => j.procs.some((p) => p.pid === pid));
  }

  /** The status of a process that has already been reaped. */
  endedStatus(pid: number): number | undefined {
    return this.ended.get(pid);
  }

  forget(pid: number): void {
    this.ended.delete(pid);
  }

  note(pid: number, status: number): void {
    const proc = this.byPid(pid)?.procs.find((p) => p.pid === pid);
    const job = this.byPid(pid);
    if (!proc || !job) return;
    const e = decodeStatus(status);
    if (e.kind === "stopped") proc.stopped = e.signal;
    else if (e.kind === "continued") proc.stopped = 0;
    else {
      proc.status = status;
      proc.stopped = 0;
      if (job.background) this.ended.set(pid, exitCode(status));
    }
    if (job.background || e.kind === "stopped") job.notified = false;
  }

  /** Asks the kernel about every living process, without waiting. */
  async reap(): Promise<void> {
    for (const job of this.list) {
      if (job.foreign) continue;
      for (const p of job.procs) {
        if (p.status !== null) continue;
        const r = await attempt(this.sh.sys.wait4(p.pid, Wait.NOHANG | Wait.UNTRACED | Wait.CONTINUED));
        if (r.ok && r.value) this.note(r.value.pid, r.value.status);
        else if (!r.ok && r.code === 10) p.status = 0;
      }
    }
  }

  /** Drops jobs that are over and that the user knows of. */
  prune(): void {
    this.list = this.list.filter((j) => !isDone(j) || !j.notified);
  }
}

export function isDone(job: Job): boolean {
  return job.procs.every((p) => p.status !== null);
}

export function isStopped(job: Job): boolean {
  return (
    !isDone(job) &&
    job.procs.some((p) => p.stopped !== 0) &&
    job.procs.every((p) => p.status !== null || p.stopped !== 0)
  );
}

/** $? of a job: its last process. */
export function jobStatus(job: Job): number {
  const last = job.procs.at(-1)!;
  if (last.status !== null) return exitCode(last.status);
  const stopped = job.procs.find((p) => p.stopped !== 0);
  return stopped ? 128 + stopped.stopped : 0;
}

export function stateText(job: Job, long = false): string {
  if (isStopped(job)) return long ? signalText(job.procs.find((p) => p.stopped !== 0)!.stopped) : "Stopped";
  if (!isDone(job)) return "Running";
  const e = decodeStatus(job.procs.at(-1)!.status!);
  if (e.kind === "signaled") return signalText(e.signal);
  return e.kind === "exited" && e.code !== 0 ? `Exit ${e.code}` : "Done";
}

/** A line of `jobs`. */
export function jobLine(job: Job, mark: string, long = false): string {
  const state = stateText(job, long);
  const running = state === "Running";
  const pid = long ? `${job.procs[0]!.pid} ` : " ";
  return `[${job.id}]${mark} ${pid}${state.padEnd(24)}${job.text}${running ? " &" : ""}\n`;
}
