// redirect.ts - redirections: words to plans, plans to system calls.
//
// A plan is made (words expanded) in the shell and carried out either in a
// forked child, for good, or in the shell itself and then undone.

import { Fcntl, Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import { encode } from "../text.ts";
import type { Redir } from "./ast.ts";
import type { Plan } from "./assigned.ts";
import { AmbiguousRedirect, ShellError } from "./errors.ts";
import { expandText, expandWords } from "./expand.ts";
import { parseWord } from "./parse.ts";
import { type Shell, writeAll } from "./shell.ts";

const WRITE = Open.WRONLY | Open.CREAT;
const FLAGS: Record<string, number> = {
  ">": WRITE | Open.TRUNC,
  ">|": WRITE | Open.TRUNC,
  "&>": WRITE | Open.TRUNC,
  ">>": WRITE | Open.APPEND,
  "&>>": WRITE | Open.APPEND,
  "<": Open.RDONLY,
  "<>": Open.RDWR | Open.CREAT,
};

/** Expands the targets. Throws ShellError. */
export async function plan(sh: Shell, redirs: readonly Redir[]): Promise<Plan[]> {
  const out: Plan[] = [];
  for (const r of redirs) out.push(await planOne(sh, r));
  return out;
}

async function planOne(sh: Shell, r: Redir): Promise<Plan> {
  const input = r.op.startsWith("<");
  const fd = r.fd ?? (input ? 0 : 1);
  if (r.op === "<<") return { do: "here", fd, text: await expandText(sh, r.word), fdVar: r.fdVar };
  if (r.op === "<<<") return { do: "here", fd, text: (await expandText(sh, r.word)) + "\n", fdVar: r.fdVar };
  const target = await single(sh, r);
  if (r.op === "<&" || r.op === ">&") {
    const m = /^(\d+)?(-)?$/.exec(target);
    if (m && target !== "") return dupPlan(sh, fd, m, r.fdVar);
    if (r.op === "<&" || (r.fd !== null && r.fd !== 1)) throw new AmbiguousRedirect(r.word.src);
    return { do: "open", fd: 1, path: target, flags: FLAGS["&>"]!, also: 2, clobber: true, fdVar: null };
  }
  const both = r.op.startsWith("&");
  const clobber = r.op !== ">" && r.op !== "&>" ? true : !sh.opts.noclobber;
  const open: Plan = { do: "open", fd, path: target, flags: FLAGS[r.op]!, clobber, fdVar: r.fdVar };
  return both ? { ...open, fd: 1, also: 2 } : open;
}

async function dupPlan(sh: Shell, fd: number, m: RegExpExecArray, fdVar: string | null): Promise<Plan> {
  if (m[1] === undefined)
    return { do: "close", fd: fdVar ? Number(await expandText(sh, parseWord(`\${${fdVar}}`))) || -1 : fd };
  return { do: "dup", fd, from: Number(m[1]), closeFrom: m[2] === "-", fdVar };
}

async function single(sh: Shell, r: Redir): Promise<string> {
  const words = await expandWords(sh, [r.word]);
  if (words.length !== 1 || r.braces) throw new AmbiguousRedirect(r.word.src);
  return words[0]!;
}

/** Undoes what `apply` did, newest first. */
export type Undo = { fd: number; saved: number | null }[];

/**
 * Carries the plans out on a task's descriptors. With `undo`, replaced
 * descriptors are kept above 10. Throws ShellError with bash's words.
 */
export async function apply(
  sh: Shell,
  sys: SysCalls,
  plans: readonly Plan[],
  undo: Undo | null,
): Promise<void> {
  for (const p of plans) {
    if (p.do === "close") {
      if (undo) await save(sys, p.fd, undo);
      await attempt(sys.close(p.fd));
      continue;
    }
    const fd = await source(sh, sys, p);
    const to = p.fdVar === null ? p.fd : await freeDescriptor(sh, sys, fd, p.fdVar);
    if (undo && p.fdVar === null) await save(sys, to, undo);
    await place(sys, fd, to, p);
    if (p.do === "open" && p.also !== undefined) {
      if (undo) await save(sys, p.also, undo);
      await sys.dup2(to, p.also);
    }
  }
}

/** A descriptor that the plan's target can be read from or written to. */
async function source(sh: Shell, sys: SysCalls, p: Exclude<Plan, { do: "close" }>): Promise<number> {
  if (p.do === "here") return hereDocument(sys, p.text);
  if (p.do === "dup") {
    const ok = await attempt(sys.fcntl(p.from, Fcntl.F_GETFD, 0));
    if (!ok.ok) throw new ShellError(`${p.from}: ${strerror(ok.code)}`);
    return p.from;
  }
  if (!p.clobber) await refuseToClobber(sys, p.path);
  const fd = await attempt(sys.open(p.path, p.flags, 0o666));
  if (!fd.ok) throw new ShellError(`${p.path}: ${strerror(fd.code)}`);
  return fd.value;
}

async function refuseToClobber(sys: SysCalls, path: string): Promise<void> {
  const st = await attempt(sys.stat(path));
  if (st.ok && (st.value.mode & 0o170000) === 0o100000)
    throw new ShellError(`${path}: cannot overwrite existing file`);
}

async function freeDescriptor(sh: Shell, sys: SysCalls, fd: number, name: string): Promise<number> {
  const free = await sys.fcntl(fd, Fcntl.F_DUPFD, 10);
  const m = /^(\w+)\[(.*)\]$/s.exec(name);
  if (m) sh.vars.setElement(m[1]!, sh.subscript(m[1]!, m[2]!), String(free));
  else sh.vars.set(name, String(free));
  return free;
}

async function place(sys: SysCalls, fd: number, to: number, p: Plan): Promise<void> {
  if (p.do === "dup") {
    if (fd !== to) await sys.dup2(fd, to);
    if (p.closeFrom && fd !== to) await sys.close(fd);
  } else if (fd !== to) {
    await sys.dup2(fd, to);
    await sys.close(fd);
  }
}

async function save(sys: SysCalls, fd: number, undo: Undo): Promise<void> {
  if (undo.some((u) => u.fd === fd)) return;
  const saved = await attempt(sys.fcntl(fd, Fcntl.F_DUPFD_CLOEXEC, 10));
  undo.push({ fd, saved: saved.ok ? saved.value : null });
}

export async function restore(sys: SysCalls, undo: Undo): Promise<void> {
  for (const u of undo.reverse()) {
    if (u.saved === null) await attempt(sys.close(u.fd));
    else {
      await attempt(sys.dup2(u.saved, u.fd));
      await attempt(sys.close(u.saved));
    }
  }
}

/** A pipe that holds the text; a task of its own writes what a pipe cannot hold. */
async function hereDocument(sys: SysCalls, text: string): Promise<number> {
  const data = encode(text);
  const [r, w] = await sys.pipe2(0);
  if (data.length <= 65536) {
    if (data.length > 0) await writeAll(sys, w, data);
  } else {
    await sys.fork(async (child) => {
      await child.close(r);
      await attempt(writeAll(child, w, data));
      return 0;
    });
  }
  await sys.close(w);
  return r;
}

/** Runs `body` with redirections in the shell itself. */
export async function withRedirections(
  sh: Shell,
  redirs: readonly Redir[],
  body: () => Promise<number> | number,
): Promise<number> {
  const undo: Undo = [];
  let plans: Plan[] | null = null;
  try {
    plans = await plan(sh, redirs);
    await apply(sh, sh.sys, plans, undo);
  } catch (e) {
    await restore(sh.sys, undo);
    if (!(e instanceof (plans ? ShellError : AmbiguousRedirect))) throw e;
    await sh.fail(e);
    return 1;
  }
  try {
    return await body();
  } finally {
    await restore(sh.sys, undo);
  }
}
