// jobControl.ts - jobs, fg, bg, wait, kill, disown, suspend, trap.

import { Wait } from "../../../../kernel-as/abi.ts";
import { attempt, strerror } from "../../errno.ts";
import { signalName, signalNumber, LAST_SIGNAL } from "../../signals.ts";
import { exitCode } from "../../waitStatus.ts";
import { isDone, isStopped, type Job, jobLine, jobStatus, stateText } from "../jobs.ts";
import { announceBackground, reapBackground, waitJob } from "../foreground.ts";
import { tellJobs } from "../interactive.ts";
import type { Shell } from "../shell.ts";
import { PSEUDO } from "../traps.ts";
import { badOption, options, type Table, usage } from "./types.ts";

const SIGCHLD = 17;

async function jobs(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "lnprs");
  if (o.bad) return badOption(sh, "jobs", o.bad, "jobs [-lnprs] [jobspec ...] or jobs -x command [args]");
  await sh.jobs.reap();
  let status = 0;
  let out = "";
  const chosen: Job[] = [];
  for (const spec of o.rest) {
    const job = sh.jobs.find(spec);
    if (job) chosen.push(job);
    else status = await sh.complain(`jobs: ${spec}: no such job`);
  }
  for (const job of o.rest.length > 0 ? chosen : sh.jobs.list) {
    const state = stateText(job);
    if (o.set.has("r") && state !== "Running") continue;
    if (o.set.has("s") && !isStopped(job)) continue;
    if (o.set.has("p")) out += `${job.procs[0]!.pid}\n`;
    else out += jobLine(job, sh.jobs.mark(job), o.set.has("l"));
    job.notified = true;
  }
  await sh.out(out);
  sh.jobs.prune();
  return status;
}

async function jobArgument(sh: Shell, name: string, spec: string | undefined): Promise<Job | null> {
  const job = sh.jobs.find(spec ?? "");
  if (job) return job;
  await sh.complain(`${name}: ${spec ?? "current"}: no such job`);
  return null;
}

async function resume(sh: Shell, job: Job): Promise<void> {
  for (const p of job.procs) p.stopped = 0;
  await attempt(sh.sys.kill(-job.pgid, 18));
}

async function fg(sh: Shell, argv: string[]): Promise<number> {
  if (!sh.monitor) return sh.complain("fg: no job control");
  const job = await jobArgument(sh, "fg", argv[1]);
  if (!job) return 1;
  await sh.out(`${job.text}\n`);
  job.background = false;
  sh.jobs.touch(job);
  await attempt(sh.sys.tcsetpgrp(sh.terminal, job.pgid));
  if (job.termios) await attempt(sh.sys.tcsetattr(sh.terminal, 1, job.termios));
  await resume(sh, job);
  return waitJob(sh, job);
}

async function bg(sh: Shell, argv: string[]): Promise<number> {
  if (!sh.monitor) return sh.complain("bg: no job control");
  for (const spec of argv.length > 1 ? argv.slice(1) : [undefined]) {
    const job = await jobArgument(sh, "bg", spec);
    if (!job) return 1;
    if (!isStopped(job)) {
      await sh.complain(`bg: job ${job.id} already in background`, 0);
      continue;
    }
    job.background = true;
    job.notified = true;
    await sh.out(`[${job.id}]${sh.jobs.mark(job)} ${job.text} &\n`);
    await resume(sh, job);
  }
  return 0;
}

/** Waits for a process; a trap on the way gives 128 + signal. */
async function waitPid(sh: Shell, pid: number): Promise<number> {
  const ended = sh.jobs.endedStatus(pid);
  if (ended !== undefined) {
    dropDone(sh);
    return ended;
  }
  const known = sh.jobs.byPid(pid) ?? (sh.lastBackground === pid || sh.lastSubstitution === pid);
  if (known === false || (known !== true && known.foreign)) {
    return sh.complain(`wait: pid ${pid} is not a child of this shell`, 127);
  }
  for (;;) {
    const r = await attempt(sh.sys.wait4(pid, sh.monitor ? Wait.UNTRACED : 0));
    if (r.ok && r.value) {
      sh.jobs.note(r.value.pid, r.value.status);
      await announceBackground(sh, pid, r.value.status);
      // The child's status is kept for the next wait.
      const interrupted = signalStatus(sh, true);
      if (interrupted !== null) return interrupted;
      dropDone(sh);
      return exitCode(r.value.status);
    }
    if (!r.ok && r.code !== 4) return 127;
    if (sh.traps.pending.length > 0) return 128 + sh.traps.pending[0]!;
    if (sh.interrupted) return 130;
    if (sh.traps.fatal) return 128 + sh.traps.fatal;
  }
}

