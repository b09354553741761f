// assign.ts - carries out name=value, name[i]=value and name=( … ).

import type { ArrayLit, Assign, Part, Word } from "./ast.ts";
import type { Assigned, Element } from "./assigned.ts";
import { braceExpand } from "./brace.ts";
import { ShellError } from "./errors.ts";
import { expandAssigned, expandText, expandWords } from "./expand.ts";
import { arithmeticSubscript } from "./param.ts";
import { doubleQuote, singleQuote, traceQuote } from "./quote.ts";
import type { Shell } from "./shell.ts";
import { Attr } from "./vars.ts";
import { finish } from "./word.ts";

export function expandAssign(sh: Shell, a: Assign): Assigned | Promise<Assigned> {
  if (!a.index && !isArray(a.value)) {
    const value = expandAssigned(sh, a.value);
    const assigned = (text: string): Assigned => ({
      name: a.name,
      append: a.append,
      index: null,
      value: text,
    });
    return typeof value === "string" ? assigned(value) : value.then(assigned);
  }
  return expandSlow(sh, a);
}

function isArray(v: Word | ArrayLit): v is ArrayLit {
  return "t" in v;
}

async function expandSlow(sh: Shell, a: Assign): Promise<Assigned> {
  const map = isMap(sh, a.name);
  const index = a.index ? await expandText(sh, map ? a.index : arithmeticSubscript(a.index)) : null;
  const value = isArray(a.value)
    ? await (map ? mapElements(sh, a.name, a.value) : listElements(sh, a.value))
    : await expandAssigned(sh, a.value);
  return { name: a.name, append: a.append, index, value };
}

function isMap(sh: Shell, name: string): boolean {
  return sh.declaring || sh.vars.find(name)?.map != null;
}

async function listElements(sh: Shell, lit: ArrayLit): Promise<Element[]> {
  const out: Element[] = [];
  for (const w of lit.elements) {
    const words = w.src.includes("{") ? braceExpand(w) : [w];
    // What braces made is a plain word, whatever it looks like.
    const keyed = words.length === 1 ? splitElement(w) : null;
    if (keyed) {
      const key = await expandText(sh, keyed.key);
      out.push({ key, value: await expandAssigned(sh, keyed.value), append: keyed.append });
    } else for (const value of await expandWords(sh, words)) out.push({ key: null, value, append: false });
  }
  return out;
}

/** Elements of an associative array: neither split nor brace-expanded. */
async function mapElements(sh: Shell, name: string, lit: ArrayLit): Promise<Element[]> {
  const first = lit.elements[0] && splitElement(lit.elements[0]);
  if (!first) return pairs(sh, lit.elements);
  const out: Element[] = [];
  for (const w of lit.elements) {
    const keyed = splitElement(w);
    if (keyed) {
      const key = await expandText(sh, keyed.key);
      out.push({ key, value: await expandText(sh, withoutTildes(keyed.value)), append: keyed.append });
    } else await sh.complain(`${name}: ${w.src}: must use subscript when assigning associative array`);
  }
  return out;
}

/** In these bash 5.2 expands no tilde. */
function withoutTildes(w: Word): Word {
  return w.parts[0]?.t === "lit" ? finish([{ t: "quo", s: "" }, ...w.parts], w.src) : w;
}

/** `declare -A m=(a 1 b 2)`: words in turn are keys and values. */
async function pairs(sh: Shell, words: readonly Word[]): Promise<Element[]> {
  const texts: string[] = [];
  for (const w of words) texts.push(await expandText(sh, withoutTildes(w)));
  const out: Element[] = [];
  for (let i = 0; i < texts.length; i += 2)
    out.push({ key: texts[i]!, value: texts[i + 1] ?? "", append: false });
  return out;
}

