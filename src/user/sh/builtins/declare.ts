// declare.ts - declare, typeset, local, export, readonly, unset.

import type { Assigned } from "../assigned.ts";
import { expandAssign, store } from "../assign.ts";
import { expandText } from "../expand.ts";
import { parseScript, parseWord } from "../parse.ts";
import { arrayLiteral, attributeLetters } from "../paramOps.ts";
import { doubleQuote, singleQuote } from "../quote.ts";
import { functionText } from "../printCommand.ts";
import type { Shell } from "../shell.ts";
import { copyList, Attr, isName, type Scope, TemporaryScope, type Var } from "../vars.ts";
import { badOption, type Table } from "./types.ts";

const ATTRIBUTES: Record<string, number> = {
  x: Attr.EXPORT,
  r: Attr.READONLY,
  i: Attr.INTEGER,
  l: Attr.LOWER,
  u: Attr.UPPER,
  n: Attr.NAMEREF,
};

interface Request {
  on: number;
  off: number;
  array: boolean;
  map: boolean;
  global: boolean;
  print: boolean;
  functions: boolean;
  namesOnly: boolean;
  inherit: boolean;
}

const USAGE: Record<string, string> = {
  declare: "declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]",
  typeset: "typeset [-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]",
  local: "local [option] name[=value] ...",
  export: "export [-fn] [name[=value] ...] or export -p",
  readonly: "readonly [-aAf] [name[=value] ...] or readonly -p",
};

/** Options and the rest; assignments in the rest are already expanded. */
function parse(sh: Shell, argv: string[]): { req: Request; rest: (string | Assigned)[]; bad: string | null } {
  const items = sh.declared ?? argv;
  sh.declared = null;
  const req: Request = {
    on: 0,
    off: 0,
    array: false,
    map: false,
    global: false,
    print: false,
    functions: false,
    namesOnly: false,
    inherit: false,
  };
  let i = 1;
  for (; i < items.length; i++) {
    const a = items[i]!;
    if (typeof a !== "string" || !/^[-+]./.test(a)) break;
    if (a === "--") {
      i++;
      break;
    }
    for (const c of a.slice(1)) {
      if (c === "a") req.array = a[0] === "-";
      else if (c === "A") req.map = a[0] === "-";
      else if (c === "g") req.global = true;
      else if (c === "p") req.print = true;
      else if (c === "f") req.functions = true;
      else if (c === "F") req.functions = req.namesOnly = true;
      else if (c === "I") req.inherit = true;
      else if (c === "t") continue;
      else if (ATTRIBUTES[c] === undefined) return { req, rest: [], bad: a[0] + c };
      else if (a[0] === "-") req.on |= ATTRIBUTES[c]!;
      else req.off |= ATTRIBUTES[c]!;
    }
  }
  return { req, rest: items.slice(i), bad: null };
}

/** `name` or `name=value` given as one expanded string. */
function split(arg: string | Assigned): Assigned | { name: string; value: null } {
  if (typeof arg !== "string") return arg;
  const m = /^([A-Za-z_]\w*)(?:\[([^\]]*)\])?(\+?)=([\s\S]*)$/.exec(arg);
  if (!m) return { name: arg, value: null };
  return { name: m[1]!, index: m[2] ?? null, append: m[3] === "+", value: m[4]! };
}

async function declare(sh: Shell, argv: string[]): Promise<number> {
  const name = argv[0]!;
  const { req, rest, bad } = parse(sh, argv);
  if (bad) return badOption(sh, name, bad, USAGE[name]!);
  const local = name === "local";
  if (local && sh.frames.every((f) => f.func === "source"))
    return sh.complain("local: can only be used in a function");
  if (req.functions) return declareFunctions(sh, name, req, rest);
  if (rest.length === 0 || (req.print && !attribute(name))) return print(sh, name, req, rest);
  let status = 0;
  for (const arg of rest) {
    if (local && arg === "-") {
      sh.localOptions = { ...sh.opts };
      continue;
    }
    if ((await declareOne(sh, name, req, arg)) !== 0) status = 1;
  }
  return status;
}

function attribute(command: string): boolean {
  return command === "export" || command === "readonly";
}

