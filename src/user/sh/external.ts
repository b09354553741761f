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

async function fileKind(sys: SysCalls, path: string): Promise<"executable" | "other" | null> {
  const st = await attempt(sys.stat(path));
  if (!st.ok || (st.value.mode & 0o170000) === 0o040000) return null;
  return (await attempt(sys.access(path, 1))).ok ? "executable" : "other";
}

/** The file that `name` runs, remembered; null when PATH has none. Other `dirs` leave no memory. */
export async function findProgram(sh: Shell, name: string, dirs?: string): Promise<string | null> {
  if (name.includes("/")) return name;
  if (dirs !== undefined) return (await programsNamed(sh, name, false, dirs))[0] ?? null;
  const known = sh.hash.get(name);
  if (known !== undefined) return known;
  const found = (await programsNamed(sh, name))[0] ?? null;
  if (found !== null && sh.opts.hashall) sh.hash.set(name, found);
  return found;
}

/** Where `command -p` looks. */
export const STANDARD_PATH = "/bin:/usr/bin";

/**
 * Every executable of that name in PATH. The first one only unless `all`: then
 * a file that may not be executed will do when there is no other.
 */
export async function programsNamed(
  sh: Shell,
  name: string,
  all = false,
  dirs = sh.vars.get("PATH") ?? "",
): Promise<string[]> {
  const out: string[] = [];
  const others: string[] = [];
  if (name === "") return out;
  for (const dir of dirs.split(":")) {
    const path = `${dir === "" ? "." : dir}/${name}`;
    const kind = await fileKind(sh.sys, path);
    if (kind === "executable") out.push(path);
    else if (kind === "other") others.push(path);
    if (out.length > 0 && !all) break;
  }
  return out.length > 0 || all ? out : others.slice(0, 1);
}

export interface ExternalCommand {
  argv: string[];
  env: Map<string, string>;
  plans: Plan[];
  text: () => string;
  /** Where to look instead of PATH. */
  dirs?: string | undefined;
}

/** Runs a program in the foreground. */
export async function runExternal(sh: Shell, cmd: ExternalCommand): Promise<number> {
  const path = await findProgram(sh, cmd.argv[0]!, cmd.dirs);
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
