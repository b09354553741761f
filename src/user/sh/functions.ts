// functions.ts - shell functions: definition and call.

import type { FunctionDef } from "./ast.ts";
import { SPECIAL } from "./builtins/registry.ts";
import type { Shell } from "./shell.ts";
import type { Scope } from "./vars.ts";

const DEEPEST = 4000;

export function defineFunction(sh: Shell, def: FunctionDef): number | Promise<number> {
  if (sh.opts.posix && SPECIAL.has(def.name)) {
    if (!sh.interactive) sh.flow = { kind: "exit", status: 2 };
    return sh.complain(`\`${def.name}': is a special builtin`, 2);
  }
  if (/[$"'\\]/.test(def.name)) return sh.complain(`\`${def.name}': not a valid identifier`);
  const old = sh.funcs.get(def.name);
  if (old && sh.readonlyFuncs.has(def.name)) return sh.complain(`${def.name}: readonly function`);
  if (sh.opts.allexport) sh.exportedFuncs.add(def.name);
  sh.funcs.set(def.name, {
    ...def,
    source: sh.frames.at(-1)?.source ?? sh.scriptName ?? (sh.commandString === null ? "main" : "environment"),
  });
  return 0;
}

/** Calls a function with its own positional parameters and locals; `given` is the scope of `v=1 f`. */
export async function callFunction(
  sh: Shell,
  def: FunctionDef,
  argv: string[],
  given: Scope | null = null,
): Promise<number> {
  const limit = Number(sh.vars.get("FUNCNEST") ?? 0) || DEEPEST;
  if (sh.frames.length >= limit) {
    sh.flow = { kind: "abort", status: 1 };
    return sh.complain(`${def.name}: maximum function nesting level exceeded (${limit})`);
  }
  // A fresh JavaScript stack now and then: shell recursion may be deep.
  if (sh.frames.length % 16 === 15) await Promise.resolve();
  const { args, loops, line, name, getoptsAt } = sh;
  sh.frames.push({ func: def.name, source: def.source ?? "environment", line, args: argv.slice(1) });
  // The variables of the call become the function's own.
  if (given) sh.vars.scopes.pop();
  sh.vars.scopes.push(new Map(given));
  sh.args = argv.slice(1);
  sh.loops = 0;
  sh.execLast = false;
  const localOptions = sh.localOptions;
  sh.localOptions = null;
  const hidden = sh.traps.actions.size > 0 ? hideTraps(sh) : null;
  try {
    if (sh.traps.actions.has("DEBUG")) {
      sh.line = def.line;
      await sh.hooks.runTrap(sh, "DEBUG");
    }
    let status = await sh.hooks.runNode(sh, def.body);
    const flow = sh.flow as Shell["flow"];
    if (flow?.kind === "return") {
      status = flow.status;
      sh.status = flow.before;
      sh.flow = null;
    } else if (flow?.kind === "break" || flow?.kind === "continue") sh.flow = null;
    else if (!flow) sh.status = status;
    if (sh.traps.has("RETURN") && !sh.flow) await sh.hooks.runTrap(sh, "RETURN");
    return status;
  } finally {
    if (hidden) sh.traps.show(hidden);
    if (sh.vars.innermost.has("OPTIND")) sh.getoptsAt = getoptsAt;
    if (sh.localOptions) sh.opts = sh.localOptions;
    sh.localOptions = localOptions;
    leaveScope(sh);
    sh.frames.pop();
    sh.args = args;
    sh.loops = loops;
    sh.line = line;
    sh.name = name;
  }
}

/** Functions inherit DEBUG and RETURN only with `set -T`, ERR only with `set -E`. */
function hideTraps(sh: Shell): Map<string, string> | null {
  const names = sh.opts.functrace ? [] : ["DEBUG", "RETURN"];
  if (!sh.opts.errtrace) names.push("ERR");
  return sh.traps.hide(names);
}

/** Drops the innermost scope; what it exported is no longer exported. */
export function leaveScope(sh: Shell): void {
  const scope = sh.vars.scopes.pop()!;
  for (const v of scope.values()) {
    if ((v.attrs & 1) !== 0) sh.vars.envVersion++;
  }
  if (scope.has("PATH")) sh.hash.clear();
}
