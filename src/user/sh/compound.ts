// compound.ts - if, while, for, case, select, { }, ( ), (( )), [[ ]].

import type { ArithFor, Case, Compound, For, If, List, Select, Subshell, While, Word } from "./ast.ts";
import { childBody } from "./child.ts";
import { evalCond } from "./cond.ts";
import { arithText, evaluate, expandPattern, expandText, expandWords, isAsync, prepare } from "./expand.ts";
import { waitForeground } from "./foreground.ts";
import { enterGroup, joinGroup } from "./group.ts";
import { ShellError } from "./errors.ts";
import { matches } from "./pattern.ts";
import { commandText, condText } from "./printCommand.ts";
import { makeChild } from "./makeChild.ts";
import type { Shell } from "./shell.ts";
import { readLine } from "./readLine.ts";
import { traceLine } from "./trace.ts";
import { Attr } from "./vars.ts";

export function runCompound(sh: Shell, node: Compound): number | Promise<number> {
  const traced = sh.traps.actions.has("DEBUG") ? debugHead(node) : null;
  if (traced === null) return run(sh, node);
  if ("line" in node) sh.line = node.line;
  return sh.hooks.debugTrap(sh, traced).then((skip) => (skip ? (sh.flow ? sh.status : 0) : run(sh, node)));
}

/** What the DEBUG trap sees of a compound command; null for those it does not. */
function debugHead(node: Compound): string | null {
  switch (node.t) {
    case "case":
      return `case ${node.word.src} in `;
    case "arithcmd":
      return `((${node.expr.src}))`;
    case "cond":
      return `[[ ${condText(node.expr)} ]]`;
    default:
      return null;
  }
}

function run(sh: Shell, node: Compound): number | Promise<number> {
  switch (node.t) {
    case "group":
      return sh.hooks.runList(sh, node.body);
    case "subshell":
      return runSubshell(sh, node);
    case "if":
      return runIf(sh, node);
    case "while":
      return runWhile(sh, node);
    case "for":
      sh.line = node.line;
      return runFor(sh, node);
    case "arithfor":
      sh.line = node.line;
      return runArithFor(sh, node);
    case "case":
      sh.line = node.line;
      return runCase(sh, node);
    case "select":
      sh.line = node.line;
      return runSelect(sh, node);
    case "arithcmd":
      sh.line = node.line;
      return runArith(sh, node.expr);
    case "cond":
      sh.line = node.line;
      return evalCond(sh, node.expr);
  }
}

/** The DEBUG trap of a loop's head, before each turn; true when the turn is left out. */
async function debugTurn(sh: Shell, line: number, text: () => string): Promise<boolean> {
  if (!sh.traps.actions.has("DEBUG")) return false;
  sh.line = line;
  return sh.hooks.debugTrap(sh, text());
}

async function test(sh: Shell, list: List): Promise<number> {
  sh.conditional++;
  try {
    return await sh.hooks.runList(sh, list);
  } finally {
    sh.conditional--;
  }
}

async function runIf(sh: Shell, node: If): Promise<number> {
  for (const arm of node.arms) {
    const status = await test(sh, arm.test);
    if (sh.flow) return status;
    if (status === 0) return sh.hooks.runList(sh, arm.body);
  }
  return node.otherwise ? sh.hooks.runList(sh, node.otherwise) : 0;
}

/** After a turn of a loop: true when the loop is over. */
function leaves(sh: Shell): boolean {
  const flow = sh.flow;
  if (!flow) return false;
  if (flow.kind !== "break" && flow.kind !== "continue") return true;
  if (flow.levels > 1 && sh.loops > 1) {
    sh.flow = { kind: flow.kind, levels: flow.levels - 1 };
    return true;
  }
  sh.flow = null;
  return flow.kind === "break";
}

async function loop(sh: Shell, run: () => Promise<number>): Promise<number> {
  sh.loops++;
  try {
    return await run();
  } finally {
    sh.loops--;
  }
}

function runWhile(sh: Shell, node: While): Promise<number> {
  return loop(sh, async () => {
    let status = 0;
    for (;;) {
      const t = await test(sh, node.test);
      if (sh.flow) {
        if (leaves(sh)) return sh.flow ? t : status;
        continue;
      }
      if ((t === 0) === node.until) return status;
      status = await sh.hooks.runList(sh, node.body);
      if (leaves(sh)) return status;
    }
  });
}

/** A readonly loop variable is the loop's failure, not the end of the line. */
async function setLoopVariable(sh: Shell, name: string, value: string): Promise<boolean> {
  try {
    const v = sh.vars.raw(name);
    if (v && (v.attrs & Attr.NAMEREF) !== 0) v.value = value;
    else sh.vars.set(name, value);
    return true;
  } catch (e) {
    if (!(e instanceof ShellError) || e.fatal) throw e;
    await sh.fail(e);
    return false;
  }
}

function runFor(sh: Shell, node: For): Promise<number> {
  if (!/^[A-Za-z_]\w*$/.test(node.name)) return sh.complain(`\`${node.name}': not a valid identifier`);
  return loop(sh, async () => {
    const words = node.words ? await expandWords(sh, node.words) : [...sh.args];
    let status = 0;
    const head = (): string => `for ${node.name} in ${node.texts().join(" ")}`;
    for (const word of words) {
      sh.line = node.line;
      if (await debugTurn(sh, node.line, head)) {
        if (sh.flow) return sh.status;
        continue;
      }
      if (!(await setLoopVariable(sh, node.name, word))) return 1;
      if (sh.opts.xtrace) await traceLine(sh, `for ${node.name} in ${words.join(" ")}`);
      status = await sh.hooks.runList(sh, node.body);
      if (leaves(sh)) break;
    }
    return status;
  });
}

