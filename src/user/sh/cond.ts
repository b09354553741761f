// cond.ts - [[ expression ]].

import { compareFiles, fileTest, INTEGER_OPS } from "../fileTests.ts";
import type { CondExpr } from "./ast.ts";
import { ShellError } from "./errors.ts";
import { expandPattern, expandText } from "./expand.ts";
import { parseScript } from "./parse.ts";
import { matches } from "./pattern.ts";
import { posixRegex } from "../regex.ts";
import type { Shell } from "./shell.ts";
import { isVariableSet } from "./isSet.ts";
import { traceLine } from "./trace.ts";
import { traceQuote } from "./quote.ts";

/** 0 true, 1 false, 2 a regular expression that is none. */
export async function evalCond(sh: Shell, e: CondExpr): Promise<number> {
  switch (e.k) {
    case "not": {
      const status = await evalCond(sh, e.expr);
      return status > 1 ? status : 1 - status;
    }
    case "and":
    case "or": {
      let status = 0;
      for (const part of e.parts) {
        status = await evalCond(sh, part);
        if (status > 1 || (status === 0) === (e.k === "or")) return status;
      }
      return status;
    }
    case "group":
      return evalCond(sh, e.expr);
    case "unary":
      if (e.test !== null && !sh.shopts["extglob"]) return negated(sh, e.test);
      return Number(!(await unary(sh, e.op, await expandText(sh, e.word))));
    case "binary":
      return binary(sh, e);
  }
}

async function negated(sh: Shell, test: string): Promise<number> {
  const node = parseScript(`[[ ! ${test} ]]`).body.items[0]?.node;
  return node?.t === "cond" ? evalCond(sh, node.expr) : 2;
}

async function unary(sh: Shell, op: string, arg: string): Promise<boolean> {
  if (sh.opts.xtrace) await traceLine(sh, `[[ ${op} ${traceQuote(arg)} ]]`);
  switch (op) {
    case "-z":
      return arg === "";
    case "-n":
      return arg !== "";
    case "-v":
      return isVariableSet(sh, arg);
    case "-o":
      return (sh.opts as unknown as Record<string, boolean>)[arg] === true;
    case "-R":
      return ((sh.vars.raw(arg)?.attrs ?? 0) & 32) !== 0;
    default:
      return fileTest(sh.sys, op === "-a" ? "e" : op[1]!, arg);
  }
}

async function binary(sh: Shell, e: CondExpr & { k: "binary" }): Promise<number> {
  const left = await expandText(sh, e.left);
  if (e.op === "=~") return regexMatch(sh, left, await expandPattern(sh, e.right, "regex"));
  const no = (b: boolean): number => Number(!b);
  if (e.op === "==" || e.op === "=" || e.op === "!=") {
    const pattern = await expandPattern(sh, e.right, "pattern");
    if (sh.opts.xtrace)
      await traceLine(sh, `[[ ${left === "" ? "''" : left} ${e.op} ${pattern === "" ? "''" : pattern} ]]`);
    const style = { path: false, ignoreCase: sh.shopts["nocasematch"] === true, extglob: true };
    return no(matches(pattern, left, style) === (e.op !== "!="));
  }
  const right = await expandText(sh, e.right);
  if (sh.opts.xtrace) await traceLine(sh, `[[ ${traceQuote(left)} ${e.op} ${traceQuote(right)} ]]`);
  const compare = INTEGER_OPS[e.op];
  if (compare) {
    try {
      return no(compare(sh.arith(left), sh.arith(right)));
    } catch (err) {
      if (!(err instanceof ShellError) || err.fatal) throw err;
      return sh.complain(`[[: ${err.message}`);
    }
  }
  if (e.op === "<") return no(left < right);
  if (e.op === ">") return no(left > right);
  return no(await compareFiles(sh.sys, left, e.op, right));
}

/** =~ sets BASH_REMATCH. */
async function regexMatch(sh: Shell, subject: string, source: string): Promise<number> {
  if (sh.opts.xtrace) await traceLine(sh, `[[ ${traceQuote(subject)} =~ ${source} ]]`);
  // regcomp(3) refuses a repetition of nothing; a bracket's contents are no operators.
  const operators = source.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]/g, "x");
  if (/(^\^?|[(|])[*+?{]|\{(?!\d+,?\d*\}|,\d*\})/.test(operators)) return 2;
  let re: RegExp;
  try {
    re = posixRegex(source, { extended: true, ignoreCase: sh.shopts["nocasematch"] === true });
  } catch {
    return 2;
  }
  const m = re.exec(subject);
  sh.vars.setList("BASH_REMATCH", m ? m.map((g) => g ?? "") : []);
  return m ? 0 : 1;
}
