/**
 * The few facts about WebAssembly's text form that kbuild relies on: names,
 * and where a function, a global or an import begins and ends in what
 * Binaryen prints.
 */

import type { ValType } from "./kobject";

const PLAIN = /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/;

/** `$name`, quoted when it holds characters an identifier may not; bytes of other than ASCII as `\c3`. */
export function id(name: string): string {
  return PLAIN.test(name) ? `$${name}` : `$"${name.replace(/[^\0-\x7f]+/g, escaped)}"`;
}

const escaped = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => `\\${byte.toString(16)}`).join("");

/** The name in an identifier as printed: undoes id(). */
export function nameOf(identifier: string): string {
  const ascii = identifier[1] === '"' ? identifier.slice(2, -1) : identifier.slice(1);
  return ascii.includes("\\") ? ascii.replace(/(?:\\[89a-f][0-9a-f])+/g, unescaped) : ascii;
}

const unescaped = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(text.slice(1).split("\\"), (byte) => parseInt(byte, 16)));

export function signature(params: ValType[], results: ValType[]): string {
  const p = params.length ? `(param ${params.join(" ")})` : "";
  const r = results.length ? `(result ${results.join(" ")})` : "";
  return [p, r].filter(Boolean).join(" ");
}

export interface PrintedFunction {
  name: string;
  params: ValType[];
  results: ValType[];
  /** Locals and body, without the closing parenthesis of the function. */
  body: string;
}

const FUNC = /^(\$\S+?)(?: \(type \$\S+\))?((?: \((?:param|result)[^)]*\))*)(?:\n|\)$|$)/;

/** Every defined function of a printed module. */
export function splitFunctions(text: string): PrintedFunction[] {
  const chunks = text.split("\n (func ").slice(1);
  return chunks.map((chunk) => {
    const head = FUNC.exec(chunk);
    if (!head) throw new Error(`kbuild: cannot read ${chunk.slice(0, 80)}`);
    const end = chunk.indexOf("\n )");
    const body = chunk.slice(head[0].length, end < 0 ? undefined : end);
    return { name: nameOf(head[1]!), ...types(head[2]!), body };
  });
}

function types(list: string): { params: ValType[]; results: ValType[] } {
  const pick = (word: string) =>
    [...list.matchAll(new RegExp(`\\(${word}(?: \\$\\S+)?((?: \\w+)+)\\)`, "g"))].flatMap((m) =>
      m[1]!.trim().split(" "),
    ) as ValType[];
  return { params: pick("param"), results: pick("result") };
}

/** `(type $0 (func …))` lines: identifier to signature text. */
export function splitTypes(text: string): Map<string, string> {
  const result = new Map<string, string>();
  for (const m of text.matchAll(/^ \(type (\$\S+) \(func(.*)\)\)$/gm)) {
    result.set(m[1]!, m[2]!.trim());
  }
  return result;
}

export interface PrintedImport {
  module: string;
  base: string;
  name: string;
  kind: "func" | "global" | "memory" | "table";
  rest: string;
}

export function splitImports(text: string): PrintedImport[] {
  const line = /^ \(import "([^"]*)" "([^"]*)" \((func|global|memory|table) (\$[^\s()]+)(.*)\)\)$/gm;
  return [...text.matchAll(line)].map((m) => ({
    module: m[1]!,
    base: m[2]!,
    kind: m[3] as PrintedImport["kind"],
    name: nameOf(m[4]!),
    rest: m[5]!.trim(),
  }));
}

export interface PrintedGlobal {
  name: string;
  mutable: boolean;
  type: ValType;
  /** The initialising instruction: `i32.const 5`. */
  init: string;
}

export function splitGlobals(text: string): PrintedGlobal[] {
  const line = /^ \(global (\$\S+) (?:\(mut (\w+)\)|(\w+)) \(([^()]*)\)\)$/gm;
  return [...text.matchAll(line)].map((m) => ({
    name: nameOf(m[1]!),
    mutable: m[2] !== undefined,
    type: (m[2] ?? m[3]) as ValType,
    init: m[4]!,
  }));
}

export function readTypes(rest: string): ReturnType<typeof types> {
  return types(rest);
}