function scopeFor(sh: Shell, name: string, req: Request, variable: string): Scope {
  const inFunction = sh.frames.some((f) => f.func !== "source");
  if (req.global || !inFunction) return sh.vars.scopes[0]!;
  if (!attribute(name))
    return sh.vars.scopes.findLast((s) => !(s instanceof TemporaryScope) || (s.context && s.has(variable)))!;
  return (
    sh.vars.scopes.findLast((s) => s.has(variable) && !(s instanceof TemporaryScope)) ?? sh.vars.scopes[0]!
  );
}

/** `x=1 export x` is `export x=1`. */
function withPrefix(sh: Shell, command: string, a: ReturnType<typeof split>): ReturnType<typeof split> {
  const before = sh.vars.scopes.at(-1);
  if (a.value !== null || !/^[er]/.test(command)) return a;
  const value = before instanceof TemporaryScope ? before.get(a.name)?.value : undefined;
  return value === undefined ? a : { name: a.name, value, index: null, append: false };
}

async function declareOne(sh: Shell, command: string, req: Request, arg: string | Assigned): Promise<number> {
  const a = withPrefix(sh, command, split(arg));
  const bare = a.value === null ? a.name.replace(/\[.*\]$/, "") : a.name;
  if (!isName(bare))
    return sh.complain(`${command}: \`${typeof arg === "string" ? arg : bare}': not a valid identifier`);
  const element = a.value !== null && a.index !== null ? `${bare}[${a.index}]` : a.name;
  if (attribute(command) && element !== bare)
    return sh.complain(`${command}: \`${element}': not a valid identifier`);
  const refused = badReference(req, bare, a.value ?? sh.vars.raw(bare)?.value ?? null);
  if (refused) return sh.complain(`${command}: ${refused}`);
  // A name reference stands for its target, unless it is the one declared.
  const target = sh.vars.target(bare);
  if (
    target !== bare &&
    isName(target) &&
    ((req.on | req.off) & Attr.NAMEREF) === 0 &&
    (sh.vars.innermost.has(bare) || command !== "local")
  )
    return declareOne(sh, command, req, a.value === null ? target : { ...a, name: target });
  const scope = scopeFor(sh, command, req, bare);
  const anywhere = scope === sh.vars.scopes[0] && !req.global && !/^[er]/.test(command);
  const before = scope.get(bare) ?? (anywhere ? sh.vars.raw(bare) : undefined);
  if (
    before &&
    (before.attrs & Attr.READONLY) !== 0 &&
    (a.value !== null || (req.off & Attr.READONLY) !== 0)
  ) {
    return sh.complain(`${command}: ${bare}: readonly variable`);
  }
  if (!before && command === "local" && ((sh.vars.raw(bare)?.attrs ?? 0) & Attr.READONLY) !== 0) {
    return sh.complain(`local: ${bare}: readonly variable`);
  }
  if (before && ((req.map && before.list) || (req.array && before.map)))
    return sh.complain(
      `${command}: ${bare}: cannot convert ${req.map ? "indexed to associative" : "associative to indexed"} array`,
    );
  const v = before ?? newVariable(sh, scope, bare);
  if (before === undefined && command === "local" && (req.inherit || sh.shopts["localvar_inherit"]))
    inherit(sh, v, bare, scope);
  if (v.temp && (command === "local" || !attribute(command))) v.temp = "local";
  const sized = a.value === null && a.name !== bare;
  if (command !== "readonly" || a.value !== null) shape(v, sized ? { ...req, array: true } : req);
  v.attrs = (v.attrs & ~req.off) | (req.on & ~Attr.READONLY);
  sh.vars.envVersion++;
  if (a.value !== null) assignTo(sh, scope, v, await compound(sh, v, a), req);
  else if ((req.on & Attr.NAMEREF) !== 0 && v.value !== undefined && !isName(v.value.replace(/\[.*\]$/, "")))
    v.value = undefined;
  v.attrs |= req.on & Attr.READONLY;
  if (sh.opts.allexport) v.attrs |= Attr.EXPORT;
  return 0;
}

/** Why a name reference may not be made, in bash's words. */
function badReference(req: Request, name: string, value: Assigned["value"] | null): string | null {
  if ((req.on & Attr.NAMEREF) === 0 || typeof value !== "string") return null;
  if (value === name) return `${name}: nameref variable self references not allowed`;
  if (value !== "" && !/^[A-Za-z_]\w*(\[.+\])?$/s.test(value))
    return `\`${value}': invalid variable name for name reference`;
  return null;
}