function dropDone(sh: Shell): void {
  if (!sh.interactive) for (const j of sh.jobs.list) if (isDone(j)) j.notified = true;
  if (!sh.interactive) sh.jobs.prune();
}

async function waitJobSpec(sh: Shell, spec: string): Promise<number> {
  const job = sh.jobs.find(spec);
  if (!job) return sh.complain(`wait: ${spec}: no such job`, 127);
  if (isStopped(job)) {
    await sh.err(`bash: warning: wait_for_job: job ${job.id} is stopped\n`);
    return jobStatus(job);
  }
  let status = 0;
  for (const p of job.procs) if (p.status === null) status = await waitPid(sh, p.pid);
  return isDone(job) ? jobStatus(job) : status;
}

async function waitNext(sh: Shell, specs: string[], variable: string | undefined): Promise<number> {
  if (variable) sh.vars.unset(variable);
  let wanted: number[] | null = null;
  for (const s of specs) {
    const job = s.startsWith("%") ? sh.jobs.find(s) : sh.jobs.byPid(Number(s));
    if (!job) await sh.complain(`wait: ${s}: no such job`);
    wanted = [...(wanted ?? []), ...(job?.procs.map((p) => p.pid) ?? [])];
  }
  for (;;) {
    for (const j of sh.jobs.list) {
      const last = j.procs.at(-1)!;
      if (last.status === null || (wanted && !wanted.includes(last.pid))) continue;
      if (sh.jobs.endedStatus(last.pid) === undefined) continue;
      sh.jobs.forget(last.pid);
      if (!sh.interactive) j.notified = true;
      sh.jobs.prune();
      if (variable) sh.vars.set(variable, String(last.pid));
      return exitCode(last.status);
    }
    const ours = sh.jobs.list.filter((j) => !j.foreign).flatMap((j) => j.procs);
    // Nobody may ever wake a stopped one.
    if (!ours.some((p) => p.status === null && p.stopped === 0 && wanted?.includes(p.pid) !== false))
      return 127;
    const r = await attempt(sh.sys.wait4(-1, sh.monitor ? Wait.UNTRACED : 0));
    if (!r.ok && r.code !== 4) return 127;
    const ended = r.ok ? r.value : null;
    if (ended) sh.jobs.note(ended.pid, ended.status);
    const status = signalStatus(sh, ended !== null);
    if (status !== null) return status;
  }
}

/** With what a signal ends a wait, though a child has ended since (which SIGCHLD itself tells); null: it does not. */
function signalStatus(sh: Shell, hasEnded: boolean): number | null {
  const trapped = sh.traps.pending.find((n) => !hasEnded || n !== SIGCHLD);
  if (trapped !== undefined) return 128 + trapped;
  if (hasEnded) return null;
  if (sh.interrupted) return 130;
  return sh.traps.fatal ? 128 + sh.traps.fatal : null;
}

async function wait(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "fn", "p");
  if (o.bad) return badOption(sh, "wait", o.bad, "wait [-fn] [-p var] [id ...]");
  const status = await waitFor(sh, o);
  if (sh.interactive && sh.level === 0) await tellJobs(sh);
  return status;
}

async function waitFor(sh: Shell, o: ReturnType<typeof options>): Promise<number> {
  if (o.set.has("n")) return waitNext(sh, o.rest, o.value.get("p"));
  if (o.rest.length === 0) return waitAll(sh);
  let status = 0;
  for (const arg of o.rest) {
    if (arg.startsWith("%")) status = await waitJobSpec(sh, arg);
    else if (/^\d+$/.test(arg)) status = await waitPid(sh, Number(arg));
    else status = await sh.complain(`wait: \`${arg}': not a pid or valid job spec`, 1);
  }
  return status;
}

