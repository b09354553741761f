// expand.ts - words to fields: parameters, substitutions, splitting, globs.
//
// Expansion itself makes no system call. What needs one (command and process
// substitutions, the clock) is done by `prepare`, which leaves its results in
// `sh.substituted`; globbing comes after.

import type { Part, Param, Word } from "./ast.ts";
import { NEEDS_CLOCK, refreshClock } from "./dynamic.ts";
import { addValue, type Expander, Fields, type Purpose } from "./fields.ts";
import { globField } from "./glob.ts";
import { expandParam, isSet, indirectSubscript } from "./param.ts";
import { parseQuoted } from "./parse.ts";
import type { Shell } from "./shell.ts";

const NEEDS_PREPARE = new WeakMap<Word, boolean>();

/** Whether a word contains anything that takes a system call to expand. */
export function isAsync(w: Word): boolean {
  if (w.lit !== null) return false;
  let known = NEEDS_PREPARE.get(w);
  if (known === undefined) {
    known = NEEDS_CLOCK.test(w.src) || w.parts.some(partIsAsync);
    NEEDS_PREPARE.set(w, known);
  }
  return known;
}

function partIsAsync(p: Part): boolean {
  switch (p.t) {
    case "cmd":
    case "proc":
      return true;
    case "dq":
      return p.parts.some(partIsAsync);
    case "arith":
      return isAsync(p.expr);
    case "param":
      return p.prefix === "!" || paramWords(p).some(isAsync);
    default:
      return false;
  }
}

function paramWords(p: Param): Word[] {
  const out: Word[] = p.index ? [p.index] : [];
  const op = p.op;
  if (op?.k === "default" || op?.k === "remove") out.push(op.word);
  else if (op?.k === "replace") out.push(op.pattern, op.with);
  else if (op?.k === "slice") out.push(op.offset, ...(op.length ? [op.length] : []));
  else if (op?.k === "case" && op.word) out.push(op.word);
  return out;
}

/** Runs the substitutions of a word, left to right. */
export async function prepare(sh: Shell, w: Word): Promise<void> {
  if (NEEDS_CLOCK.test(w.src)) await refreshClock(sh);
  for (const p of w.parts) await preparePart(sh, p);
}

async function preparePart(sh: Shell, p: Part): Promise<void> {
  switch (p.t) {
    case "cmd":
      sh.substituted.set(p, await sh.hooks.commandOutput(sh, p.script()));
      break;
    case "proc":
      sh.substituted.set(p, await sh.hooks.processSubstitution(sh, p));
      break;
    case "dq":
      for (const q of p.parts) await preparePart(sh, q);
      break;
    case "arith":
      if (isAsync(p.expr)) await prepare(sh, p.expr);
      break;
    case "param":
      await prepareParam(sh, p);
  }
}

async function prepareParam(sh: Shell, p: Param): Promise<void> {
  const op = p.op;
  const subscript = p.prefix === "!" ? indirectSubscript(sh, expander(sh), p) : null;
  if (subscript && isAsync(subscript)) await prepare(sh, subscript);
  // The word of ${x:-word} runs only when it is used.
  if (op?.k === "default") {
    if (p.index && isAsync(p.index)) await prepare(sh, p.index);
    if (isAsync(op.word) && isSet(sh, expander(sh), p, op.op.startsWith(":")) === op.op.endsWith("+"))
      await prepare(sh, op.word);
    return;
  }
  for (const w of paramWords(p)) if (isAsync(w)) await prepare(sh, w);
}

const EXPANDERS = new WeakMap<Shell, Expander>();

function expander(sh: Shell): Expander {
  let ex = EXPANDERS.get(sh);
  if (!ex) {
    ex = {
      addDefault: (f, w, quoted) => addDefault(sh, f, w, quoted),
      text: (w, purpose = "text") => textOf(sh, w, purpose),
    };
    EXPANDERS.set(sh, ex);
  }
  return ex;
}

/** Adds the parts of a word to `f`; synchronous once prepared. */
export function addParts(sh: Shell, f: Fields, parts: readonly Part[], quoted: boolean): void {
  for (const p of parts) addPart(sh, f, p, quoted);
}

/** The word of `${x:-word}`: outside quotes its own text is split, too. */
function addDefault(sh: Shell, f: Fields, w: Word, quoted: boolean): void {
  for (const p of quoted ? w.parts : tildes(sh, w.parts, false)) {
    if (p.t === "lit" && !quoted) addValue(f, p.s, false);
    else addPart(sh, f, p, quoted);
  }
}

