// functions.ts - make's functions, `$(name arguments)`.
import type { Expansion } from "./expansion.ts";
import { Stop } from "./failure.ts";
import { findOutside } from "./lines.ts";
import { abspath, dirOf, notDir, patsubst, stemOf, words } from "./words.ts";

type Fn = (vars: Expansion, ...args: string[]) => string | Promise<string>;

const each = (list: string, f: (word: string) => string): string => words(list).map(f).join(" ");

const matchesAny = (patterns: string, word: string): boolean =>
  words(patterns).some((pattern) => stemOf(pattern, word) !== null);

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function slice(name: string, from: string, to: string, list: string): string {
  for (const [which, n] of [
    ["first", from],
    ["second", to],
  ]) {
    if (!/^\s*\d+\s*$/.test(n)) throw new Stop(`non-numeric ${which} argument to '${name}' function: '${n}'`);
  }
  if (Number(from) === 0) throw new Stop(`invalid first argument to '${name}' function: '${from}'`);
  return words(list)
    .slice(Number(from) - 1, Number(to))
    .join(" ");
}

/** Functions whose arguments are expanded first. */
const EAGER: Record<string, Fn> = {
  subst: (_v, from, to, text) => (from === "" ? text : text.replaceAll(from, () => to)),
  patsubst: (_v, pattern, replacement, text) => patsubst(pattern, replacement, text),
  strip: (_v, text) => words(text).join(" "),
  findstring: (_v, find, text) => (text.includes(find) ? find : ""),
  filter: (_v, patterns, list) =>
    words(list)
      .filter((w) => matchesAny(patterns, w))
      .join(" "),
  "filter-out": (_v, patterns, list) =>
    words(list)
      .filter((w) => !matchesAny(patterns, w))
      .join(" "),
  sort: (_v, list) => [...new Set(words(list))].sort(byBytes).join(" "),
  word: (_v, n, list) => {
    if (/^\s*0+\s*$/.test(n)) throw new Stop("first argument to 'word' function must be greater than 0");
    return slice("word", n, n, list);
  },
  wordlist: (_v, from, to, list) => slice("wordlist", from, to, list),
  words: (_v, list) => String(words(list).length),
  firstword: (_v, list) => words(list)[0] ?? "",
  lastword: (_v, list) => words(list).at(-1) ?? "",
  dir: (_v, list) => each(list, dirOf),
  notdir: (_v, list) => each(list, notDir),
  suffix: (_v, list) => words(each(list, (w) => /\.[^./]*$/.exec(w)?.[0] ?? "")).join(" "),
  basename: (_v, list) => each(list, (w) => w.replace(/\.[^./]*$/, "")),
  addsuffix: (_v, suffix, list) => each(list, (w) => w + suffix),
  addprefix: (_v, prefix, list) => each(list, (w) => prefix + w),
  join: (_v, a, b) => {
    const [left, right] = [words(a), words(b)];
    const n = Math.max(left.length, right.length);
    return Array.from({ length: n }, (_, i) => (left[i] ?? "") + (right[i] ?? "")).join(" ");
  },
  wildcard: async (v, patterns) =>
    (await Promise.all(words(patterns).map((p) => v.world.glob(p)))).flat().join(" "),
  abspath: async (v, list) => {
    const here = await v.value("CURDIR");
    return each(list, (w) => abspath(here, w));
  },
  realpath: async (v, list) => {
    const found: string[] = [];
    for (const word of words(list)) found.push(await v.world.realpath(word));
    return found.filter(Boolean).join(" ");
  },
  shell: (v, command) => v.world.shell(command),
  origin: (v, name) => v.origin(name.trim()),
  flavor: (v, name) => v.flavor(name.trim()),
  value: (v, name) => v.raw(name.trim()),
  error: (_v, text) => {
    throw new Stop(text);
  },
  info: async (v, text) => {
    await v.world.say("info", text);
    return "";
  },
  warning: async (v, text) => {
    await v.world.say("warning", text);
    return "";
  },
  call: async (v, name, ...args) => {
    const scope = new Map(args.map((arg, i) => [String(i + 1), arg]));
    return v.withScope(scope.set("0", name.trim()), () => v.expand(v.raw(name.trim())));
  },
};

/** Functions that expand what they need. */
const LAZY: Record<string, Fn> = {
  if: async (v, condition, then, otherwise = "") =>
    (await v.expand(condition.trim())) !== "" ? v.expand(then) : v.expand(otherwise),
  or: async (v, ...args) => {
    for (const arg of args) {
      const value = await v.expand(arg.trim());
      if (value !== "") return value;
    }
    return "";
  },
  and: async (v, ...args) => {
    let value = "";
    for (const arg of args) {
      value = await v.expand(arg.trim());
      if (value === "") return "";
    }
    return value;
  },
  foreach: async (v, name, list, text) => {
    const out: string[] = [];
    const key = (await v.expand(name)).trim();
    for (const word of words(await v.expand(list))) {
      out.push(await v.withScope(new Map([[key, word]]), () => v.expand(text)));
    }
    return out.join(" ");
  },
};

/** The last argument takes all commas that are left. */
const TAKES: Record<string, number> = {
  ...{ subst: 3, patsubst: 3, findstring: 2, filter: 2, "filter-out": 2, word: 2, wordlist: 3 },
  ...{ addsuffix: 2, addprefix: 2, join: 2, if: 3, foreach: 3, call: Infinity, or: Infinity, and: Infinity },
};

export const FUNCTION_NAMES = new Set([...Object.keys(EAGER), ...Object.keys(LAZY)]);

export async function callFunction(vars: Expansion, name: string, text: string): Promise<string> {
  const args = splitArguments(text, TAKES[name] ?? 1);
  const least = TAKES[name] === Infinity ? 1 : name === "if" ? 2 : (TAKES[name] ?? 1);
  if (args.length < least) {
    throw new Stop(`insufficient number of arguments (${args.length}) to function '${name}'`);
  }
  const lazy = LAZY[name];
  if (lazy !== undefined) return lazy(vars, ...args);
  const values: string[] = [];
  for (const arg of args) values.push(await vars.expand(arg));
  return EAGER[name](vars, ...values);
}

function splitArguments(text: string, most: number): string[] {
  const args: string[] = [];
  let from = 0;
  while (args.length < most - 1) {
    const comma = commaOutside(text, from);
    if (comma < 0) break;
    args.push(text.slice(from, comma));
    from = comma + 1;
  }
  return [...args, text.slice(from)];
}

/** Plain parentheses protect commas too. */
function commaOutside(text: string, from: number): number {
  let depth = 0;
  for (let i = findOutside(text, ",()", from); i >= 0; i = findOutside(text, ",()", i + 1)) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")") depth--;
    else if (depth === 0) return i;
  }
  return -1;
}
