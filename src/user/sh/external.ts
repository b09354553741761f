// external.ts - programs: finding them, forking, execve and its failures.

import { attempt, strerror } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import { encode } from "../text.ts";
import { ShellError } from "./errors.ts";
import { waitForeground } from "./foreground.ts";
import { addToGroup, enterGroup, joinGroup } from "./group.ts";
import type { Plan } from "./assigned.ts";
import { makeChild } from "./makeChild.ts";
import { resetSignals } from "./resetSignals.ts";
import { apply } from "./redirect.ts";
import { type Shell, writeAll } from "./shell.ts";

const SHELL = "/bin/bash";

async function isExecutable(sys: SysCalls, path: string): Promise<boolean> {
  const st = await attempt(sys.stat(path));
  if (!st.ok || (st.value.mode & 0o170000) === 0o040000) return false;
  return (await attempt(sys.access(path, 1))).ok;
}

/** The file that `name` runs, remembered; null when PATH has none. */
export async function findProgram(sh: Shell, name: string): Promise<string | null> {
  if (name.includes("/")) return name;
  const known = sh.hash.get(name);
  if (known !== undefined) return known;
  const found = (await programsNamed(sh, name))[0] ?? null;
  if (found !== null && sh.opts.hashall) sh.hash.set(name, found);
  return found;
}

/** Every executable of that name in PATH; the first one only unless `all`. */
export async function programsNamed(sh: Shell, name: string, all = false): Promise<string[]> {
  const out: string[] = [];
  if (name === "") return out;
  for (const dir of (sh.vars.get("PATH") ?? "").split(":")) {
    const path = `${dir === "" ? "." : dir}/${name}`;
    if (!(await isExecutable(sh.sys, path))) continue;
    out.push(path);
    if (!all) break;
  }
  return out;
}

export interface ExternalCommand {
  argv: string[];
  env: Map<string, string>;
  plans: Plan[];
  text: () => string;
}

/** Runs a program in the foreground. */
export async function runExternal(sh: Shell, cmd: ExternalCommand): Promise<number> {
  const path = await findProgram(sh, cmd.argv[0]!);
  const prefix = sh.prefix();
  if (sh.execLast && sh.traps.actions.size === 0) return execInPlace(sh, sh.sys, path, cmd, prefix);
  const group = enterGroup(sh, true);
  const reset = sh.caughtSignals();
  const pid = await makeChild(sh, async (sys) => {
    await resetSignals(sys, reset);
    await joinGroup(group, sys);
    return execInPlace(sh, sys, path, cmd, prefix);
  });
  await addToGroup(group, sh, pid);
  return waitForeground(sh, [pid], group, cmd.text);
}

/** Redirections for good, then execve; the status when that fails. */
export async function execInPlace(
  sh: Shell,
  sys: SysCalls,
  path: string | null,
  cmd: ExternalCommand,
  prefix: string,
): Promise<number> {
  const say = (text: string): Promise<unknown> => attempt(writeAll(sys, 2, encode(prefix + text + "\n")));
  try {
    await apply(sh, sys, cmd.plans, null);
  } catch (e) {
    if (!(e instanceof ShellError)) throw e;
    await say(e.message);
    return 1;
  }
  const name = cmd.argv[0]!;
  if (path === null) {
    await say(`${name}: command not found`);
    return 127;
  }
  const r = await attempt<never>(sys.execve(path, cmd.argv, cmd.env));
  return r.ok ? 0 : execFailed(sys, r.code, path, cmd, say);
}

async function execFailed(
  sys: SysCalls,
  code: number,
  path: string,
  cmd: ExternalCommand,
  say: (text: string) => Promise<unknown>,
): Promise<number> {
  const name = cmd.argv[0]!;
  if (code === 8) {
    // No #! line: the shell reads it as a script, unless it is binary.
    if (await looksBinary(sys, path)) {
      await say(`${name}: cannot execute binary file: ${strerror(8)}`);
      return 126;
    }
    const r = await attempt<never>(sys.execve(SHELL, ["bash", path, ...cmd.argv.slice(1)], cmd.env));
    if (!r.ok) await say(`${SHELL}: ${strerror(r.code)}`);
    return 126;
  }
  const st = await attempt(sys.stat(path));
  if (st.ok && (st.value.mode & 0o170000) === 0o040000) {
    await say(`${name}: Is a directory`);
    return 126;
  }
  if (code === 2 && st.ok) await say(`${name}: cannot execute: required file not found`);
  else await say(`${name}: ${strerror(code)}`);
  return code === 2 ? 127 : 126;
}

async function looksBinary(sys: SysCalls, path: string): Promise<boolean> {
  const fd = await attempt(sys.open(path, 0));
  if (!fd.ok) return false;
  const head = await sys.read(fd.value, 80);
  await sys.close(fd.value);
  return head.includes(0);
}
