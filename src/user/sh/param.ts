// param.ts - ${…}: looks a parameter up and applies its operation.

import type { Param, Word } from "./ast.ts";
import { dynamicArray } from "./dynamic.ts";
import { ShellError } from "./errors.ts";
import { addValue, type Expander, type Fields } from "./fields.ts";
import { singleQuote } from "./quote.ts";
import { changeCase, removePattern, replacePattern, transform } from "./paramOps.ts";
import { parseQuoted, parseWord } from "./parse.ts";
import type { Shell } from "./shell.ts";
import { arrayElements, isName, type Var } from "./vars.ts";

/** A parameter's value: one string, or a list. */
export interface Value {
  /** Undefined: not set. */
  text: string | undefined;
  list: string[] | null;
  /** `*`: in quotes the list is joined. */
  star: boolean;
}

const scalar = (text: string | undefined): Value => ({ text, list: null, star: false });
const listOf = (list: string[], star: boolean): Value => ({ text: undefined, list, star });

/** Adds what a `$x` or `${x…}` stands for. */
export function expandParam(sh: Shell, ex: Expander, f: Fields, p: Param, quoted: boolean): void {
  if (!p.prefix && !p.op && !p.index) {
    const v = simple(sh, p.name);
    if (typeof v === "string") return addValue(f, v, quoted);
    if (v === undefined) return unset(sh, p.name);
    return addList(sh, f, v, quoted);
  }
  if (p.op?.k === "bad") throw new ShellError(`${p.src}: bad substitution`);
  const value = p.prefix === "!" ? indirect(sh, ex, p) : lookup(sh, ex, p.name, p.index);
  if (p.prefix === "#") return addValue(f, length(sh, p, value), quoted);
  // Without separators the names of a prefix are one word, subscripts one with blanks.
  if (p.prefix === "!" && value.star && !quoted && sh.vars.get("IFS") === "")
    return addValue(f, value.list!.join(p.op ? "" : " "), false);
  if (p.op?.k === "default") return defaultOp(sh, ex, f, p, value, quoted);
  if (value.text === undefined && !value.list) unset(sh, p.index ? `${p.name}[${p.index.src}]` : p.name);
  addResult(sh, f, operate(sh, ex, p, value), quoted);
}

function unset(sh: Shell, name: string): void {
  if (sh.opts.nounset && name !== "@" && name !== "*")
    throw new ShellError(
      `${/^\w/.test(name) && !/^\d/.test(name) ? "" : "$"}${name}: unbound variable`,
      127,
      true,
    );
}

function addResult(sh: Shell, f: Fields, v: Value, quoted: boolean): void {
  if (v.list) addList(sh, f, v, quoted);
  else addValue(f, v.text ?? "", quoted);
}

function addList(sh: Shell, f: Fields, v: Value, quoted: boolean): void {
  const list = v.list!;
  if (quoted && !v.star && f.purpose === "fields") return f.addEach(list);
  if (quoted || f.purpose !== "fields") {
    const ifs = sh.vars.get("IFS");
    const by = v.star ? (ifs === undefined ? " " : ifs.slice(0, 1)) : " ";
    return addValue(f, list.join(by), quoted);
  }
  // Joined by what then splits them, so that empty ones stay, unless that is white space.
  const by = /^[^ \t\n]/.exec(sh.vars.get("IFS") ?? "")?.[0];
  if (by !== undefined) return f.addSplit(list.join(by));
  list.forEach((item, i) => {
    if (i > 0) f.breakField();
    f.addSplit(item);
  });
}

/** `$x` without braces: the usual case, kept short. */
function simple(sh: Shell, name: string): string | Value | undefined {
  const c = name.charCodeAt(0);
  if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95) {
    if (name === "_") return sh.lastArg;
    return sh.vars.get(name) ?? dynamicArray(sh, name)?.[0];
  }
  if (name === "@" || name === "*") return listOf(sh.args, name === "*");
  return special(sh, name);
}

function special(sh: Shell, name: string): string | undefined {
  switch (name) {
    case "?":
      return String(sh.status);
    case "#":
      return String(sh.args.length);
    case "$":
      return String(sh.shellPid);
    case "!":
      return sh.lastBackground === null ? undefined : String(sh.lastBackground);
    case "-":
      return sh.flags();
    case "0":
      return sh.name;
    case "_":
      return sh.lastArg;
    default:
      return sh.args[Number(name) - 1];
  }
}

function lookup(sh: Shell, ex: Expander, name: string, index: Word | null): Value {
  if (!index) {
    const v = simple(sh, name);
    return typeof v === "object" ? v : scalar(v);
  }
  const star = index.src === "*";
  if (star || index.src === "@") return wholeArray(sh, name, star);
  const dynamic = dynamicArray(sh, name);
  const v = sh.vars.find(name);
  if (dynamic && !v) return scalar(dynamic.at(Number(sh.arith(ex.text(index)))));
  return scalar(sh.element(name, ex.text(v?.map ? index : arithmeticSubscript(index))));
}