function addPart(sh: Shell, f: Fields, p: Part, quoted: boolean): void {
  switch (p.t) {
    case "lit":
      f.add(p.s, quoted);
      break;
    case "quo":
      f.add(p.s, true);
      break;
    case "dq":
      if (!p.parts.some((q) => isList(sh, q))) f.mark();
      addParts(sh, f, p.parts, true);
      break;
    case "param":
      expandParam(sh, expander(sh), f, p, quoted);
      break;
    case "cmd":
      addValue(f, sh.substituted.get(p) ?? "", quoted);
      break;
    case "proc":
      f.add(sh.substituted.get(p) ?? "", true);
      break;
    case "arith":
      addValue(f, String(sh.arith(arithText(sh, p.expr))), quoted);
  }
}

/** `"$@"` without arguments is no field at all: lists make their fields themselves. */
function isList(sh: Shell, p: Part): boolean {
  if (p.t !== "param" || p.prefix === "#") return false;
  if (p.op?.k === "names") return p.op.op === "@";
  if (p.name !== "@" && p.index?.src !== "@") return false;
  return p.op?.k !== "default" || (p.op.op.endsWith("+") && !isSet(sh, expander(sh), p, false));
}

export function arithText(sh: Shell, expr: Word): string {
  return expr.lit ?? textOf(sh, expr, "text");
}

function ifsOf(sh: Shell): string {
  return sh.vars.get("IFS") ?? " \t\n";
}

/** A prepared word as one string. */
export function textOf(sh: Shell, w: Word, purpose: Purpose = "text"): string {
  if (w.lit !== null && purpose === "text") return w.lit;
  const f = new Fields(purpose, ifsOf(sh));
  addParts(sh, f, tildes(sh, w.parts, false), false);
  const [field] = f.finish();
  if (!field) return "";
  return purpose === "text" ? field.text : field.pattern;
}

/** A word that is neither split nor globbed. */
export function expandText(sh: Shell, w: Word): string | Promise<string> {
  if (w.lit !== null) return w.lit;
  const value = (): string | Promise<string> => evaluate(sh, () => textOf(sh, w));
  return isAsync(w) ? prepare(sh, w).then(value) : value();
}

/** An assignment's value: tildes also after colons. */
export function expandAssigned(sh: Shell, w: Word): string | Promise<string> {
  if (w.lit !== null) return w.lit;
  const text = (): string => {
    const f = new Fields("text", ifsOf(sh));
    addParts(sh, f, tildes(sh, w.parts, true), false);
    return f.finish()[0]?.text ?? "";
  };
  const value = (): string | Promise<string> => evaluate(sh, text);
  return isAsync(w) ? prepare(sh, w).then(value) : value();
}

/** A pattern (`case`, `[[ == ]]`) or regular expression (`=~`). */
export async function expandPattern(sh: Shell, w: Word, purpose: "pattern" | "regex"): Promise<string> {
  if (isAsync(w)) await prepare(sh, w);
  return evaluate(sh, () => textOf(sh, w, purpose));
}

/** The fields of a list of words. */
export function expandWords(sh: Shell, words: readonly Word[]): string[] | Promise<string[]> {
  const out: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const w = words[i]!;
    if (w.lit !== null) {
      out.push(w.lit);
      continue;
    }
    if (isAsync(w) || !addFields(sh, w, out)) return expandRest(sh, words, i, out);
  }
  return out;
}

/** False when a field needs system calls; `out` is then untouched. */
function addFields(sh: Shell, w: Word, out: string[]): boolean {
  const fields = evaluate(sh, () => fieldsOf(sh, w));
  if (fields instanceof Promise || (!sh.opts.noglob && fields.some((f) => f.glob))) {
    pending.set(w, fields);
    return false;
  }
  for (const f of fields) out.push(f.text);
  return true;
}

/** Fields already made, so that side effects such as i++ happen once. */
const pending = new WeakMap<Word, FieldList | Promise<FieldList>>();

type FieldList = ReturnType<Fields["finish"]>;

function fieldsOf(sh: Shell, w: Word): FieldList {
  const f = new Fields("fields", ifsOf(sh));
  addParts(sh, f, tildes(sh, w.parts, false), false);
  return f.finish();
}

