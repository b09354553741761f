// simple.ts - simple commands: assignments, functions, builtins, programs.

import { BUILTINS, type Builtin, DECLARATIONS, SPECIAL } from "./builtins/index.ts";
import type { FunctionDef, Simple, Word } from "./ast.ts";
import { ShellError } from "./errors.ts";
import type { Assigned, Plan } from "./assigned.ts";
import { declaredText, expandAssign, store, traceAssigned, traceList } from "./assign.ts";
import { guarded } from "./guard.ts";
import { evaluate, expandWords } from "./expand.ts";
import { findProgram, runExternal } from "./external.ts";
import { callFunction, leaveScope } from "./functions.ts";
import { commandText } from "./printCommand.ts";
import { plan, withRedirections } from "./redirect.ts";
import type { Shell } from "./shell.ts";
import { closeProcessSubstitutions } from "./substitute.ts";
import { traceLine } from "./trace.ts";
import { traceQuote } from "./quote.ts";
import { Attr, type Scope, TemporaryScope } from "./vars.ts";
import { SysError } from "../sys.ts";
import { strerror } from "../errno.ts";

export function runSimple(sh: Shell, node: Simple): number | Promise<number> {
  sh.line = node.line;
  sh.substStatus = null;
  if (sh.traps.context === null) sh.traps.command = node;
  return guarded(sh, () => {
    const slow =
      node.redirs.length > 0 || node.assigns.length > 0 || sh.opts.xtrace || sh.traps.actions.has("DEBUG");
    if (slow || node.words.length === 0) return runWhole(sh, node);
    const first = node.words[0]!.lit;
    if (first !== null && DECLARATIONS.has(first) && node.words.some((w) => w.assign))
      return runWhole(sh, node);
    const argv = expandWords(sh, node.words);
    if (!Array.isArray(argv)) return runWhole(sh, node, argv);
    if (argv.length === 0) return (sh.pipeStatus = [sh.substStatus ?? 0])[0]!;
    return dispatch(sh, node, argv);
  });
}

/** A function, unless a special builtin comes first. */
function functionNamed(sh: Shell, name: string): FunctionDef | undefined {
  const func = sh.funcs.get(name);
  return func && sh.opts.posix && SPECIAL.has(name) ? undefined : func;
}

/** A command without redirections or assignments of its own. */
function dispatch(sh: Shell, node: Simple, argv: string[]): number | Promise<number> {
  const name = argv[0]!;
  const last = argv[argv.length - 1]!;
  const func = functionNamed(sh, name);
  if (func) return settled(sh, callFunction(sh, func, argv), last);
  const builtin = sh.disabledBuiltins.has(name) ? undefined : BUILTINS.get(name);
  if (builtin) return settled(sh, callBuiltin(sh, builtin, argv), last);
  return settled(sh, runProgram(sh, node, argv, sh.environment()), last, true);
}

function settled(
  sh: Shell,
  r: number | Promise<number>,
  last: string,
  program = false,
): number | Promise<number> {
  if (typeof r !== "number") return r.then((s) => settled(sh, s, last, program));
  sh.lastArg = last;
  if (!program) sh.pipeStatus = [r];
  return r;
}

/** Calls a builtin; a failed write has bash's words. */
export function callBuiltin(sh: Shell, builtin: Builtin, argv: string[]): number | Promise<number> {
  const r = builtin(sh, argv);
  if (typeof r === "number") return r;
  return r.catch(async (e: unknown) => {
    if (e instanceof ShellError && !e.fatal) {
      await sh.fail(e);
      return 1;
    }
    if (!(e instanceof SysError)) throw e;
    return sh.complain(`${argv[0]}: ${e.call === "write" ? "write error: " : ""}${strerror(e.code)}`);
  });
}

async function runProgram(
  sh: Shell,
  node: Simple,
  argv: string[],
  env: Map<string, string>,
): Promise<number> {
  // A job's name alone brings it back.
  if (argv[0]!.startsWith("%")) return callBuiltin(sh, BUILTINS.get("fg")!, ["fg", argv[0]!]);
  const handler = sh.funcs.get("command_not_found_handle");
  if (handler && !argv[0]!.includes("/")) {
    if ((await findProgram(sh, argv[0]!)) === null) return callFunction(sh, handler, [handler.name, ...argv]);
  }
  let plans: Plan[] = [];
  try {
    if (node.redirs.length > 0) plans = await plan(sh, node.redirs);
  } catch (e) {
    // Bash expands these in the child.
    if (!(e instanceof ShellError)) throw e;
    await sh.fail(e);
    return 1;
  }
  return runExternal(sh, { argv, env, plans, text: () => commandText(node) });
}

/** The general case, in bash's order: words, redirections, assignments, command. */
async function runWhole(sh: Shell, node: Simple, expanding?: Promise<string[]>): Promise<number> {
  const subs = sh.procSubs.length;
  try {
    if (sh.traps.actions.has("DEBUG")) {
      if (sh.debugged === node) sh.debugged = null;
      else if (await sh.hooks.debugTrap(sh, commandText(node))) return sh.flow ? sh.status : 0;
    }
    const { argv, declared } = expanding ? { argv: await expanding, declared: null } : await words(sh, node);
    if (argv.length === 0) return await onlyAssignments(sh, node);
    return await withAssignments(sh, node, argv, declared);
  } finally {
    if (sh.procSubs.length > subs) await closeProcessSubstitutions(sh, subs);
  }
}