function newVariable(sh: Shell, scope: Scope, name: string): Var {
  const outer = sh.vars.raw(name);
  const hidden = scope === sh.vars.scopes[0] ? undefined : outer;
  // The value of a command's environment (x=1 f) is a local's first value, further in, too.
  const from = hidden?.temp ? hidden : null;
  const v: Var = {
    value: from?.value,
    list: null,
    map: null,
    attrs: (hidden?.attrs ?? 0) & Attr.EXPORT,
    temp: from?.temp,
  };
  scope.set(name, v);
  return v;
}

function inherit(sh: Shell, v: Var, name: string, scope: Scope): void {
  for (const s of sh.vars.scopes) {
    const from = s === scope ? undefined : s.get(name);
    if (from)
      Object.assign(v, {
        ...from,
        list: from.list && copyList(from.list),
        map: from.map && new Map(from.map),
      });
  }
}

function shape(v: Var, req: Request): void {
  if (req.map && !v.map) {
    v.map = new Map(v.value === undefined ? [] : [["0", v.value]]);
    v.bare = v.value === undefined;
    v.value = undefined;
    v.list = null;
  } else if (req.array && !v.list && !v.map) {
    v.list = v.value === undefined ? [] : [v.value];
    v.bare = v.value === undefined;
    v.value = undefined;
  }
}

/** `declare -a "x=(1 2)"`: an array's value may come out of an expansion. */
async function compound(sh: Shell, v: Var, a: Assigned): Promise<Assigned> {
  if (typeof a.value !== "string" || a.index !== null || !(v.list || v.map) || !/^\([\s\S]*\)$/.test(a.value))
    return a;
  const node = parseScript(`${a.name}=${a.value}`).body.items[0]?.node;
  if (node?.t !== "simple" || node.assigns.length !== 1) return a;
  sh.declaring = v.map !== null;
  const value = (await expandAssign(sh, node.assigns[0]!)).value;
  sh.declaring = false;
  return { ...a, value };
}

/** Assigns in exactly this scope: an inner variable must not catch it. */
function assignTo(sh: Shell, scope: Scope, v: Var, a: Assigned, req: Request): void {
  if ((req.on & Attr.NAMEREF) !== 0 && typeof a.value === "string") {
    v.value = a.append ? (v.value ?? "") + a.value : a.value;
    return;
  }
  const scopes = sh.vars.scopes;
  const at = scopes.indexOf(scope);
  sh.vars.scopes = scopes.slice(0, at + 1);
  try {
    store(sh, a);
  } finally {
    sh.vars.scopes = scopes;
  }
}

async function print(sh: Shell, command: string, req: Request, rest: (string | Assigned)[]): Promise<number> {
  let out = "";
  let status = 0;
  const wanted = command === "export" ? Attr.EXPORT : command === "readonly" ? Attr.READONLY : req.on;
  if (rest.length === 0) {
    if (/^[dt]/.test(command) && !req.print && wanted === 0 && !req.array && !req.map) {
      await sh.out(setText(sh));
      return 0;
    }
    const source = command === "local" ? [...sh.vars.innermost] : listed(sh);
    for (const [name, v] of source) {
      if ((v.attrs & wanted) !== wanted || (req.array && !v.list) || (req.map && !v.map)) continue;
      out += describe(name, v);
    }
  }
  for (const arg of rest) {
    const name = typeof arg === "string" ? arg : arg.name;
    const v = command === "local" ? sh.vars.innermost.get(name) : sh.vars.raw(name);
    if (v) out += describe(name, v);
    else status = await sh.complain(`${command}: ${name}: not found`);
  }
  await sh.out(out);
  return status;
}

/** `declare -p`. */
export function describe(name: string, v: Var): string {
  const letters = attributeLetters(v) || "-";
  const head = `declare -${letters} ${name}`;
  if (v.list || v.map) return v.bare ? `${head}\n` : `${head}=${arrayLiteral(v)}\n`;
  return v.value === undefined ? `${head}\n` : `${head}=${doubleQuote(v.value)}\n`;
}

