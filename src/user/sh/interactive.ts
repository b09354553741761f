// interactive.ts - the prompt: reads a command, runs it, tells of jobs.

import { Fcntl, Open } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import { decode } from "../text.ts";
import { finishShell } from "./child.ts";
import { Editor } from "./edit/editor.ts";
import { KernelLog } from "./edit/kernelLog.ts";
import { expandQuoted } from "./expand.ts";
import { loadHistory, saveHistory } from "./historyFile.ts";
import { type Input, plainInput } from "./input.ts";
import { runItems } from "./interpreter.ts";
import type { Invocation } from "./invocation.ts";
import { isDone, isStopped, jobLine } from "./jobs.ts";
import { mayLeave } from "./mayLeave.ts";
import { parseScript } from "./parse.ts";
import { promptText } from "./prompt.ts";
import { readAll, type Shell } from "./shell.ts";
import { syntaxFailed } from "./syntaxFailed.ts";

export async function runInteractive(
  sh: Shell,
  inv: Invocation,
  command: (() => Promise<number>) | null,
): Promise<number> {
  await takeTerminal(sh);
  sh.interactive = true;
  sh.shopts["expand_aliases"] = true;
  sh.opts.emacs = sh.opts.history = sh.opts.histexpand = true;
  await sh.traps.becomeInteractive();
  setDefaults(sh);
  await startFiles(sh, inv);
  if (sh.flow) return finishShell(sh, sh.status);
  await loadHistory(sh);
  if (command) return finishShell(sh, await command());
  const status = await promptLoop(sh, await openInput(sh, inv));
  await hangUpJobs(sh);
  await saveHistory(sh);
  return finishShell(sh, status);
}

/** The line editor on a terminal, plain lines otherwise. */
async function openInput(sh: Shell, inv: Invocation): Promise<Input> {
  const terminal =
    sh.terminal >= 0 && (await attempt(sh.sys.tcgetattr(0))).ok && sh.vars.get("TERM") !== "dumb";
  if (!terminal || !inv.editing) return plainInput(sh);
  await sh.sys.sigaction(28, () => (sh.windowChanged = true));
  return new Editor(sh, await KernelLog.open(sh.sys));
}

/** Own process group, in the foreground; without a terminal there is no job control. */
async function takeTerminal(sh: Shell): Promise<void> {
  const modes = await attempt(sh.sys.tcgetattr(2));
  if (!modes.ok) return;
  sh.cookedModes = modes.value;
  sh.terminal = await sh.sys.fcntl(2, Fcntl.F_DUPFD_CLOEXEC, 100);
  await attempt(sh.sys.sigaction(22, "ignore"));
  await attempt(sh.sys.setpgid(0, 0));
  sh.pgrp = await sh.sys.getpgid(0);
  const taken = await attempt(sh.sys.tcsetpgrp(sh.terminal, sh.pgrp));
  sh.monitor = sh.opts.monitor = taken.ok;
  if (!taken.ok) await sh.err("bash: no job control in this shell\n");
}

function setDefaults(sh: Shell): void {
  const preset = (name: string, value: string): void => {
    if (sh.vars.get(name) === undefined) sh.vars.set(name, value);
  };
  preset("PS1", "\\u@\\h:\\w\\$ ");
  preset("PS2", "> ");
  preset("HISTFILE", `${sh.vars.get("HOME") ?? "/root"}/.bash_history`);
  preset("HISTSIZE", "500");
  preset("HISTFILESIZE", "500");
  preset("HISTCONTROL", "ignoredups");
}

export async function startFiles(sh: Shell, inv: Invocation): Promise<void> {
  const home = sh.vars.get("HOME") ?? "/root";
  const rc = inv.rc?.replace(/^~/, home) ?? null;
  if (inv.login && inv.profile) {
    await sourceIfThere(sh, "/etc/profile");
    for (const name of [".bash_profile", ".bash_login", ".profile"]) {
      if (await sourceIfThere(sh, `${home}/${name}`)) return;
    }
  }
  if (!sh.interactive) {
    const file = sh.name === "sh" ? "" : (sh.vars.get("BASH_ENV") ?? "");
    if (file !== "") await sourceIfThere(sh, await expandQuoted(sh, file));
    return;
  }
  if (inv.rc !== null) await sourceIfThere(sh, "/etc/bash.bashrc");
  if (rc !== null) await sourceIfThere(sh, rc);
}