async function waitAll(sh: Shell): Promise<number> {
  for (const job of [...sh.jobs.list]) {
    if (isStopped(job)) await sh.complain(`wait: warning: job ${job.id}[${job.pgid}] stopped`);
    if (isStopped(job) || job.foreign) continue;
    for (const p of job.procs) {
      if (p.status !== null || p.stopped !== 0) continue;
      const status = await waitPid(sh, p.pid);
      if (sh.traps.pending.length > 0 || sh.interrupted) return status;
    }
    if (!sh.interactive || !sh.monitor) job.notified = true;
  }
  sh.jobs.prune();
  if (sh.lastSubstitution !== null) {
    const status = await waitPid(sh, sh.lastSubstitution);
    if (sh.traps.pending.length > 0 || sh.interrupted) return status;
    sh.lastSubstitution = null;
  }
  // A process that is no child of ours, as that of `a | tee >(b)`, has its turn, too.
  await sh.sys.sched_yield();
  return 0;
}

async function kill(sh: Shell, argv: string[]): Promise<number> {
  let sig = 15;
  let i = 1;
  const wrong = (spec: string): Promise<number> => sh.complain(`kill: ${spec}: invalid signal specification`);
  const first = argv[1];
  if (first === "-l" || first === "-L") return listSignals(sh, argv.slice(2));
  if (first === "-s" || first === "-n") {
    if (argv[2] === undefined) return sh.complain(`kill: ${first}: option requires an argument`);
    const n = signalNumber(argv[2]);
    if (n === null) return wrong(argv[2]);
    sig = n;
    i = 3;
  } else if (first?.startsWith("-") && first !== "--" && first.length > 1) {
    const n = signalNumber(first.slice(1));
    if (n === null) return wrong(first.slice(1));
    sig = n;
    i = 2;
  }
  if (argv[i] === "--") i++;
  if (i >= argv.length) {
    return usage(
      sh,
      "kill",
      "kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]",
    );
  }
  await reapBackground(sh);
  let status = 0;
  for (const spec of argv.slice(i)) if ((await killOne(sh, spec, sig)) !== 0) status = 1;
  return status;
}

async function killOne(sh: Shell, spec: string, sig: number): Promise<number> {
  if (spec.startsWith("%")) {
    const job = sh.jobs.find(spec);
    if (!job) return sh.complain(`kill: ${spec}: no such job`);
    if (job.pgid > 0) return send(sh, -job.pgid, sig, spec);
    let status = 0;
    for (const p of job.procs) if (p.status === null) status = await send(sh, p.pid, sig, spec);
    return status;
  }
  if (!/^-?\d+$/.test(spec)) return sh.complain(`kill: ${spec}: arguments must be process or job IDs`);
  return send(sh, Number(spec), sig, `(${spec})`);
}

async function send(sh: Shell, pid: number, sig: number, name: string): Promise<number> {
  const r = await attempt(sh.sys.kill(pid, sig));
  if (!r.ok) return sh.complain(`kill: ${name} - ${strerror(r.code)}`);
  // A stopped job must run to die of it.
  if (pid < 0 && (sig === 15 || sig === 1)) {
    const job = sh.jobs.list.find((j) => j.pgid === -pid);
    if (job && isStopped(job)) await attempt(sh.sys.kill(pid, 18));
  }
  return 0;
}

async function listSignals(sh: Shell, args: string[]): Promise<number> {
  if (args.length === 0) {
    await sh.out(signalTable());
    return 0;
  }
  let status = 0;
  for (const a of args) {
    const text = signalText(a);
    if (text === null) status = await sh.complain(`kill: ${a}: invalid signal specification`);
    else await sh.out(`${text}\n`);
  }
  return status;
}