const SINGLE_QUOTED = new WeakMap<Word, Word>();

/** Arithmetic knows no single quotes: they stay, and are an error there. */
export function arithmeticSubscript(index: Word): Word {
  if (!index.src.includes("'")) return index;
  let word = SINGLE_QUOTED.get(index);
  if (!word) SINGLE_QUOTED.set(index, (word = parseQuoted(index.src)));
  return word;
}

function wholeArray(sh: Shell, name: string, star: boolean): Value {
  const v = sh.vars.find(name);
  if (v) return listOf(values(v), star);
  const dynamic = dynamicArray(sh, name);
  if (dynamic) return listOf(dynamic, star);
  const one = sh.vars.get(name);
  return one === undefined ? listOf([], star) : listOf([one], star);
}

function values(v: Var): string[] {
  if (v.list || v.map) return arrayElements(v).map(([, s]) => s);
  return v.value === undefined ? [] : [v.value];
}

/** Whether ${x:-word} finds a value; with `notNull`, a non-empty one. */
export function isSet(sh: Shell, ex: Expander, p: Param, notNull: boolean): boolean {
  const v = p.prefix === "!" ? indirect(sh, ex, p) : lookup(sh, ex, p.name, p.index);
  if (v.list) return v.list.length > 0 && (!notNull || v.list.join("") !== "" || v.list.length > 1);
  return v.text !== undefined && (!notNull || v.text !== "");
}

function defaultOp(sh: Shell, ex: Expander, f: Fields, p: Param, value: Value, quoted: boolean): void {
  if (p.op?.k !== "default") return;
  const { op, word } = p.op;
  const present = isSet(sh, ex, p, op.startsWith(":"));
  switch (op.at(-1)) {
    case "-":
      return present ? addResult(sh, f, value, quoted) : ex.addDefault(f, word, quoted);
    case "+":
      return present ? ex.addDefault(f, word, quoted) : undefined;
    case "?":
      if (present) return addResult(sh, f, value, quoted);
      throw new ShellError(`${targetName(p)}: ${missing(sh, ex, word, op)}`, 127, true);
    default:
      if (present) return addResult(sh, f, value, quoted);
      assignDefault(sh, ex, p, ex.text(word));
      return addResult(
        sh,
        f,
        p.prefix === "!" ? indirect(sh, ex, p) : lookup(sh, ex, p.name, p.index),
        quoted,
      );
  }
}

function targetName(p: Param): string {
  return p.index ? `${p.name}[${p.index.src}]` : p.name;
}

function missing(sh: Shell, ex: Expander, word: Word, op: string): string {
  const text = ex.text(word);
  if (text !== "") return text;
  return op.startsWith(":") ? "parameter null or not set" : "parameter not set";
}

function assignDefault(sh: Shell, ex: Expander, p: Param, text: string): void {
  const target = p.prefix === "!" ? lookup(sh, ex, p.name, p.index).text : undefined;
  if (target !== undefined && isName(target)) return sh.vars.set(target, text);
  if (!isName(p.name)) throw new ShellError(`$${p.name}: cannot assign in this way`);
  if (p.index) sh.vars.setElement(p.name, ex.text(p.index), text);
  else sh.vars.set(p.name, text);
}

function length(sh: Shell, p: Param, v: Value): string {
  if (p.name === "@" || p.name === "*") return String(sh.args.length);
  const declared = v.list && sh.vars.find(p.name);
  if (v.list && (v.list.length > 0 || (declared && !declared.bare))) return String(v.list.length);
  if (v.text === undefined) unset(sh, p.name);
  return String([...(v.text ?? "")].length);
}