async function sourceIfThere(sh: Shell, path: string): Promise<boolean> {
  const fd = await attempt(sh.sys.open(path, Open.RDONLY | Open.CLOEXEC));
  if (!fd.ok) return false;
  const text = decode(await readAll(sh.sys, fd.value));
  await sh.sys.close(fd.value);
  sh.frames.push({ func: "source", source: path, line: 0, args: [] });
  await sh.hooks.evalText(sh, text, path);
  sh.frames.pop();
  if (sh.flow?.kind !== "exit") sh.flow = null;
  return true;
}

async function promptLoop(sh: Shell, input: Input): Promise<number> {
  while (sh.flow?.kind !== "exit") {
    await tellJobs(sh);
    await runPromptCommand(sh);
    const text = await readCommand(sh, input);
    if (text === null) {
      await sh.err(sh.name.startsWith("-") || sh.shopts["login_shell"] ? "logout\n" : "exit\n");
      if (!(await mayLeave(sh))) continue;
      return sh.status;
    }
    if (text.trim() !== "") sh.leaving = sh.leaving === "asked" ? "again" : null;
    await runCommand(sh, text);
    if (sh.leaving === "again") sh.leaving = null;
  }
  return sh.flow.status;
}

async function runPromptCommand(sh: Shell): Promise<void> {
  const v = sh.vars.find("PROMPT_COMMAND");
  const commands = v?.list?.filter((s) => s !== undefined) ?? (v?.value ? [v.value] : []);
  const { status, pipeStatus } = sh;
  for (const c of commands) await sh.hooks.evalText(sh, c, null);
  if (sh.flow?.kind === "abort") sh.flow = null;
  sh.status = status;
  sh.pipeStatus = pipeStatus;
}

/** Lines until they make a whole command; null at end of input. */
async function readCommand(sh: Shell, input: Input): Promise<string | null> {
  let text = "";
  for (let prompt = "PS1"; ; prompt = "PS2") {
    sh.interrupted = false;
    const shown = await promptText(sh, sh.vars.get(prompt) ?? (prompt === "PS1" ? "\\$ " : "> "));
    const line = await input.read(shown, text);
    if (line.kind === "interrupt") {
      sh.status = 130;
      text = "";
      prompt = "";
      return "";
    }
    if (line.kind === "end") {
      if (text === "") return null;
      return text;
    }
    const expanded = await historyExpand(sh, line.text);
    if (expanded === null) return "";
    text += `${expanded}\n`;
    if (/(^|[^\\])(\\\\)*\\\n$/.test(text)) continue;
    if (parseScript(text).error?.incomplete) continue;
    sh.history.max = Number(sh.vars.get("HISTSIZE") ?? 500);
    sh.history.add(text, sh.vars.get("HISTCONTROL") ?? "");
    return text;
  }
}

async function historyExpand(sh: Shell, line: string): Promise<string | null> {
  if (!sh.opts.histexpand) return line;
  const r = sh.history.expand(line);
  if ("error" in r) {
    await sh.err(`bash: ${r.error}\n`);
    return null;
  }
  if (r.changed) await sh.out(`${r.text}\n`);
  return r.text;
}

async function runCommand(sh: Shell, text: string): Promise<void> {
  const script = parseScript(text);
  if (script.error) {
    await syntaxFailed(sh, script, "");
    return;
  }
  const status = await runItems(sh, script, text, false);
  if (script.body.items.length > 0) sh.status = status;
  if (sh.flow && sh.flow.kind !== "exit") {
    if (sh.flow.kind === "abort") sh.status = sh.flow.status;
    sh.flow = null;
  }
  sh.conditional = 0;
  sh.loops = 0;
}

/** Jobs that ended since the last prompt. */
export async function tellJobs(sh: Shell): Promise<void> {
  if (sh.jobs.list.length === 0) return;
  await sh.jobs.reap();
  for (const job of sh.jobs.list) {
    if (job.notified || (!isDone(job) && !job.procs.some((p) => p.stopped !== 0))) continue;
    await sh.err(`${isStopped(job) ? "\n" : ""}${jobLine(job, sh.jobs.mark(job))}`);
    job.notified = true;
  }
  sh.jobs.prune();
}

/** A shell that leaves tells its jobs, stopped ones too. */
async function hangUpJobs(sh: Shell): Promise<void> {
  for (const job of sh.jobs.list) {
    if (isDone(job) || job.pgid === 0 || !job.procs.some((p) => p.stopped !== 0)) continue;
    await attempt(sh.sys.kill(-job.pgid, 1));
    await attempt(sh.sys.kill(-job.pgid, 18));
  }
}