async function expandRest(sh: Shell, words: readonly Word[], from: number, out: string[]): Promise<string[]> {
  for (let i = from; i < words.length; i++) {
    const w = words[i]!;
    if (w.lit !== null) {
      out.push(w.lit);
      continue;
    }
    if (isAsync(w)) await prepare(sh, w);
    const made = pending.get(w) ?? evaluate(sh, () => fieldsOf(sh, w));
    pending.delete(w);
    for (const f of made instanceof Promise ? await made : made) {
      if (f.glob && !sh.opts.noglob) out.push(...(await globField(sh, f)));
      else out.push(f.text);
    }
  }
  return out;
}

/** Here-documents, prompts: text as inside double quotes. */
export async function expandQuoted(sh: Shell, text: string): Promise<string> {
  return await expandText(sh, parseQuoted(text));
}

// ---- commands in the values of variables: x='a[$(cmd)]'; echo $((x))

/** Thrown out of an expansion: this text's commands have to run first. */
class CommandsFirst extends Error {
  constructor(readonly word: Word) {
    super();
  }
}

/** A text is the same word each time, so that its commands' output is found. */
const STORED = new Map<string, Word>();

/** Synchronous form for array subscripts found during evaluation. */
export function expandTextNow(sh: Shell, text: string): string {
  let word = STORED.get(text);
  if (!word) {
    if (STORED.size > 100) STORED.clear();
    STORED.set(text, (word = parseQuoted(text)));
  }
  if (sh.commandsRun && isAsync(word) && !sh.commandsRun.has(word)) throw new CommandsFirst(word);
  return textOf(sh, word).replace(/["']/g, "");
}

/** A synchronous step; made anew each time that commands in a variable's value had to run first. */
export function evaluate<T>(sh: Shell, step: () => T, run = new Set<Word>()): T | Promise<T> {
  const outer = sh.commandsRun;
  sh.commandsRun = run;
  try {
    return step();
  } catch (e) {
    if (!(e instanceof CommandsFirst)) throw e;
    return prepare(sh, e.word).then(() => evaluate(sh, step, run.add(e.word)));
  } finally {
    sh.commandsRun = outer;
  }
}

// ---- tildes

function tildes(sh: Shell, parts: Part[], assignment: boolean): Part[] {
  const first = parts[0];
  if (!assignment) {
    if (first?.t !== "lit") return parts;
    // An argument that looks like an assignment: `make dir=~/x`.
    if (/^[A-Za-z_]\w*=~/.test(first.s)) return assignedTildes(sh, parts, first.s);
    if (!first.s.startsWith("~")) return parts;
    return [...tildePrefix(sh, first.s, parts.length > 1), ...parts.slice(1)];
  }
  if (!parts.some((p) => p.t === "lit" && p.s.includes("~"))) return parts;
  return parts.flatMap((p, i): Part[] => {
    if (p.t !== "lit") return [p];
    return p.s.split(/(?<=:)/).flatMap((piece, j) => {
      const start = (i === 0 && j === 0) || j > 0;
      return start && piece.startsWith("~")
        ? tildePrefix(sh, piece, parts.length > i + 1)
        : [{ t: "lit", s: piece }];
    });
  });
}

function assignedTildes(sh: Shell, parts: Part[], head: string): Part[] {
  const at = head.indexOf("=") + 1;
  const rest: Part[] = [{ t: "lit", s: head.slice(at) }, ...parts.slice(1)];
  return [{ t: "lit", s: head.slice(0, at) }, ...tildes(sh, rest, true)];
}

function tildePrefix(sh: Shell, s: string, more: boolean): Part[] {
  const m = /^~([^/:]*)([\s\S]*)$/.exec(s)!;
  if (m[2] === "" && more) return [{ t: "lit", s }];
  const home = homeOf(sh, m[1]!);
  return home === null
    ? [{ t: "lit", s }]
    : [
        { t: "quo", s: home },
        { t: "lit", s: m[2]! },
      ];
}

function homeOf(sh: Shell, user: string): string | null {
  if (user === "") return sh.vars.get("HOME") ?? "/root";
  if (user === "+") return sh.vars.get("PWD") ?? null;
  if (user === "-") return sh.vars.get("OLDPWD") ?? null;
  if (user === "root") return "/root";
  return null;
}