/** A number's name, or a name's number; numbers over 128 are exit statuses. */
function signalText(spec: string): string | null {
  const pseudo = ["DEBUG", "ERR", "RETURN"].indexOf(spec.toUpperCase());
  if (pseudo >= 0) return String(LAST_SIGNAL + 1 + pseudo);
  if (!/^\d+$/.test(spec)) return signalNumber(spec)?.toString() ?? null;
  const n = Number(spec) > 128 ? Number(spec) - 128 : Number(spec);
  const name = n <= 64 ? signalName(n) : "";
  return /^[A-Z]/.test(name) ? name : null;
}

function signalTable(): string {
  let out = "";
  let column = 0;
  for (let n = 1; n <= LAST_SIGNAL; n++) {
    const name = signalName(n);
    if (!/^[A-Z]/.test(name)) continue;
    column++;
    out += `${String(n).padStart(2)}) SIG${name}${column % 5 === 0 ? "\n" : "\t"}`;
  }
  return `${out}\n`;
}

async function disown(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "ahr");
  const targets = o.set.has("a")
    ? [...sh.jobs.list]
    : o.rest.map((s) => (/^\d+$/.test(s) ? sh.jobs.byPid(Number(s)) : sh.jobs.find(s)));
  if (targets.length === 0) targets.push(sh.jobs.current());
  let status = 0;
  for (const [i, job] of targets.entries()) {
    if (job) sh.jobs.remove(job);
    else status = await sh.complain(`disown: ${o.rest[i] ?? "current"}: no such job`);
  }
  return status;
}

function trapLine(name: string, command: string): string {
  const full = PSEUDO.includes(name) ? name : `SIG${name}`;
  return `trap -- '${command.replaceAll("'", "'\\''")}' ${full}\n`;
}

/** The name a trap is kept under; null when `spec` is no signal. */
function trapName(spec: string): string | null {
  const upper = spec.toUpperCase();
  if (PSEUDO.includes(upper)) return upper;
  const n = signalNumber(spec);
  if (n === null || n > LAST_SIGNAL) return null;
  return n === 0 ? "EXIT" : signalName(n);
}

async function trap(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "lp");
  if (o.bad) return badOption(sh, "trap", o.bad, "trap [-lp] [[arg] signal_spec ...]");
  if (o.set.has("l")) return listSignals(sh, []);
  const shown = await sh.traps.shown();
  if (o.rest.length === 0) {
    const order = [...shown].sort(([a], [b]) => trapOrder(a) - trapOrder(b));
    await sh.out(order.map(([n, c]) => trapLine(n, c)).join(""));
    return 0;
  }
  if (o.set.has("p")) return showTraps(sh, shown, o.rest);
  let [action, ...specs] = o.rest as [string, ...string[]];
  let command: string | null = action;
  if (specs.length === 0) {
    if (trapName(action) === null || action === "")
      return usage(sh, "trap", "trap [-lp] [[arg] signal_spec ...]");
    specs = [action];
    action = "-";
  }
  if (action === "-" || (/^\d+$/.test(action) && trapName(action) !== null)) {
    if (action !== "-") specs = [action, ...specs];
    command = null;
  }
  let status = 0;
  for (const spec of specs) {
    const name = trapName(spec);
    if (name === null) status = await sh.complain(`trap: ${spec}: invalid signal specification`);
    else await sh.traps.set(name, command);
  }
  return status;
}

async function showTraps(sh: Shell, shown: Map<string, string>, specs: string[]): Promise<number> {
  let status = 0;
  for (const spec of specs) {
    const name = trapName(spec);
    const command = shown.get(name ?? "");
    if (name === null) status = await sh.complain(`trap: ${spec}: invalid signal specification`);
    else if (command !== undefined) await sh.out(trapLine(name, command));
  }
  return status;
}

function trapOrder(name: string): number {
  if (name === "EXIT") return 0;
  const at = PSEUDO.indexOf(name);
  return at > 0 ? 100 + at : (signalNumber(name) ?? 99);
}

async function suspend(sh: Shell): Promise<number> {
  if (!sh.monitor) return sh.complain("suspend: cannot suspend: no job control");
  await sh.sys.kill(sh.sys.pid, 19);
  return 0;
}

export const jobControl: Table = { jobs, fg, bg, wait, kill, disown, trap, suspend };