/** `${!x}`, `${!x[@]}`, `${!prefix*}`. */
function indirect(sh: Shell, ex: Expander, p: Param): Value {
  if (p.op?.k === "names") return listOf(sh.vars.names(p.name), p.op.op === "*");
  const whole = p.index?.src === "@" || p.index?.src === "*";
  if (whole && !p.op) return listOf(keys(sh, p.name), p.index!.src === "*");
  const raw = sh.vars.raw(p.name);
  if (raw && (raw.attrs & 32) !== 0 && !p.index) return scalar(raw.value);
  const named = lookup(sh, ex, p.name, p.index);
  const target = whole && named.list!.length > 0 ? named.list!.join(" ") : named.text;
  // An array without an element 0 names nothing.
  if (target === undefined && raw) return scalar(undefined);
  if (target === undefined) throw new ShellError(`${targetName(p)}: invalid indirect expansion`);
  if (target === "") throw new ShellError(`${target}: invalid variable name`);
  const m = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(target);
  if (m) return lookup(sh, ex, m[1]!, subscriptWord(m[2]!));
  if (!/^(\w+|[@*#?$!-])$/.test(target)) throw new ShellError(`${target}: invalid variable name`);
  return lookup(sh, ex, target, null);
}

const SUBSCRIPTS = new Map<string, Word>();

/** The subscript in the value of `x` for `${!x}`, the same word each time: its substitutions run first. */
function subscriptWord(text: string): Word {
  if (!/[$`"'\\~]/.test(text)) return { parts: [], lit: text, src: text };
  let word = SUBSCRIPTS.get(text);
  if (!word) {
    if (SUBSCRIPTS.size > 100) SUBSCRIPTS.clear();
    SUBSCRIPTS.set(text, (word = parseWord(text)));
  }
  return word;
}

/** What must be prepared before `${!x}` can be expanded. */
export function indirectSubscript(sh: Shell, ex: Expander, p: Param): Word | null {
  if (p.op?.k === "names" || p.index) return null;
  const m = /^[A-Za-z_]\w*\[(.*)\]$/s.exec(lookup(sh, ex, p.name, null).text ?? "");
  return m && subscriptWord(m[1]!);
}

function keys(sh: Shell, name: string): string[] {
  const v = sh.vars.find(name);
  if (!v) return (dynamicArray(sh, name) ?? []).map((_, i) => String(i));
  if (v.list || v.map) return arrayElements(v).map(([k]) => k);
  return v.value === undefined ? [] : ["0"];
}

function operate(sh: Shell, ex: Expander, p: Param, value: Value): Value {
  const op = p.op;
  if (!op || op.k === "names") return value;
  if (op.k === "slice") return slice(sh, ex, p, value, op.offset, op.length);
  const each = operation(sh, ex, p);
  if (value.list) {
    if (op.k === "transform" && op.op === "A" && /^[@*]$/.test(p.name))
      return scalar(value.list.length === 0 ? "" : `set -- ${value.list.map(singleQuote).join(" ")}`);
    if (op.k === "transform" && /[AKk]/.test(op.op)) return each("");
    return listOf(
      value.list.map((s) => each(s).text ?? ""),
      value.star,
    );
  }
  if (value.text === undefined && op.k === "transform" && op.op !== "a" && op.op !== "A") return scalar("");
  return each(value.text ?? "");
}

function operation(sh: Shell, ex: Expander, p: Param): (s: string) => Value {
  const op = p.op!;
  switch (op.k) {
    case "remove": {
      const pattern = ex.text(op.word, "pattern");
      return (s) => scalar(removePattern(sh, s, pattern, op.op));
    }
    case "replace": {
      const pattern = ex.text(op.pattern, "pattern");
      const by = ex.text(op.with, "replacement");
      return (s) => scalar(replacePattern(sh, s, pattern, by, op.op));
    }
    case "case": {
      const pattern = op.word && op.word.parts.length > 0 ? ex.text(op.word, "pattern") : "?";
      return (s) => scalar(changeCase(s, pattern, op.op));
    }
    default:
      return (s) => {
        const target = p.prefix === "!" ? (lookup(sh, ex, p.name, p.index).text ?? "") : p.name;
        const name = target.replace(/\[.*$/s, "");
        const out = transform(sh, name, p.index?.src ?? null, s, op.k === "transform" ? op.op : "");
        return Array.isArray(out) ? listOf(out, false) : scalar(out);
      };
  }
}

function slice(sh: Shell, ex: Expander, p: Param, value: Value, offset: Word, length: Word | null): Value {
  const from = Number(sh.arith(ex.text(offset)));
  const count = length ? Number(sh.arith(ex.text(length))) : null;
  if (!value.list) {
    const chars = [...(value.text ?? "")];
    return scalar(range(chars, from, count, length, true).join(""));
  }
  if (p.name === "@" || p.name === "*") {
    // $0 is element 0 of the positional parameters.
    const all = [sh.name, ...value.list];
    return listOf(range(all, from, count, length, false), value.star);
  }
  const v = sh.vars.find(p.name);
  // An associative array's elements count from 1; 0 is the first, too.
  const first = v?.map && from > 0 ? from - 1 : from;
  if (!v?.list) return listOf(range(value.list, first, count, length, false), value.star);
  const start = from < 0 ? v.list.length + from : from;
  const picked = arrayElements(v)
    .filter(([i]) => Number(i) >= start)
    .map(([, s]) => s);
  if (start < 0) return listOf([], value.star);
  return listOf(count === null ? picked : range(picked, 0, count, length, false), value.star);
}

function range(
  items: string[],
  from: number,
  count: number | null,
  length: Word | null,
  text: boolean,
): string[] {
  const start = from < 0 ? items.length + from : from;
  if (start < 0 || start > items.length) return [];
  if (count === null) return items.slice(start);
  if (count >= 0) return items.slice(start, start + count);
  const end = items.length + count;
  if (!text || end < start) throw new ShellError(`${length!.src}: substring expression < 0`);
  return items.slice(start, end);
}