/** `[key]=value` inside parentheses; null for a plain word. */
function splitElement(w: Word): { key: Word; value: Word; append: boolean } | null {
  const first = w.parts[0];
  if (first?.t !== "lit" || !first.s.startsWith("[")) return null;
  const parts = mergeLits(w.parts);
  for (let i = 0; i < parts.length; i++) {
    const p = parts[i]!;
    if (p.t !== "lit") continue;
    const m = /\](\+?)=/.exec(p.s);
    if (!m) continue;
    const before = [...parts.slice(0, i), { t: "lit" as const, s: p.s.slice(0, m.index) }];
    const open = before[0] as { t: "lit"; s: string };
    before[0] = { t: "quo", s: open.s.slice(1) };
    const after: Part[] = [{ t: "lit", s: p.s.slice(m.index + m[0].length) }, ...parts.slice(i + 1)];
    const value = after.filter((q) => q.t !== "lit" || q.s !== "");
    return { key: finish(before, ""), value: finish(value, ""), append: m[1] === "+" };
  }
  return null;
}

function mergeLits(parts: Part[]): Part[] {
  const out: Part[] = [];
  for (const p of parts) {
    const last = out.at(-1);
    if (p.t === "lit" && last?.t === "lit") out[out.length - 1] = { t: "lit", s: last.s + p.s };
    else out.push(p);
  }
  return out;
}

export function store(sh: Shell, a: Assigned): void {
  if (typeof a.value !== "string" && a.index !== null)
    throw new ShellError(`${a.name}[${a.index}]: cannot assign list to array member`);
  if (typeof a.value !== "string") storeArray(sh, a.name, a.value, a.append);
  else if (a.index !== null) sh.vars.setElement(a.name, a.index, a.value, a.append);
  else sh.vars.set(a.name, a.value, a.append);
  if (sh.opts.allexport) {
    const v = sh.vars.find(a.name);
    if (v && (v.attrs & Attr.EXPORT) === 0) {
      v.attrs |= Attr.EXPORT;
      sh.vars.envVersion++;
    }
  }
}

function storeArray(sh: Shell, name: string, items: Element[], append: boolean): void {
  const old = sh.vars.find(name)?.map;
  const v = sh.vars.beginArray(name, append);
  let next = v.list?.length ?? 0;
  for (const e of items) {
    if (v.map) {
      // `m=([k]+=x)` adds to the value that k had before.
      const before = e.append ? old?.get(e.key!) : undefined;
      if (before !== undefined) v.map.set(e.key!, before);
      else if (e.append) v.map.delete(e.key!);
      sh.vars.setElement(name, e.key ?? e.value, e.key === null ? "" : e.value, e.append);
      continue;
    }
    const i = e.key === null ? next : sh.vars.index(name, e.key, v.list!);
    sh.vars.setElement(name, String(i), e.value, e.append);
    next = i + 1;
  }
}

/** An assignment among the arguments of `declare`; of an array only the name. */
export function declaredText(a: Assigned): string {
  if (typeof a.value !== "string") return a.name;
  return `${a.name}${a.index === null ? "" : `[${a.index}]`}${a.append ? "+=" : "="}${a.value}`;
}

/** `declare -a x=( … )` as `set -x` shows it before the command. */
export function traceList(a: Assigned): string {
  const items = (a.value as Element[]).map(
    (e) => (e.key === null ? "" : `[${singleQuote(e.key)}]=`) + singleQuote(e.value),
  );
  return `${a.name}${a.append ? "+=" : "="}(${items.join(" ")})`;
}

/** For `set -x`. */
export function traceAssigned(a: Assigned): string {
  const index = a.index === null ? "" : `[${a.index}]`;
  const op = a.append ? "+=" : "=";
  if (typeof a.value === "string")
    return `${a.name}${index}${op}${a.value === "" ? "" : traceQuote(a.value)}`;
  const items = a.value.map((e) =>
    e.key === null ? traceQuote(e.value) : `[${e.key}]=${doubleQuote(e.value)}`,
  );
  return `${a.name}${op}(${items.join(" ")})`;
}
