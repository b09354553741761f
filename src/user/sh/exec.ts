// exec.ts - runs the tree: lists, && and ||, and what happens after a command.

import type { AndOr, List, Node } from "./ast.ts";
import { guarded } from "./guard.ts";
import { runCompound } from "./compound.ts";
import { runPipeline } from "./pipeline.ts";
import { startBackground } from "./background.ts";
import { reapBackground } from "./foreground.ts";
import { runSimple } from "./simple.ts";
import { defineFunction } from "./functions.ts";
import { withRedirections } from "./redirect.ts";
import { closeProcessSubstitutions } from "./substitute.ts";
import type { Shell } from "./shell.ts";

/** The commands of a list, until something ends it. */
export async function runList(sh: Shell, list: List): Promise<number> {
  let status = 0;
  const subs = sh.procSubs.length;
  for (const item of list.items) {
    sh.line = item.line;
    if (item.background) status = await startBackground(sh, item);
    else {
      const r = runNode(sh, item.node);
      status = typeof r === "number" ? r : await r;
    }
    sh.status = status;
    if (sh.procSubs.length > subs) await closeProcessSubstitutions(sh, subs);
    const pause = sh.turn();
    if (pause) {
      await pause;
      await reapBackground(sh);
    }
    if (sh.traps.pending.length > 0) await runPendingTraps(sh);
    if (sh.interrupted) await interrupt(sh);
    if (sh.traps.fatal) sh.flow ??= { kind: "exit", status: 128 + sh.traps.fatal };
    if (sh.flow) return sh.flow.kind === "exit" || sh.flow.kind === "abort" ? sh.flow.status : status;
  }
  return status;
}

/** Ctrl-C while the shell itself was running. */
async function interrupt(sh: Shell): Promise<void> {
  sh.interrupted = false;
  if (sh.interactive) await sh.err("\n");
  sh.status = 130;
  sh.flow ??= { kind: "abort", status: 130 };
}

/** `tested`: somebody looks at the status of the command itself. */
export function runNode(sh: Shell, node: Node, tested = false): number | Promise<number> {
  const checked = tested ? (_: Shell, status: number): number => status : checkedStatus;
  switch (node.t) {
    case "simple": {
      const r = runSimple(sh, node);
      return typeof r === "number" ? checked(sh, r) : r.then((s) => checked(sh, s));
    }
    case "andor":
      return runAndOr(sh, node);
    case "pipeline":
      return runPipeline(sh, node).then((s) => (node.negate ? s : checked(sh, s)));
    case "redirected": {
      sh.line = node.line;
      // A redirection that fails is the command's own failure.
      let own = true;
      const body = (): number | Promise<number> => {
        own = isPlain(node.node.t);
        return runCompound(sh, node.node);
      };
      return withRedirections(sh, node.redirs, body).then((s) => (own ? checked(sh, s) : s));
    }
    case "function":
      sh.line = node.line;
      return defineFunction(sh, node);
    case "coproc":
      return startBackground(sh, node);
    default: {
      const r = guarded(sh, () => runCompound(sh, node));
      if (!isPlain(node.t)) return r;
      return typeof r === "number" ? checked(sh, r) : r.then((s) => checked(sh, s));
    }
  }
}

/** Compound commands whose failure is their own, not that of a command inside. */
function isPlain(t: string): boolean {
  return t === "subshell" || t === "cond" || t === "arithcmd";
}

/** `set -e` and the ERR trap look at every status that nobody tested. */
function checkedStatus(sh: Shell, status: number): number | Promise<number> {
  if (status === 0 || sh.conditional > 0 || sh.flow) return status;
  if (!sh.opts.errexit && !sh.traps.has("ERR")) return status;
  return failed(sh, status);
}

async function failed(sh: Shell, status: number): Promise<number> {
  if (sh.traps.has("ERR")) {
    sh.status = status;
    await sh.hooks.runTrap(sh, "ERR");
  }
  if (sh.opts.errexit && !sh.flow) sh.flow = { kind: "exit", status };
  return status;
}

async function runAndOr(sh: Shell, node: AndOr): Promise<number> {
  let status = await inCondition(sh, node.nodes[0]!);
  for (let i = 1; i < node.nodes.length && !sh.flow; i++) {
    sh.status = status;
    if ((node.ops[i - 1] === "&&") !== (status === 0)) continue;
    const last = i === node.nodes.length - 1;
    status = last ? await runNode(sh, node.nodes[i]!) : await inCondition(sh, node.nodes[i]!);
  }
  return status;
}

async function inCondition(sh: Shell, node: Node): Promise<number> {
  sh.conditional++;
  try {
    return await runNode(sh, node);
  } finally {
    sh.conditional--;
  }
}

export async function runPendingTraps(sh: Shell): Promise<void> {
  while (sh.traps.pending.length > 0 && sh.flow?.kind !== "exit") {
    // `continue` and its like wait until the trap has run.
    const flow = sh.flow;
    sh.flow = null;
    await runTrap(sh, sh.traps.take()!);
    sh.flow ??= flow;
  }
}

/** Runs a trap's command; $? is as before it and after it. */
export async function runTrap(sh: Shell, name: string): Promise<void> {
  const command = sh.traps.actions.get(name);
  if (!command) return;
  const own = name === "DEBUG" || name === "ERR" || name === "RETURN";
  if (own && sh.traps.running.has(name)) return;
  const { status, pipeStatus, line, lastArg } = sh;
  const outer = sh.traps.context;
  sh.traps.context = { name, status };
  if (name === "EXIT") {
    sh.traps.actions.delete("EXIT");
    // `set -x` shows its commands as the shell's own.
    sh.traceDepth = -1;
  }
  // The lines of these count from their beginning.
  if (!own) sh.line = 1;
  sh.traps.running.add(name);
  try {
    await sh.hooks.evalText(sh, command, null);
  } finally {
    sh.traps.running.delete(name);
    sh.line = line;
    sh.traps.context = outer;
  }
  if (sh.flow) return;
  sh.trapStatus = sh.status;
  sh.status = status;
  sh.pipeStatus = pipeStatus;
  sh.lastArg = lastArg;
}

/** The DEBUG trap before a command; true when `extdebug` says to skip it. */
export async function debugTrap(sh: Shell, text: string): Promise<boolean> {
  if (sh.traps.running.has("DEBUG")) return false;
  if (sh.traps.context === null) sh.traps.command = text;
  await runTrap(sh, "DEBUG");
  return sh.flow !== null || (sh.shopts["extdebug"] === true && sh.trapStatus !== 0);
}
