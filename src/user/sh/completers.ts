// completers.ts - completion of arguments by the command they belong to.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import { signalNames } from "../signals.ts";
import { decode } from "../text.ts";
import type { CompletionSpec } from "./completionSpec.ts";
import { generate } from "./completionWords.ts";
import { findProgram } from "./external.ts";
import { entries } from "./glob.ts";
import { readAll, type Shell } from "./shell.ts";
import { waitFor } from "./substitute.ts";
import { BUILTINS } from "./builtins/registry.ts";

interface Candidate {
  text: string;
  shown: string;
  open: boolean;
}

export interface ArgumentContext {
  /** The command and its arguments so far. */
  words: string[];
  word: string;
  line: string;
}

type Commands = (prefix: string) => Promise<Candidate[]>;
type Files = (path: string, dirsOnly?: boolean, ending?: string | null) => Promise<Candidate[]>;

const SUBCOMMANDS: Record<string, string[]> = {
  kpatch: ["load", "unload", "info", "list", "install", "uninstall", "signal", "version", "--help"],
  systemctl: ["status", "start", "stop", "restart", "enable", "disable", "is-active", "is-enabled"],
  dmesg: ["-w", "-c", "-C", "-n", "-T", "-H"],
};

const list = (names: Iterable<string>): Candidate[] =>
  [...names].map((n) => ({ text: n, shown: n, open: false }));

/** As `complete` told for the command. */
async function programmed(sh: Shell, c: ArgumentContext, spec: CompletionSpec): Promise<Candidate[]> {
  const { line, word, words } = c;
  const previous = words.at(-1) ?? "";
  const found = await generate(sh, spec, {
    command: words[0]!,
    word,
    previous,
    words: [...words, word],
    line,
  });
  // A failure within the function ends the function only.
  if (sh.flow?.kind === "abort") sh.flow = null;
  return found.map((text) => ({ text, shown: text, open: spec.options.includes("nospace") }));
}

/** Null: the argument is a file as any other. */
export async function argumentCandidates(
  sh: Shell,
  c: ArgumentContext,
  commands: Commands,
  files: Files,
): Promise<Candidate[] | null> {
  const name = c.words[0]!.slice(c.words[0]!.lastIndexOf("/") + 1);
  const spec = sh.completionSpecs.get(name) ?? sh.completionSpecs.get("_DefaultCmD_");
  if (spec) return programmed(sh, c, spec);
  if (c.word.startsWith("-") && name !== "kill") return list(await optionsOf(sh, name));
  const first = c.words.length === 1;
  if (SUBCOMMANDS[name] && first) return list(SUBCOMMANDS[name]!);
  switch (name) {
    case "cd":
    case "pushd":
    case "rmdir":
      return files(c.word, true);
    case "insmod":
      return files(c.word, false, ".ko");
    case "rmmod":
    case "modinfo":
    case "modprobe":
      return moduleNames(sh, c, files, name === "modinfo");
    case "kpatch":
      return kpatchArguments(sh, c, files);
    case "kpatch-build":
    case "patch":
      return files(c.word);
    case "kill":
    case "fg":
    case "bg":
    case "jobs":
    case "wait":
    case "disown":
      return jobsAndSignals(sh, c, name);
    case "man":
    case "whatis":
      return list(await manPages(sh, c.word));
    case "which":
    case "type":
    case "command":
    case "help":
    case "watch":
    case "time":
    case "exec":
    case "env":
    case "xargs":
    case "timeout":
      return first || name === "type" ? commands(c.word) : null;
    case "export":
    case "unset":
    case "readonly":
    case "declare":
    case "local":
    case "printenv":
      return list(sh.vars.names(c.word));
    case "alias":
    case "unalias":
      return list(sh.aliases.keys());
    case "shopt":
      return list(Object.keys(sh.shopts));
    case "trap":
      return list([...signalNames(), "EXIT", "ERR", "DEBUG", "RETURN"]);
    case "echo":
    case "printf":
      return traces(sh, c) ? list(await functionNames(sh)) : null;
    default:
      return null;
  }
}

