// substitute.ts - $( ) and <( ): a forked task at the other end of a pipe.

import { Fcntl, Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { SysError } from "../sys.ts";
import { decode } from "../text.ts";
import { exitCode } from "../waitStatus.ts";
import type { ProcessSub, Script, Simple } from "./ast.ts";
import { childBody } from "./child.ts";
import { expandWords } from "./expand.ts";
import { makeChild } from "./makeChild.ts";
import { readAll, type Shell } from "./shell.ts";
import { syntaxFailed } from "./syntaxFailed.ts";

/** What the script prints, without the newlines at its end. */
export async function commandOutput(sh: Shell, script: Script): Promise<string> {
  if (script.error) await syntaxFailed(sh, script, "command substitution: ");
  const file = onlyInput(script);
  if (file) return trimmed(sh, await fileContents(sh, file));
  const [r, w] = await sh.sys.pipe2(Open.CLOEXEC);
  const child = sh.clone();
  child.traceDepth++;
  if (!sh.shopts["inherit_errexit"] && !sh.opts.posix) child.opts.errexit = false;
  const pid = await makeChild(sh, (sys) =>
    childBody(child, sys, async () => {
      await sys.dup2(w, 1);
      await sys.close(w);
      await sys.close(r);
      return script.error ? 2 : child.hooks.runList(child, script.body);
    }),
  );
  await sh.sys.close(w);
  const text = decode(await readAll(sh.sys, r));
  await sh.sys.close(r);
  const status = await waitFor(sh, pid);
  sh.status = sh.substStatus = exitCode(status);
  if ((status & 0x7f) === 2 && sh.interactive) sh.interrupted = true;
  return trimmed(sh, text);
}

async function trimmed(sh: Shell, text: string): Promise<string> {
  if (text.includes("\0"))
    await sh.err(`${sh.prefix()}warning: command substitution: ignored null byte in input\n`);
  return text.replaceAll("\0", "").replace(/\n+$/, "");
}

/** `$(<file)` reads the file without a task. */
function onlyInput(script: Script): Simple | null {
  const only = script.body.items.length === 1 ? script.body.items[0]! : null;
  if (only?.node.t !== "simple" || only.background) return null;
  const { words, assigns, redirs } = only.node;
  const [r] = redirs;
  const input = words.length + assigns.length === 0 && redirs.length === 1 && r!.op === "<" && !r!.fd;
  return input ? only.node : null;
}

async function fileContents(sh: Shell, s: Simple): Promise<string> {
  const [path = ""] = await expandWords(sh, [s.redirs[0]!.word]);
  try {
    const fd = await sh.sys.open(path, Open.RDONLY | Open.CLOEXEC);
    const text = decode(await readAll(sh.sys, fd));
    await sh.sys.close(fd);
    sh.substStatus = 0;
    return text;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    sh.substStatus = await sh.complain(`${path}: ${strerror(e.code)}`);
    return "";
  }
}

/** A wait that a caught signal only delays. */
export async function waitFor(sh: Shell, pid: number): Promise<number> {
  for (;;) {
    const r = await attempt(sh.sys.wait4(pid, 0));
    if (r.ok && r.value) return r.value.status;
    if (!r.ok && r.code !== 4) return 127 << 8;
  }
}

/** The name of a pipe whose other end is the script. */
export async function processSubstitution(sh: Shell, part: ProcessSub): Promise<string> {
  const [r, w] = await sh.sys.pipe2(Open.CLOEXEC);
  const mine = part.op === "<" ? r : w;
  const its = part.op === "<" ? w : r;
  const child = sh.clone();
  const pid = await makeChild(sh, (sys) =>
    childBody(child, sys, async () => {
      await sys.dup2(its, part.op === "<" ? 1 : 0);
      await sys.close(its);
      await sys.close(mine);
      const file = part.op === "<" ? onlyInput(part.script()) : null;
      if (!file) return child.hooks.runList(child, part.script().body);
      await child.out(await fileContents(child, file));
      return child.substStatus!;
    }),
  );
  await sh.sys.close(its);
  const fd = await sh.sys.fcntl(mine, Fcntl.F_DUPFD, 63);
  await sh.sys.close(mine);
  sh.procSubs.push(fd);
  sh.lastBackground = sh.lastSubstitution = pid;
  return `/dev/fd/${fd}`;
}

/** After the command: the pipes are closed; the kernel reaps what has ended. */
export async function closeProcessSubstitutions(sh: Shell, from: number): Promise<void> {
  for (const fd of sh.procSubs.splice(from)) await attempt(sh.sys.close(fd));
}
