// pipeline.ts - a | b | c: one task per stage, one process group.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import type { CommandNode, Node, Pipeline } from "./ast.ts";
import { childBody } from "./child.ts";
import { waitForeground } from "./foreground.ts";
import { addToGroup, enterGroup, type Group, joinGroup } from "./group.ts";
import { commandText } from "./printCommand.ts";
import { makeChild } from "./makeChild.ts";
import type { Shell } from "./shell.ts";
import { timed } from "./timeKeyword.ts";

export async function runPipeline(sh: Shell, p: Pipeline): Promise<number> {
  // Without `set -e` the ERR trap sees what fails within.
  const ignored = p.negate && sh.opts.errexit;
  if (ignored) sh.conditional++;
  try {
    const status = await (p.time ? timed(sh, p.time, () => runStages(sh, p)) : runStages(sh, p));
    return p.negate ? Number(status === 0) : status;
  } finally {
    if (ignored) sh.conditional--;
  }
}

async function runStages(sh: Shell, p: Pipeline): Promise<number> {
  if (p.commands.length === 0) return 0;
  if (p.commands.length === 1) return sh.hooks.runNode(sh, p.commands[0]!, p.negate);
  if (sh.shopts["lastpipe"] && !sh.monitor) return runLastHere(sh, p);
  const group = enterGroup(sh, true);
  const pids = await launch(sh, p.commands, p.both, group, null);
  const status = await waitForeground(sh, pids, group, () => commandText(p));
  const isTested = p.negate || sh.conditional > 0;
  if (!isTested && sh.pipeStatus.at(-1) !== 0) await trapOfLast(sh, p.commands.at(-1)!);
  return status;
}

/** Bash tells the ERR trap of a ( ) that fails at a pipe's end, and then of the pipe. */
async function trapOfLast(sh: Shell, last: CommandNode): Promise<void> {
  if (forked(last).t === "subshell") await sh.hooks.runTrap(sh, "ERR");
}

/** What a task is forked for, without its redirections. */
export const forked = (node: Node): Node => (node.t === "redirected" ? node.node : node);

/** shopt lastpipe: the last stage runs in the shell itself. */
async function runLastHere(sh: Shell, p: Pipeline): Promise<number> {
  const group = enterGroup(sh, true);
  const [r, w] = await sh.sys.pipe2(Open.CLOEXEC);
  const pids = await launch(sh, p.commands.slice(0, -1), p.both, group, w);
  await sh.sys.close(w);
  const saved = await sh.sys.fcntl(0, 1030, 10);
  await sh.sys.dup2(r, 0);
  await sh.sys.close(r);
  const status = await sh.hooks.runNode(sh, p.commands.at(-1)!);
  await sh.sys.dup2(saved, 0);
  await sh.sys.close(saved);
  await waitForeground(sh, pids, group, () => commandText(p));
  sh.pipeStatus = [...sh.pipeStatus, status];
  return sh.opts.pipefail ? (sh.pipeStatus.findLast((c) => c !== 0) ?? 0) : status;
}

/** Forks every stage; `lastOut` is where the last one writes, null for stdout. */
export async function launch(
  sh: Shell,
  commands: readonly CommandNode[],
  both: readonly boolean[],
  group: Group,
  lastOut: number | null,
): Promise<number[]> {
  const pids: number[] = [];
  let input = -1;
  for (let i = 0; i < commands.length; i++) {
    const last = i === commands.length - 1;
    const [r, w] = last ? [-1, lastOut ?? -1] : await sh.sys.pipe2(Open.CLOEXEC);
    if (sh.traps.actions.has("DEBUG")) await debugInParent(sh, commands[i]!);
    const stage = { in: input, out: w, unused: r, stderr: both[i] === true };
    const pid = await forkStage(sh, commands[i]!, stage, group);
    await addToGroup(group, sh, pid);
    pids.push(pid);
    if (input >= 0) await sh.sys.close(input);
    if (!last) await sh.sys.close(w);
    input = r;
  }
  return pids;
}

/** A stage that is a simple command has its DEBUG trap before the fork. */
async function debugInParent(sh: Shell, command: CommandNode): Promise<void> {
  if (command.t !== "simple") return;
  sh.line = command.line;
  await sh.hooks.debugTrap(sh, commandText(command));
  sh.debugged = command;
}

interface Stage {
  in: number;
  out: number;
  /** The reading end of the next pipe: not this task's. */
  unused: number;
  stderr: boolean;
}

function forkStage(sh: Shell, command: CommandNode, stage: Stage, group: Group): Promise<number> {
  const child = sh.clone();
  return makeChild(sh, (sys) =>
    childBody(child, sys, async () => {
      await joinGroup(group, sys);
      await connect(sys, stage);
      child.execLast = command.t === "simple";
      if (command.t !== "simple") child.loops = 0;
      child.forkedFor = forked(command);
      return child.hooks.runNode(child, command);
    }),
  );
}

async function connect(sys: SysCalls, stage: Stage): Promise<void> {
  if (stage.in >= 0) {
    await sys.dup2(stage.in, 0);
    await sys.close(stage.in);
  }
  if (stage.out >= 0) {
    await sys.dup2(stage.out, 1);
    await sys.close(stage.out);
  }
  if (stage.stderr) await sys.dup2(1, 2);
  if (stage.unused >= 0) await attempt(sys.close(stage.unused));
}
