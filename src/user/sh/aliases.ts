// aliases.ts - replaces aliases in a text before it is run.
//
// Done on the text, since the parser knows no aliases. Difference from bash: an
// alias cannot open a construct (`alias begin='if true; then'`).

import type { CommandNode, List, Node, Simple } from "./ast.ts";
import { parseScript } from "./parse.ts";

export function expandAliases(source: string, aliases: ReadonlyMap<string, string>): string {
  if (aliases.size === 0) return source;
  const found: Simple[] = [];
  walkList(parseScript(source).body, found);
  let out = source;
  for (const s of found.sort((a, b) => b.pos - a.pos)) {
    const name = source.slice(s.pos, s.end);
    if (!aliases.has(name)) continue;
    const value = resolve(name, aliases, []);
    out = out.slice(0, s.pos) + value + following(out.slice(s.end), value, aliases);
  }
  return out;
}

/** The alias's text, its own first word expanded too. */
function resolve(name: string, aliases: ReadonlyMap<string, string>, seen: string[]): string {
  const value = aliases.get(name)!;
  const first = /^\s*([^\s;|&<>()$"'`\\]+)/.exec(value)?.[1];
  if (first === undefined || first === name || seen.includes(first) || !aliases.has(first)) return value;
  return resolve(first, aliases, [...seen, name]) + value.slice(value.indexOf(first) + first.length);
}

/** An alias that ends in a blank lets the next word be one as well. */
function following(rest: string, value: string, aliases: ReadonlyMap<string, string>): string {
  if (!/[ \t]$/.test(value)) return rest;
  const m = /^(\s*)([^\s;|&<>()$"'`\\]+)/.exec(rest);
  if (!m || !aliases.has(m[2]!)) return rest;
  const next = resolve(m[2]!, aliases, []);
  return m[1]! + next + following(rest.slice(m[0].length), next, aliases);
}

function walkList(list: List, out: Simple[]): void {
  for (const item of list.items) walk(item.node, out);
}

function walk(node: Node | CommandNode, out: Simple[]): void {
  switch (node.t) {
    case "simple":
      if (node.words.length > 0) out.push(node);
      break;
    case "andor":
      for (const n of node.nodes) walk(n, out);
      break;
    case "pipeline":
      for (const n of node.commands) walk(n, out);
      break;
    case "redirected":
      walk(node.node, out);
      break;
    case "function":
    case "coproc":
      walk(node.body as CommandNode, out);
      break;
    case "if":
      for (const arm of node.arms) {
        walkList(arm.test, out);
        walkList(arm.body, out);
      }
      if (node.otherwise) walkList(node.otherwise, out);
      break;
    case "while":
      walkList(node.test, out);
      walkList(node.body, out);
      break;
    case "case":
      for (const i of node.items) walkList(i.body, out);
      break;
    case "group":
    case "subshell":
    case "for":
    case "arithfor":
    case "select":
      walkList(node.body, out);
  }
}