/** The arguments; those of declaration builtins that are assignments stay apart. */
async function words(
  sh: Shell,
  node: Simple,
): Promise<{ argv: string[]; declared: (string | Assigned)[] | null }> {
  const first = node.words[0]?.lit;
  const declaration = first != null && (DECLARATIONS.has(first) || isWrapped(node.words));
  if (!declaration) return { argv: await expandWords(sh, node.words), declared: null };
  const argv: string[] = [];
  const declared: (string | Assigned)[] = [];
  for (const w of node.words) {
    if (w.assign) {
      sh.declaring = argv.some((x) => /^-\w*A/.test(x));
      const a = await expandAssign(sh, w.assign);
      sh.declaring = false;
      declared.push(a);
      if (sh.opts.xtrace && typeof a.value !== "string") await traceLine(sh, traceList(a));
      argv.push(declaredText(a));
    } else {
      const fields = await expandWords(sh, [w]);
      declared.push(...fields);
      argv.push(...fields);
    }
  }
  return { argv, declared };
}

/** `builtin local x=1`, `command export x=1`. */
function isWrapped(ws: readonly Word[]): boolean {
  const [a, b] = [ws[0]?.lit, ws[1]?.lit];
  return (a === "command" || a === "builtin") && b != null && DECLARATIONS.has(b);
}

async function onlyAssignments(sh: Shell, node: Simple): Promise<number> {
  for (const a of node.assigns) {
    const value = await expandAssign(sh, a);
    if (sh.opts.xtrace) await traceLine(sh, traceAssigned(value));
    try {
      await evaluate(sh, () => store(sh, value));
    } catch (e) {
      throw sh.opts.posix && e instanceof ShellError ? new ShellError(e.message, 127, true) : e;
    }
  }
  if (node.assigns.length > 0) sh.lastArg = "";
  const run = (): number => sh.substStatus ?? 0;
  const status = node.redirs.length > 0 ? await withRedirections(sh, node.redirs, run) : run();
  sh.pipeStatus = [status];
  return status;
}

async function withAssignments(
  sh: Shell,
  node: Simple,
  argv: string[],
  declared: (string | Assigned)[] | null,
): Promise<number> {
  const scope = node.assigns.length > 0 ? await temporary(sh, node) : null;
  try {
    const name = argv[0]!;
    if (sh.opts.xtrace) await traceCommand(sh, argv, declared);
    const func = functionNamed(sh, name);
    const builtin = func || sh.disabledBuiltins.has(name) ? undefined : BUILTINS.get(name);
    if (scope) scope.context = /^(eval|source|\.)$/.test(name);
    if (!func && !builtin) {
      const env = sh.environment();
      if (scope) removeScope(sh, scope);
      return await settled(sh, runProgram(sh, node, argv, env), argv.at(-1)!, true);
    }
    // `exec` keeps its redirections.
    if (name === "exec") return await runExecBuiltin(sh, node, argv, builtin!);
    const body = async (): Promise<number> => {
      sh.declared = declared;
      try {
        return await (func ? callFunction(sh, func, argv, scope) : callBuiltin(sh, builtin!, argv));
      } finally {
        sh.declared = null;
      }
    };
    const status = node.redirs.length > 0 ? await withRedirections(sh, node.redirs, body) : await body();
    return await settled(sh, status, argv.at(-1)!);
  } finally {
    if (scope) removeScope(sh, scope);
    if (scope && sh.opts.posix && SPECIAL.has(argv[0]!) && argv[0] !== "exec") keep(sh, scope);
  }
}

/** The assignments before a special builtin last. */
function keep(sh: Shell, scope: Scope): void {
  for (const [name, v] of scope) {
    sh.vars.set(name, v.value ?? "");
    sh.vars.find(name)!.attrs |= Attr.EXPORT;
  }
}

/** `export` and `readonly` show their assignments once more. */
async function traceCommand(
  sh: Shell,
  argv: string[],
  declared: (string | Assigned)[] | null,
): Promise<void> {
  await traceLine(sh, argv.map(traceQuote).join(" "));
  if (argv[0] !== "export" && argv[0] !== "readonly") return;
  for (const a of declared ?? [])
    if (typeof a !== "string" && typeof a.value === "string") await traceLine(sh, traceAssigned(a));
}

async function runExecBuiltin(sh: Shell, node: Simple, argv: string[], exec: Builtin): Promise<number> {
  sh.execPlans = await plan(sh, node.redirs);
  return callBuiltin(sh, exec, argv);
}

/** `a=b c=$a cmd`: the variables exist, exported, while the command runs; each sees those before it. */
async function temporary(sh: Shell, node: Simple): Promise<TemporaryScope> {
  const scope = new TemporaryScope();
  sh.vars.scopes.push(scope);
  for (const assign of node.assigns) {
    const a = await expandAssign(sh, assign);
    if (sh.opts.xtrace) await traceLine(sh, traceAssigned(a));
    if (a.index !== null) {
      await sh.complain(`\`${a.name}[${a.index}]': not a valid identifier`);
      continue;
    }
    const old = sh.vars.find(a.name);
    if (old && (old.attrs & Attr.READONLY) !== 0) {
      await sh.complain(`${a.name}: readonly variable`);
      continue;
    }
    // The environment holds text: an array is what was written.
    const text = typeof a.value === "string" ? a.value : `(${a.value.map((e) => e.value).join(" ")})`;
    const value = a.append ? (sh.vars.get(a.name) ?? "") + text : text;
    scope.set(a.name, { value, list: null, map: null, attrs: Attr.EXPORT, temp: "given" });
    if (a.name === "PATH") sh.hash.clear();
    sh.vars.envVersion++;
  }
  return scope;
}

function removeScope(sh: Shell, scope: Scope): void {
  if (!sh.vars.scopes.includes(scope)) return;
  if (sh.vars.scopes.at(-1) === scope) leaveScope(sh);
  else sh.vars.scopes = sh.vars.scopes.filter((s) => s !== scope);
  sh.vars.envVersion++;
}
