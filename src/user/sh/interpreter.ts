// interpreter.ts - binds the executor together and runs whole texts.

import type { SysCalls } from "../sys.ts";
import { expandAliases } from "./aliases.ts";
import type { Script, Statement } from "./ast.ts";
import { assignDynamic, dynamicVariable } from "./dynamic.ts";
import { debugTrap, runList, runNode, runTrap } from "./exec.ts";
import { expandTextNow } from "./expand.ts";
import { guarded } from "./guard.ts";
import { parseScript } from "./parse.ts";
import { promptNow } from "./prompt.ts";
import { type Hooks, Shell } from "./shell.ts";
import { commandOutput, processSubstitution } from "./substitute.ts";
import { syntaxFailed } from "./syntaxFailed.ts";

const HOOKS: Hooks = {
  runNode,
  runList,
  evalText,
  commandOutput,
  processSubstitution,
  runTrap,
  debugTrap,
  dynamicVariable,
  assignDynamic,
  expandTextNow,
  promptNow,
};

export function newShell(sys: SysCalls): Shell {
  return new Shell(sys, HOOKS);
}

/** `eval`, traps, sourced files: runs in the shell as it is. */
async function evalText(sh: Shell, text: string, where: string | null): Promise<number> {
  const script = parseScript(text, where === null ? sh.line : 1);
  const outer = sh.line;
  sh.execLast = false;
  sh.traceDepth++;
  const status = await runItems(sh, script, text, false).finally(() => sh.traceDepth--);
  if (script.error && !sh.flow) {
    sh.line = script.error.line;
    return syntaxFailed(sh, script, where === null ? "eval: " : "");
  }
  if (where === null) sh.line = outer;
  return script.body.items.length === 0 ? 0 : status;
}

/** A program's whole text: a failed expansion ends one line, not the script. */
export async function runProgram(sh: Shell, text: string): Promise<number> {
  const script = parseScript(text);
  if (sh.opts.verbose) await sh.err(text.endsWith("\n") ? text : `${text}\n`);
  let status = await runItems(sh, script, text, true);
  if (script.error && !sh.flow) {
    status = await syntaxFailed(sh, script, sh.commandString !== null ? "-c: " : "");
  }
  return status;
}

/** Statement by statement; `topLevel`: a failed expansion ends only its line. */
export async function runItems(sh: Shell, script: Script, text: string, topLevel: boolean): Promise<number> {
  let status = 0;
  const items = script.body.items;
  // Aliases are those of when the line was read.
  let aliases = new Map(sh.aliases);
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    if (sh.opts.noexec && !sh.interactive) break;
    if (item.line !== items[i - 1]?.line) aliases = new Map(sh.aliases);
    if (aliases.size > 0 && (sh.shopts["expand_aliases"] || sh.interactive)) {
      const rest = text.slice(item.pos);
      const expanded = expandAliases(lineOf(rest, item), aliases);
      if (expanded !== lineOf(rest, item))
        return runExpanded(sh, expanded, rest.slice(lineOf(rest, item).length), topLevel, item.line);
    }
    status = await guarded(sh, () => runList(sh, { t: "list", items: [item] }));
    if (!sh.flow) continue;
    // `eval` and `source` end a failed expansion's line themselves; an interrupt goes on.
    const caught = topLevel ? sh.flow.kind !== "exit" : sh.flow.kind === "abort" && sh.flow.status !== 130;
    if (!caught || (!topLevel && sh.level > 0)) return status;
    // Back at the top: the rest of the line is skipped, the script goes on.
    status = sh.status = sh.flow.kind === "abort" ? sh.flow.status : status;
    sh.flow = null;
    while (items[i + 1]?.line === item.line) i++;
  }
  return status;
}

/** The statement with the rest of its last line. */
function lineOf(rest: string, item: Statement): string {
  const end = rest.indexOf("\n", item.end - item.pos);
  return end < 0 ? rest : rest.slice(0, end + 1);
}

async function runExpanded(
  sh: Shell,
  head: string,
  rest: string,
  topLevel: boolean,
  line: number,
): Promise<number> {
  const first = parseScript(head, line);
  let status = 0;
  for (const item of first.body.items) {
    status = await guarded(sh, () => runList(sh, { t: "list", items: [item] }));
    if (sh.flow && (!topLevel || sh.flow.kind === "exit")) return status;
    if (sh.flow) sh.flow = null;
  }
  if (first.error) return syntaxFailed(sh, first, "");
  const after = parseScript(rest, line + head.split("\n").length - 1);
  if (after.body.items.length === 0 && !after.error) return status;
  status = await runItems(sh, after, rest, topLevel);
  return after.error && !sh.flow ? syntaxFailed(sh, after, "") : status;
}
