// background.ts - `cmd &` and coproc.
//
// `cmd &` is one fork that execs in place: $! is the pid of the program.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import type { Coproc, Node, Statement } from "./ast.ts";
import { BUILTINS } from "./builtins/index.ts";
import { childBody } from "./child.ts";
import { addToGroup, enterGroup, joinGroup } from "./group.ts";
import { forked, launch } from "./pipeline.ts";
import { commandText } from "./printCommand.ts";
import { makeChild } from "./makeChild.ts";
import type { Shell } from "./shell.ts";

export async function startBackground(sh: Shell, what: Statement | Coproc): Promise<number> {
  if ("t" in what) return startCoproc(sh, what);
  const node = unnegated(what.node);
  const first = node.t === "simple" ? node.words[0]?.lit : null;
  // A job's name and & lets it go on in the background.
  if (first?.startsWith("%")) return BUILTINS.get("bg")!(sh, ["bg", first]);
  const group = enterGroup(sh, false);
  const isPipeline = node.t === "pipeline" && node.commands.length > 1 && !node.time;
  const pids = isPipeline
    ? await launch(sh, node.commands, node.both, group, null)
    : [await forkBackground(sh, node, (sys) => joinGroup(group, sys))];
  if (!isPipeline) await addToGroup(group, sh, pids[0]!);
  const job = sh.jobs.add(pids, group.control ? group.pgid : 0, commandText(what.node), true);
  sh.lastBackground = pids.at(-1)!;
  if (sh.interactive) await sh.err(`[${job.id}] ${sh.lastBackground}\n`);
  return 0;
}

/** In the background `!` is without effect, as in bash. */
function unnegated(node: Node): Node {
  if (node.t !== "pipeline" || !node.negate) return node;
  if (node.commands.length === 1 && !node.time) return node.commands[0]!;
  return { ...node, negate: false };
}

function forkBackground(sh: Shell, node: Node, join: (sys: SysCalls) => Promise<void>): Promise<number> {
  const child = sh.clone();
  const control = sh.monitor;
  return makeChild(sh, (sys) =>
    childBody(child, sys, async () => {
      await join(sys);
      if (!control) await detachInput(sys);
      child.execLast = node.t === "simple";
      if (node.t !== "simple") child.loops = 0;
      child.forkedFor = forked(node);
      // Bash's child leaves before it would look at its status.
      if (node.t === "simple") child.conditional++;
      return child.hooks.runNode(child, node);
    }),
  );
}

/** Without job control a background task must not eat the shell's input. */
async function detachInput(sys: SysCalls): Promise<void> {
  await sys.sigaction(2, "ignore");
  await sys.sigaction(3, "ignore");
  const fd = await attempt(sys.open("/dev/null", Open.RDONLY));
  if (!fd.ok || fd.value === 0) return;
  await sys.dup2(fd.value, 0);
  await sys.close(fd.value);
}

async function startCoproc(sh: Shell, node: Coproc): Promise<number> {
  const [inR, inW] = await sh.sys.pipe2(Open.CLOEXEC);
  const [outR, outW] = await sh.sys.pipe2(Open.CLOEXEC);
  const child = sh.clone();
  const group = enterGroup(sh, false);
  const pid = await makeChild(sh, (sys) =>
    childBody(child, sys, async () => {
      await joinGroup(group, sys);
      await sys.dup2(inR, 0);
      await sys.dup2(outW, 1);
      for (const fd of [inR, inW, outR, outW]) await sys.close(fd);
      child.execLast = node.body.t === "simple";
      return child.hooks.runNode(child, node.body);
    }),
  );
  await addToGroup(group, sh, pid);
  await sh.sys.close(inR);
  await sh.sys.close(outW);
  sh.jobs.add([pid], group.control ? group.pgid : 0, commandText(node), true);
  sh.lastBackground = pid;
  const fds = [await raise(sh, outR), await raise(sh, inW)];
  sh.vars.setList(node.name, fds.map(String));
  sh.vars.set(`${node.name}_PID`, String(pid));
  return 0;
}

/** Moves a descriptor out of the user's way. */
async function raise(sh: Shell, fd: number): Promise<number> {
  const high = await sh.sys.fcntl(fd, 1030, 60);
  await sh.sys.close(fd);
  return high;
}
