// main.ts - the program `bash` (and `sh`): arguments, start-up, the input.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import type { Program, ProgramArgs } from "../sys.ts";
import { decode } from "../text.ts";
import { finishShell } from "./child.ts";
import { runInteractive, startFiles } from "./interactive.ts";
import type { Invocation } from "./invocation.ts";
import { newShell, runItems, runProgram } from "./interpreter.ts";
import { LETTERS, type Options } from "./options.ts";
import { parseScript } from "./parse.ts";
import { readLine } from "./readLine.ts";
import { readAll, type Shell } from "./shell.ts";
import { startVariables } from "./startup.ts";
import { syntaxFailed } from "./syntaxFailed.ts";

const HELP = `GNU bash-compatible shell of Patchbay
Usage:	bash [GNU long option] [option] ...
	bash [GNU long option] [option] script-file ...
GNU long options:
	--help
	--login
	--noprofile
	--norc
	--rcfile
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
Type \`help' for more information about shell builtin commands.
`;

/** Reads the command line; a number is the status to leave with at once. */
async function invocation(sh: Shell, argv: string[]): Promise<Invocation | number> {
  const inv: Invocation = {
    command: null,
    interactive: false,
    stdin: false,
    login: argv[0]!.startsWith("-"),
    rc: "~/.bashrc",
    profile: true,
    editing: true,
    rest: [],
  };
  let wantsCommand = false;
  let i = 1;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === "--" || a === "-") {
      i++;
      break;
    }
    if (!/^[-+]./.test(a)) break;
    if (a.startsWith("--")) {
      const status = await longOption(sh, inv, a, argv[i + 1]);
      if (status !== null) return status;
      if (a === "--rcfile" || a === "--init-file") i++;
      continue;
    }
    for (const c of a.slice(1)) {
      if (c === "c") wantsCommand = true;
      else if (c === "i") inv.interactive = true;
      else if (c === "s") inv.stdin = true;
      else if (c === "l") inv.login = true;
      else if (c === "O") sh.shopts[argv[++i]!] = a[0] === "-";
      else if (c === "o") sh.opts[argv[++i] as keyof Options] = a[0] === "-";
      else {
        const name = LETTERS.find(([l]) => l === c)?.[1];
        if (!name) {
          await sh.err(`bash: ${a}: invalid option\n${HELP}`);
          return 2;
        }
        sh.opts[name] = a[0] === "-";
      }
    }
  }
  inv.rest = argv.slice(i);
  if (wantsCommand) {
    const text = inv.rest.shift();
    if (text === undefined) {
      await sh.err("bash: -c: option requires an argument\n");
      return 2;
    }
    inv.command = text;
  }
  return inv;
}

async function longOption(
  sh: Shell,
  inv: Invocation,
  a: string,
  next: string | undefined,
): Promise<number | null> {
  switch (a) {
    case "--help":
      await sh.out(HELP);
      return 0;
    case "--version":
      await sh.out("Patchbay bash, version 5.2 (wasm32-patchbay)\n");
      return 0;
    case "--norc":
      inv.rc = null;
      return null;
    case "--rcfile":
    case "--init-file":
      inv.rc = next ?? null;
      return null;
    case "--noprofile":
      inv.profile = false;
      return null;
    case "--login":
      inv.login = true;
      return null;
    case "--posix":
      sh.opts.posix = true;
      return null;
    case "--noediting":
      inv.editing = false;
      return null;
    case "--debugger":
    case "--verbose":
    case "--restricted":
      return null;
    default:
      await sh.err(`bash: ${a}: invalid option\n${HELP}`);
      return 2;
  }
}

async function runFile(sh: Shell, inv: Invocation): Promise<number> {
  const [file, ...args] = inv.rest as [string, ...string[]];
  sh.args = args;
  const fd = await attempt(sh.sys.open(file, Open.RDONLY | Open.CLOEXEC));
  if (!fd.ok) {
    await sh.err(`bash: ${file}: ${strerror(fd.code)}\n`);
    return fd.code === 2 ? 127 : 126;
  }
  const data = await attempt(readAll(sh.sys, fd.value));
  await sh.sys.close(fd.value);
  if (!data.ok) {
    await sh.err(`bash: ${file}: ${data.code === 21 ? "Is a directory" : strerror(data.code)}\n`);
    return 126;
  }
  const nul = data.value.indexOf(0);
  if (nul >= 0 && !data.value.subarray(0, nul).includes(10)) {
    await sh.err(`${file}: ${file}: cannot execute binary file\n`);
    return 126;
  }
  sh.name = sh.scriptName = file;
  return runProgram(sh, decode(data.value));
}

/** Commands from standard input, line by line: programs may read the rest. */
async function runInput(sh: Shell): Promise<number> {
  let status = 0;
  let line = 1;
  let pending = "";
  let first = 1;
  for (;;) {
    const next = await readLine(sh, 0);
    if (next === null && pending === "") return status;
    if (pending === "") first = line;
    line++;
    pending += next === null ? "" : `${next}\n`;
    const script = parseScript(pending, first);
    if (next !== null && (script.error?.incomplete || /(^|[^\\])(\\\\)*\\\n$/.test(pending))) continue;
    if (sh.opts.verbose) await sh.err(pending);
    pending = "";
    if (script.error && script.error.message !== "") {
      // As a script's: the shell does not go on after a syntax error.
      return (sh.status = await syntaxFailed(sh, script, ""));
    }
    if (script.body.items.length > 0) status = await runItems(sh, script, script.source, true);
    sh.status = status;
    if (sh.flow?.kind === "exit") return status;
    sh.flow = null;
    if (next === null) return status;
  }
}

async function runScript(sh: Shell, inv: Invocation, run: () => Promise<number>): Promise<number> {
  await startFiles(sh, inv);
  return finishShell(sh, sh.flow?.kind === "exit" ? sh.flow.status : await run());
}

export const bash: Program = async ({ sys, argv, env }: ProgramArgs): Promise<number> => {
  const sh = newShell(sys);
  sh.name = argv[0]!.replace(/^-/, "");
  await startVariables(sh, env);
  const inv = await invocation(sh, argv);
  if (typeof inv === "number") return inv;
  if (inv.command !== null) {
    sh.commandString = inv.command;
    if (inv.rest.length > 0) sh.name = inv.rest[0]!;
    sh.args = inv.rest.slice(1);
    if (inv.interactive) return runInteractive(sh, inv, () => runProgram(sh, inv.command!));
    return runScript(sh, inv, () => runProgram(sh, inv.command!));
  }
  if (inv.rest.length > 0 && !inv.stdin) {
    sh.name = inv.rest[0]!;
    return runScript(sh, inv, () => runFile(sh, inv));
  }
  if (inv.stdin) sh.args = inv.rest;
  const terminal = (await attempt(sys.tcgetattr(0))).ok && (await attempt(sys.tcgetattr(2))).ok;
  if (inv.interactive || terminal) return runInteractive(sh, inv, null);
  return runScript(sh, inv, () => runInput(sh));
};
