// control.ts - flow: break, continue, return, exit, eval, source, exec, shift, …

import { Open } from "../../../../kernel-as/abi.ts";
import { attempt, strerror } from "../../errno.ts";
import { INTEGER_OPS } from "../../fileTests.ts";
import { decode } from "../../text.ts";
import { TestError, testExpression } from "../../testCommand.ts";
import { ShellError } from "../errors.ts";
import { evaluate } from "../expand.ts";
import { execInPlace, findProgram } from "../external.ts";
import { isVariableSet } from "../isSet.ts";
import { mayLeave } from "../mayLeave.ts";
import { apply } from "../redirect.ts";
import { readAll, type Shell } from "../shell.ts";
import { badOption, options, type Table, usage } from "./types.ts";

/** More than the one number: the rest of the line is skipped, a `-c` text ends. */
function tooMany(sh: Shell, name: string): Promise<number> {
  sh.flow = { kind: sh.commandString === null ? "abort" : "exit", status: 1 };
  return sh.complain(`${name}: too many arguments`);
}

function loopControl(kind: "break" | "continue"): (sh: Shell, argv: string[]) => number | Promise<number> {
  return (sh, argv) => {
    const arg = argv[1] ?? "1";
    if (!/^[+-]?\d+$/.test(arg)) {
      sh.flow = { kind: "exit", status: 128 };
      return sh.complain(`${kind}: ${arg}: numeric argument required`, 128);
    }
    if (sh.loops === 0) {
      return sh.complain(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`, 0);
    }
    if (argv.length > 2) return tooMany(sh, kind);
    if (Number(arg) < 1) {
      sh.flow = { kind: "break", levels: sh.loops };
      return sh.complain(`${kind}: ${arg}: loop count out of range`);
    }
    sh.flow = { kind, levels: Math.min(Number(arg), sh.loops) };
    return 0;
  };
}

/** The status argument of exit and return. */
async function statusArgument(sh: Shell, argv: string[]): Promise<number> {
  const arg = argv[1];
  if (arg === undefined) {
    const trap = sh.traps.context;
    return trap && trap.name !== "DEBUG" ? trap.status : sh.status;
  }
  if (!/^[+-]?\d+$/.test(arg)) return sh.complain(`${argv[0]}: ${arg}: numeric argument required`, 2);
  return Number(BigInt.asUintN(8, BigInt(arg.replace(/^\+/, ""))));
}

async function exit(sh: Shell, argv: string[]): Promise<number> {
  if (sh.interactive && sh.level === 0) await sh.err("exit\n");
  if (argv.length > 2 && /^[+-]?\d+$/.test(argv[1]!)) return tooMany(sh, "exit");
  if (!(await mayLeave(sh))) return 1;
  const status = await statusArgument(sh, argv);
  sh.flow = { kind: "exit", status };
  return status;
}

async function return_(sh: Shell, argv: string[]): Promise<number> {
  if (sh.frames.length === 0) {
    return sh.complain("return: can only `return' from a function or sourced script", 2);
  }
  if (argv.length > 2) return tooMany(sh, "return");
  const before = sh.status;
  const status = await statusArgument(sh, argv);
  sh.flow = { kind: "return", status, before };
  return status;
}

async function source(sh: Shell, argv: string[]): Promise<number> {
  const args = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  const [file, ...rest] = args;
  if (file === undefined) {
    await sh.complain(`${argv[0]}: filename argument required`);
    return usage(sh, argv[0]!, `${argv[0]} filename [arguments]`);
  }
  const path = await sourcePath(sh, file);
  const fd = await attempt(sh.sys.open(path, Open.RDONLY | Open.CLOEXEC));
  if (!fd.ok) return sh.complain(`${file}: ${strerror(fd.code)}`);
  const data = await attempt(readAll(sh.sys, fd.value));
  await sh.sys.close(fd.value);
  if (!data.ok)
    return sh.complain(
      `${data.code === 21 ? `${argv[0]}: ` : ""}${file}: ${data.code === 21 ? "is a directory" : strerror(data.code)}`,
    );
  return sourceText(sh, decode(data.value), path, rest);
}

async function sourcePath(sh: Shell, file: string): Promise<string> {
  if (file.includes("/")) return file;
  for (const dir of (sh.vars.get("PATH") ?? "").split(":")) {
    const path = `${dir || "."}/${file}`;
    const st = await attempt(sh.sys.stat(path));
    if (st.ok && (st.value.mode & 0o170000) === 0o100000) return path;
  }
  return file;
}

async function sourceText(sh: Shell, text: string, path: string, args: string[]): Promise<number> {
  const saved = { args: sh.args, line: sh.line };
  if (args.length > 0) sh.args = args;
  sh.frames.push({ func: "source", source: path, line: sh.line, args });
  const hidden = sh.opts.functrace ? null : sh.traps.hide(["DEBUG"]);
  try {
    let status = await sh.hooks.evalText(sh, text, path);
    const flow = sh.flow as Shell["flow"];
    if (flow?.kind === "return") {
      status = flow.status;
      sh.status = flow.before;
      sh.flow = null;
    }
    if (sh.traps.has("RETURN") && !sh.flow) await sh.hooks.runTrap(sh, "RETURN");
    return status;
  } finally {
    if (hidden) sh.traps.show(hidden);
    sh.frames.pop();
    if (args.length > 0) sh.args = saved.args;
    sh.line = saved.line;
  }
}

async function exec(sh: Shell, argv: string[]): Promise<number> {
  const plans = sh.execPlans;
  sh.execPlans = [];
  const o = options(argv, "cl", "a");
  if (o.bad)
    return badOption(sh, "exec", o.bad, "exec [-cl] [-a name] [command [argument ...]] [redirection ...]");
  try {
    if (o.rest.length === 0) {
      await apply(sh, sh.sys, plans, null);
      return 0;
    }
  } catch (e) {
    if (!(e instanceof ShellError)) throw e;
    await sh.fail(e);
    return 1;
  }
  const path = await findProgram(sh, o.rest[0]!);
  const name = o.value.get("a") ?? o.rest[0]!;
  const env = o.set.has("c") ? new Map<string, string>() : sh.environment();
  if (path === null) {
    if (!sh.interactive) sh.flow = { kind: "exit", status: 127 };
    return sh.complain(`exec: ${o.rest[0]}: not found`, 127);
  }
  for (const sig of sh.caughtSignals()) await sh.sys.sigaction(sig, "default");
  const argvNew = [o.set.has("l") ? `-${name}` : name, ...o.rest.slice(1)];
  const status = await execInPlace(
    sh,
    sh.sys,
    path,
    { argv: argvNew, env, plans, text: () => "" },
    sh.prefix(),
  );
  if (!sh.interactive && !sh.shopts["execfail"]) sh.flow = { kind: "exit", status };
  return status;
}

function shift(sh: Shell, argv: string[]): number | Promise<number> {
  const n = Number(argv[1] ?? 1);
  if (argv[1] !== undefined && !/^\d+$/.test(argv[1])) {
    if (/^-\d+$/.test(argv[1])) return sh.complain(`shift: ${argv[1]}: shift count out of range`);
    return sh.complain(`shift: ${argv[1]}: numeric argument required`);
  }
  if (argv.length > 2) return tooMany(sh, "shift");
  if (n > sh.args.length)
    return sh.shopts["shift_verbose"]
      ? sh.complain(`shift: ${argv[1] ? `${n}: ` : ""}shift count out of range`)
      : 1;
  sh.args = sh.args.slice(n);
  return 0;
}

async function test(sh: Shell, argv: string[]): Promise<number> {
  const bracket = argv[0] === "[";
  if (bracket && argv.at(-1) !== "]") return sh.complain("[: missing `]'", 2);
  const args = argv.slice(1, bracket ? -1 : undefined);
  try {
    const yes = await testExpression(sh.sys, args, {
      isSet: (name) => isVariableSet(sh, name),
      option: (name) => (sh.opts as unknown as Record<string, boolean>)[name] === true,
      isNameref: (name) => ((sh.vars.raw(name)?.attrs ?? 0) & 32) !== 0,
    });
    return yes ? 0 : 1;
  } catch (e) {
    if (!(e instanceof TestError)) throw e;
    return sh.complain(`${argv[0]}: ${e.message}`, 2);
  }
}

const SMALL_INTEGER = /^-?\d{1,15}$/;

/** The tests that need no system call, without a promise. */
function quickTest(sh: Shell, argv: string[]): number | Promise<number> {
  const n = argv.length - (argv[0] === "[" ? 2 : 1);
  if (argv[0] === "[" && argv.at(-1) !== "]") return test(sh, argv);
  if (n === 3) {
    const [, a, op, b] = argv as [string, string, string, string];
    if (op === "=" || op === "==") return a === b ? 0 : 1;
    if (op === "!=") return a === b ? 1 : 0;
    const compare = op.startsWith("-") ? INTEGER_OPS[op] : undefined;
    if (compare && SMALL_INTEGER.test(a) && SMALL_INTEGER.test(b))
      return compare(BigInt(a), BigInt(b)) ? 0 : 1;
  }
  if (n === 2 && argv[1] === "-z") return argv[2] === "" ? 0 : 1;
  if (n === 2 && argv[1] === "-n") return argv[2] === "" ? 1 : 0;
  return test(sh, argv);
}

async function let_(sh: Shell, argv: string[]): Promise<number> {
  if (argv.length < 2) return sh.complain("let: expression expected");
  let value = 0n;
  for (const expr of argv.slice(1)) {
    try {
      value = await evaluate(sh, () => sh.arith(expr));
    } catch (e) {
      if (!(e instanceof ShellError)) throw e;
      return sh.complain(`let: ${e.message}`);
    }
  }
  return value === 0n ? 1 : 0;
}

async function caller(sh: Shell, argv: string[]): Promise<number> {
  const frames = [...sh.frames].reverse();
  const n = Number(argv[1] ?? 0);
  const f = frames[n];
  const up = frames[n + 1];
  const source = up?.source ?? sh.scriptName;
  if (!f || (argv[1] !== undefined && source === null)) return 1;
  const name = argv[1] === undefined ? "" : ` ${up?.func ?? "main"}`;
  await sh.out(`${f.line}${name} ${source ?? "NULL"}\n`);
  return 0;
}

async function evalBuiltin(sh: Shell, argv: string[]): Promise<number> {
  const args = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  return sh.hooks.evalText(sh, args.join(" "), null);
}

export const control: Table = {
  ":": () => 0,
  true: () => 0,
  false: () => 1,
  break: loopControl("break"),
  continue: loopControl("continue"),
  exit,
  return: return_,
  eval: evalBuiltin,
  source,
  ".": source,
  exec,
  shift,
  test: quickTest,
  "[": quickTest,
  let: let_,
  caller,
};