async function text(sh: Shell, path: string): Promise<string> {
  const fd = await attempt(sh.sys.open(path, Open.RDONLY | Open.CLOEXEC));
  if (!fd.ok) return "";
  const data = await attempt(readAll(sh.sys, fd.value));
  await sh.sys.close(fd.value);
  return data.ok ? decode(data.value) : "";
}

async function moduleNames(
  sh: Shell,
  c: ArgumentContext,
  files: Files,
  orFiles: boolean,
): Promise<Candidate[]> {
  const names = (await text(sh, "/proc/modules"))
    .split("\n")
    .map((l) => l.split(" ")[0]!)
    .filter(Boolean);
  return [...list(names), ...(orFiles ? await files(c.word, false, ".ko") : [])];
}

async function kpatchArguments(sh: Shell, c: ArgumentContext, files: Files): Promise<Candidate[]> {
  const patches = list((await entries(sh.sys, "/sys/kernel/livepatch")).map((e) => e.name));
  if (c.words[1] === "load" || c.words[1] === "install") return files(c.word, false, ".ko");
  if (c.words[1] === "info") return [...patches, ...(await files(c.word, false, ".ko"))];
  return patches;
}

async function jobsAndSignals(sh: Shell, c: ArgumentContext, name: string): Promise<Candidate[]> {
  if (name === "kill" && c.word.startsWith("-")) return list(signalNames().map((s) => `-${s}`));
  const jobs = sh.jobs.list.map((j) => `%${j.id}`);
  if (name !== "kill") return list(jobs);
  const pids = (await entries(sh.sys, "/proc")).map((e) => e.name).filter((n) => /^\d+$/.test(n));
  return list([...jobs, ...pids]);
}

/** `echo fn > set_ftrace_filter`: kernel functions. */
function traces(sh: Shell, c: ArgumentContext): boolean {
  return /ftrace|graph_function|kprobe/.test(c.line) || /\/tracing/.test(sh.vars.get("PWD") ?? "");
}

async function functionNames(sh: Shell): Promise<string[]> {
  for (const dir of ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]) {
    const names = await text(sh, `${dir}/available_filter_functions`);
    if (names !== "")
      return names
        .split("\n")
        .map((l) => l.split(" ")[0]!)
        .filter(Boolean);
  }
  return [];
}

/** The options that `name --help` tells of. */
async function optionsOf(sh: Shell, name: string): Promise<string[]> {
  if (BUILTINS.has(name) || sh.funcs.has(name)) return [];
  const before = sh.helpOptions.get(name);
  if (before) return before;
  const path = await findProgram(sh, name);
  if (path === null) return [];
  const help = await outputOf(sh, path, [name, "--help"]);
  const found = new Set([...help.matchAll(/(?<![\w-])(--?[A-Za-z0-9][\w-]*)/g)].map((m) => m[1]!));
  const options = [...found].filter((o) => o.startsWith("--") || o.length === 2).sort();
  sh.helpOptions.set(name, options);
  return options;
}

/** Names the manual has a line about. */
async function manPages(sh: Shell, prefix: string): Promise<string[]> {
  const path = await findProgram(sh, "apropos");
  if (path === null) return [];
  const known = await outputOf(sh, path, ["apropos", prefix]);
  return [...known.matchAll(/^(\S+) \(\d\)/gm)].map((m) => m[1]!);
}

async function outputOf(sh: Shell, path: string, argv: string[]): Promise<string> {
  const [r, w] = await sh.sys.pipe2(Open.CLOEXEC);
  const env = sh.environment();
  const pid = await sh.sys.fork(async (sys) => {
    await sys.dup2(w, 1);
    await sys.dup2(w, 2);
    const input = await attempt(sys.open("/dev/null", Open.RDONLY));
    if (input.ok) await sys.dup2(input.value, 0);
    const r = await attempt<never>(sys.execve(path, argv, env));
    return r.ok ? 0 : 127;
  });
  await sh.sys.close(w);
  const out = decode(await readAll(sh.sys, r));
  await sh.sys.close(r);
  await waitFor(sh, pid);
  return out;
}