/** All variables, `_` among them. */
function listed(sh: Shell): [string, Var][] {
  const last: [string, Var] = ["_", { value: sh.lastArg, list: null, map: null, attrs: 0 }];
  const others = sh.vars.all().filter(([name]) => name !== "_");
  return [...others, last].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `set` without arguments. */
export function setText(sh: Shell): string {
  let out = "";
  for (const [name, v] of listed(sh)) {
    if (v.list || v.map) out += v.bare ? "" : `${name}=${arrayLiteral(v)}\n`;
    else if (v.value !== undefined)
      out += `${name}=${/^[\w./:@%+,-]*$/.test(v.value) ? v.value : singleQuote(v.value)}\n`;
  }
  return out + [...sh.funcs.values()].map(functionText).join("");
}

async function declareFunctions(
  sh: Shell,
  command: string,
  req: Request,
  rest: (string | Assigned)[],
): Promise<number> {
  const names =
    rest.length > 0 ? rest.map((r) => (typeof r === "string" ? r : r.name)) : [...sh.funcs.keys()].sort();
  const flags = (name: string): string =>
    (sh.readonlyFuncs.has(name) ? "r" : "") + (sh.exportedFuncs.has(name) ? "x" : "");
  let status = 0;
  let out = "";
  for (const name of names) {
    const f = sh.funcs.get(name);
    if (!f) {
      status = 1;
      if (command === "export" || command === "readonly")
        await sh.complain(`${command}: ${name}: not a function`);
    } else if ((req.on & Attr.READONLY) !== 0 || command === "readonly") sh.readonlyFuncs.add(name);
    else if ((req.off & Attr.EXPORT) !== 0) sh.exportedFuncs.delete(name);
    else if (command === "export" || (req.on & Attr.EXPORT) !== 0) sh.exportedFuncs.add(name);
    else if (req.namesOnly) out += rest.length > 0 ? `${name}\n` : `declare -f${flags(name)} ${name}\n`;
    else out += functionText(f);
  }
  await sh.out(out);
  return status;
}

function withAttribute(letter: string): (sh: Shell, argv: string[]) => Promise<number> {
  return (sh, argv) => {
    const remove = letter === "x" && argv.some((a) => /^-[a-z]*n/.test(a));
    const items = sh.declared ?? argv;
    const cleaned = items.flatMap((a) =>
      typeof a === "string" && remove && /^-\w*n/.test(a) ? (a.includes("f") ? ["+x", "-f"] : ["+x"]) : [a],
    );
    const print = cleaned.every(
      (a, i) => i === 0 || a === "-p" || (typeof a === "string" && /^-[aA]$/.test(a)),
    );
    sh.declared = print || remove ? cleaned : [cleaned[0]!, `-${letter}`, ...cleaned.slice(1)];
    return declare(sh, argv);
  };
}

async function unset(sh: Shell, argv: string[]): Promise<number> {
  let kind = "";
  let i = 1;
  for (; /^-[vfn]+$/.test(argv[i] ?? ""); i++) kind = argv[i]!.at(-1)!;
  if (argv[i]?.startsWith("-"))
    return badOption(sh, "unset", argv[i]!.slice(0, 2), "unset [-f] [-v] [-n] [name ...]");
  let status = 0;
  for (const name of argv.slice(i)) {
    try {
      unsetOne(sh, await substitutedSubscript(sh, name), kind);
    } catch (e) {
      status = await sh.complain(`unset: ${(e as Error).message}`);
    }
  }
  return status;
}

/** `unset 'a[$(cmd)]'`: the command runs. */
async function substitutedSubscript(sh: Shell, name: string): Promise<string> {
  const m = /^([A-Za-z_]\w*)\[(.*(?:\$\(|`).*)\]$/s.exec(name);
  return m ? `${m[1]}[${await expandText(sh, parseWord(m[2]!))}]` : name;
}

function unsetOne(sh: Shell, name: string, kind: string): void {
  const m = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(name);
  if (kind === "f") sh.funcs.delete(name);
  else if (m) {
    const v = sh.vars.find(m[1]!);
    if ((m[2] === "@" || m[2] === "*") && !v?.map) sh.vars.unset(m[1]!);
    else sh.vars.unsetElement(m[1]!, sh.subscript(m[1]!, m[2]!));
  } else if (!isName(name)) {
    // Without -v it could have been a function's name.
    if (kind === "v") throw new Error(`\`${name}': not a valid identifier`);
    sh.funcs.delete(name);
  } else if (kind === "n" || sh.vars.raw(name) || sh.vars.dynamic(name) !== undefined)
    sh.vars.unset(kind === "n" ? name : sh.vars.target(name));
  else if (kind === "" && sh.funcs.has(name)) sh.funcs.delete(name);
  if (name === "PATH") sh.hash.clear();
}

export const declarations: Table = {
  declare,
  typeset: declare,
  local: declare,
  export: withAttribute("x"),
  readonly: withAttribute("r"),
  unset,
};