async function arithValue(sh: Shell, expr: Word): Promise<bigint> {
  if (isAsync(expr)) await prepare(sh, expr);
  try {
    return await evaluate(sh, () => sh.arith(arithText(sh, expr)));
  } catch (e) {
    if (e instanceof ShellError && !e.fatal) throw new ShellError(`((: ${e.message}`, e.status);
    throw e;
  }
}

/** (( )): a wrong expression is a status, not the end of the script. */
function runArith(sh: Shell, expr: Word): number | Promise<number> {
  if (!isAsync(expr) && !sh.opts.xtrace) {
    try {
      const n = evaluate(sh, () => sh.arith(arithText(sh, expr)));
      if (typeof n === "bigint") return n === 0n ? 1 : 0;
      return n.then(
        (value) => (value === 0n ? 1 : 0),
        (e: unknown) => arithFailed(sh, e, "((: "),
      );
    } catch (e) {
      return arithFailed(sh, e, "((: ");
    }
  }
  return (async () => {
    try {
      const n = await arithValue(sh, expr);
      if (sh.opts.xtrace) await traceLine(sh, `(( ${arithText(sh, expr).trim()} ))`);
      return n === 0n ? 1 : 0;
    } catch (e) {
      return arithFailed(sh, e, "");
    }
  })();
}

async function arithFailed(sh: Shell, e: unknown, where: string): Promise<number> {
  if (!(e instanceof ShellError) || e.fatal) throw e;
  return sh.complain(where + e.message);
}

async function arithPart(sh: Shell, node: ArithFor, expr: Word): Promise<bigint> {
  await debugTurn(sh, node.line, () => `((${expr.src}))`);
  sh.line = node.line;
  return arithValue(sh, expr);
}

function runArithFor(sh: Shell, node: ArithFor): Promise<number> {
  return loop(sh, async () => {
    let status = 0;
    try {
      if (node.init.src !== "") await arithPart(sh, node, node.init);
      while (node.test.src === "" || (await arithPart(sh, node, node.test)) !== 0n) {
        status = await sh.hooks.runList(sh, node.body);
        if (leaves(sh)) break;
        if (node.step.src !== "") await arithPart(sh, node, node.step);
      }
    } catch (e) {
      return arithFailed(sh, e, "");
    }
    return status;
  });
}

async function runCase(sh: Shell, node: Case): Promise<number> {
  const subject = await expandText(sh, node.word);
  if (sh.opts.xtrace) await traceLine(sh, `case ${node.word.src} in`);
  const style = { path: false, ignoreCase: sh.shopts["nocasematch"] === true, extglob: true };
  let status = 0;
  let through = false;
  for (const item of node.items) {
    let hit = through;
    for (let i = 0; i < item.patterns.length && !hit; i++) {
      hit = matches(await expandPattern(sh, item.patterns[i]!, "pattern"), subject, style);
    }
    if (!hit) continue;
    status = await sh.hooks.runList(sh, item.body);
    if (sh.flow || item.end === ";;") return status;
    through = item.end === ";&";
  }
  return status;
}

async function runSubshell(sh: Shell, node: Subshell): Promise<number> {
  if (sh.forkedFor === node) return runSubshellBody(sh, node);
  if (sh.traps.context === null) sh.traps.command = node;
  const child = sh.clone();
  const group = enterGroup(sh, true);
  const pid = await makeChild(sh, (sys) =>
    childBody(child, sys, async () => {
      await joinGroup(group, sys);
      return runSubshellBody(child, node);
    }),
  );
  return waitForeground(sh, [pid], group, () => commandText(node));
}

/** In the task that was forked for it. */
function runSubshellBody(sh: Shell, node: Subshell): Promise<number> {
  const only = node.body.items.length === 1 ? node.body.items[0]! : null;
  sh.forkedFor = null;
  sh.loops = 0;
  sh.execLast = only?.node.t === "simple" && !only.background;
  return sh.hooks.runList(sh, node.body);
}

function menu(items: string[], columns: number): string {
  const width = items.reduce((n, s) => Math.max(n, s.length), 0) + String(items.length).length + 2;
  const perLine = Math.max(1, Math.floor(columns / (width + 2)));
  const rows = items.length <= 9 || perLine === 1 ? items.length : Math.ceil(items.length / perLine);
  const digits = String(items.length).length;
  let out = "";
  for (let r = 0; r < rows; r++) {
    const row: string[] = [];
    for (let i = r; i < items.length; i += rows) row.push(`${String(i + 1).padStart(digits)}) ${items[i]}`);
    out += row.map((s, i) => (i === row.length - 1 ? s : s.padEnd(width + 2))).join("") + "\n";
  }
  return out;
}

function runSelect(sh: Shell, node: Select): Promise<number> {
  return loop(sh, async () => {
    const items = node.words ? await expandWords(sh, node.words) : [...sh.args];
    if (items.length === 0) return 0;
    let status = 0;
    const columns = Number(sh.vars.get("COLUMNS") ?? 80);
    for (let show = true; ;) {
      await sh.err((show ? menu(items, columns) : "") + (sh.vars.get("PS3") ?? "#? "));
      const line = await readLine(sh, 0);
      if (line === null) {
        await sh.out("\n");
        return 1;
      }
      show = line === "";
      if (show) continue;
      sh.vars.set("REPLY", line);
      sh.vars.set(node.name, items[Number(line.trim()) - 1] ?? "");
      status = await sh.hooks.runList(sh, node.body);
      if (leaves(sh)) return status;
    }
  });
}
