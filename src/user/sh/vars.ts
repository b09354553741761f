// vars.ts - shell variables: scalars, indexed and associative arrays, scopes.
//
// Scopes are dynamic: a function sees its caller's locals. Dynamic variables
// (RANDOM, LINENO, …) are answered by `dynamic`, given by the shell.

import { encode } from "../text.ts";
import { ShellError } from "./errors.ts";

export const enum Attr {
  EXPORT = 1,
  READONLY = 2,
  INTEGER = 4,
  LOWER = 8,
  UPPER = 16,
  NAMEREF = 32,
}

export interface Var {
  /** Undefined: declared but not set (or an array). */
  value: string | undefined;
  /** Sparse; present for indexed arrays. */
  list: string[] | null;
  map: Map<string, string> | null;
  attrs: number;
  /** An array that was declared and never assigned. */
  bare?: boolean | undefined;
  /** From the environment of a command (`v=1 f`); a `local` takes its value over and makes it stay when unset. */
  temp?: "given" | "local" | undefined;
}

export type Scope = Map<string, Var>;

/** The assignments before one command: nothing is declared local to it. */
export class TemporaryScope extends Map<string, Var> {
  /** Commands run in it (`v=1 eval …`): what they declare anew stays in it. */
  context = false;
}

function newVar(value?: string): Var {
  return { value, list: null, map: null, attrs: 0 };
}

/** From here on an array may be so sparse that its length must not be walked: a[2147483647]=x. */
const SPARSE = 1 << 16;

export function copyList(list: readonly string[]): string[] {
  return list.length < SPARSE ? list.slice() : Object.assign([], list);
}

function copyVar(v: Var): Var {
  return {
    value: v.value,
    list: v.list && copyList(v.list),
    map: v.map ? new Map(v.map) : null,
    attrs: v.attrs,
    bare: v.bare,
    temp: v.temp,
  };
}

export function isName(s: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(s);
}

export class Vars {
  scopes: Scope[] = [new Map()];
  /** Answers variables that have no storage; undefined when `name` is none. */
  dynamic: (name: string) => string | undefined = () => undefined;
  /** Told of an assignment; true when the assignment was taken over. */
  assigned: (name: string, value: string) => boolean = () => false;
  /** Evaluates an integer variable's value. */
  arith: (text: string) => bigint = () => 0n;
  /** Expands a subscript that was kept as text. */
  subscript: (name: string, text: string) => string = (_, text) => text;
  /** Variables of the shell's own that `unset` made ordinary. */
  plain = new Set<string>();
  /** Maps of the shell's own. */
  own: (name: string) => Map<string, string> | undefined = () => undefined;
  /** Grows with every change of an exported variable. */
  envVersion = 0;

  clone(): Vars {
    const copy = new Vars();
    copy.scopes = this.scopes.map((s) => {
      const scope: Scope = s instanceof TemporaryScope ? new TemporaryScope() : new Map();
      if (s instanceof TemporaryScope && s.context) (scope as TemporaryScope).context = true;
      for (const [name, v] of s) scope.set(name, copyVar(v));
      return scope;
    });
    copy.plain = new Set(this.plain);
    copy.envVersion = this.envVersion;
    return copy;
  }

  /** The variable itself, name references followed. */
  find(name: string): Var | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const v = this.scopes[i]!.get(name);
      if (v) return (v.attrs & Attr.NAMEREF) !== 0 && v.value ? this.follow(v, name) : v;
    }
    const map = this.own(name);
    return map && { value: undefined, list: null, map, attrs: 0 };
  }

  private follow(v: Var, name: string): Var | undefined {
    let target = v.value!;
    for (let hops = 0; hops < 8; hops++) {
      if (target === name) return hops === 0 ? v : undefined;
      if (!isName(target)) return this.elementVar(target);
      const next = this.raw(target);
      if (!next || (next.attrs & Attr.NAMEREF) === 0 || !next.value) return next;
      target = next.value;
    }
    return undefined;
  }

  /** `ref` for `a[1]`: the element as a variable of its own. */
  private elementVar(target: string): Var | undefined {
    const m = /^([A-Za-z_]\w*)\[(.+)\]$/s.exec(target);
    const array = m ? this.find(m[1]!) : undefined;
    if (!m || !array) return undefined;
    const list = array.list ?? (array.value === undefined ? [] : [array.value]);
    if (m[2] === "@" || m[2] === "*") return { value: undefined, list, map: array.map, attrs: 0 };
    const key = this.subscript(m[1]!, m[2]!);
    const value = array.map ? array.map.get(key) : list[this.index(m[1]!, key, list)];
    return value === undefined ? undefined : newVar(value);
  }

  /** Without following name references. */
  raw(name: string): Var | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const v = this.scopes[i]!.get(name);
      if (v) return v;
    }
    return undefined;
  }

  /** The name that an assignment to `name` goes to. */
  target(name: string): string {
    let at = name;
    for (let hops = 0; hops < 8; hops++) {
      const v = this.raw(at);
      if (!v || (v.attrs & Attr.NAMEREF) === 0 || !v.value) return at;
      at = v.value;
      if (at === name && hops > 0) throw new ShellError(`warning: ${name}: circular name reference`);
    }
    return at;
  }

  /** Where elements of `name` go; a reference to one element has none. */
  private arrayTarget(name: string): string {
    const to = this.target(name);
    if (to.includes("[")) throw new ShellError(`\`${to}': not a valid identifier`);
    return to;
  }

  /** The scalar value (element 0 of an array), or undefined when unset. */
  get(name: string): string | undefined {
    const v = this.find(name);
    if (v) {
      if (v.value !== undefined) return v.value;
      if (v.list) return v.list[0];
      if (v.map) return v.map.get("0");
    }
    return this.dynamic(name);
  }

  private create(name: string): Var {
    const v = newVar();
    this.scopes[0]!.set(name, v);
    return v;
  }

  private writable(name: string): Var {
    const v = this.find(name) ?? this.create(name);
    if ((v.attrs & Attr.READONLY) !== 0) throw new ShellError(`${name}: readonly variable`);
    if ((v.attrs & Attr.EXPORT) !== 0) this.envVersion++;
    if (v.bare) v.bare = false;
    return v;
  }

  private shaped(v: Var, value: string): string {
    if (v.attrs === 0) return value;
    if ((v.attrs & Attr.INTEGER) !== 0) return String(this.arith(value));
    if ((v.attrs & Attr.LOWER) !== 0) return value.toLowerCase();
    if ((v.attrs & Attr.UPPER) !== 0) return value.toUpperCase();
    return value;
  }

  set(name: string, value: string, append = false): void {
    const to = this.target(name);
    if (to !== name && to.includes("[")) {
      const m = /^(\w+)\[(.*)\]$/.exec(to);
      if (m) return this.setElement(m[1]!, this.subscript(m[1]!, m[2]!), value, append);
    }
    if (this.assigned(to, value)) return;
    const v = this.writable(to);
    if (v.list) v.list[0] = this.joined(v, v.list[0], value, append);
    else if (v.map) v.map.set("0", this.joined(v, v.map.get("0"), value, append));
    else v.value = this.joined(v, v.value, value, append);
  }

  private joined(v: Var, old: string | undefined, value: string, append: boolean): string {
    if (!append) return this.shaped(v, value);
    if ((v.attrs & Attr.INTEGER) !== 0) return this.shaped(v, `${old ?? 0}+(${value})`);
    return this.shaped(v, (old ?? "") + value);
  }

  setElement(name: string, key: string, value: string, append = false): void {
    const v = this.writable(this.arrayTarget(name));
    if (v.map) {
      v.map.set(key, this.joined(v, v.map.get(key), value, append));
      return;
    }
    const list = this.asList(v);
    const i = this.index(name, key, list);
    list[i] = this.joined(v, list[i], value, append);
  }

  private asList(v: Var): string[] {
    if (!v.list) {
      v.list = v.value === undefined ? [] : [v.value];
      v.value = undefined;
    }
    return v.list;
  }

  /** A subscript's position; negative ones count from the end. */
  index(name: string, key: string, list: readonly string[]): number {
    const n = Number(this.arith(key));
    const i = n < 0 ? list.length + n : n;
    if (i < 0) throw new ShellError(`${name}[${key}]: bad array subscript`);
    return i;
  }

  setList(name: string, items: string[], append = false): void {
    const v = this.writable(this.arrayTarget(name));
    const list = append ? this.asList(v) : [];
    for (const item of items) list.push(this.shaped(v, item));
    v.list = list;
    v.value = undefined;
    v.map = null;
  }

  /** The indexed array behind a compound assignment, emptied unless appending. */
  beginArray(name: string, append: boolean): Var {
    const v = this.writable(this.arrayTarget(name));
    if (v.map) {
      if (!append) v.map = new Map();
    } else if (append) this.asList(v);
    else {
      v.list = [];
      v.value = undefined;
    }
    return v;
  }

  unset(name: string): void {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const v = this.scopes[i]!.get(name);
      if (!v) continue;
      if ((v.attrs & Attr.READONLY) !== 0) throw new ShellError(`${name}: cannot unset: readonly variable`);
      if ((v.attrs & Attr.EXPORT) !== 0) this.envVersion++;
      // A local stays, unset, so that the caller's does not shine through.
      if (i > 0 && v.temp !== "given" && i >= this.scopes.indexOf(this.innermost))
        this.scopes[i]!.set(name, newVar());
      else this.scopes[i]!.delete(name);
      return;
    }
    if (this.dynamic(name) !== undefined) this.plain.add(name);
  }

  unsetElement(name: string, key: string): void {
    const v = this.find(name);
    if (!v) return;
    if ((v.attrs & Attr.READONLY) !== 0) throw new ShellError(`${name}: cannot unset: readonly variable`);
    if (v.map) v.map.delete(key);
    else if (v.list) {
      const i = this.index(name, key, v.list);
      delete v.list[i];
      if (v.list.length >= SPARSE) v.list.length = Number(Object.keys(v.list).at(-1) ?? -1) + 1;
      while (v.list.length > 0 && !(v.list.length - 1 in v.list)) v.list.length--;
    } else if (Number(this.arith(key)) === 0) this.unset(name);
  }

  /** Gives `name` attributes, making it when needed. */
  declare(name: string, attrs: number, scope: Scope = this.scopes[0]!): Var {
    let v = scope.get(name);
    if (!v) scope.set(name, (v = newVar()));
    v.attrs |= attrs;
    this.envVersion++;
    return v;
  }

  /** That of the function being run, or the global one. */
  get innermost(): Scope {
    return this.scopes.findLast((s) => !(s instanceof TemporaryScope))!;
  }

  /** Every visible variable, innermost first wins, sorted by name. */
  all(): [string, Var][] {
    const seen = new Map<string, Var>();
    for (const s of this.scopes) for (const [name, v] of s) seen.set(name, v);
    return [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  names(prefix: string): string[] {
    return this.all()
      .filter(
        ([n, v]) => n.startsWith(prefix) && (v.value !== undefined || v.list !== null || v.map !== null),
      )
      .map(([n]) => n);
  }

  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const s of this.scopes)
      for (const [name, v] of s) {
        // A local that is not exported, or has no value, hides no exported variable from programs.
        if ((v.attrs & Attr.EXPORT) === 0 || v.bare) continue;
        const array = v.list !== null || v.map !== null;
        const value = array ? undefined : (v.value ?? this.dynamic(name));
        if (array) env.delete(name);
        else if (value !== undefined) env.set(name, value);
      }
    return env;
  }
}

/** `declare -p`'s value syntax. */
export function arrayElements(v: Var): [string, string][] {
  if (v.map) return [...v.map].reverse().sort(([a], [b]) => bucket(a) - bucket(b));
  const out: [string, string][] = [];
  if (v.list && v.list.length >= SPARSE) return Object.entries(v.list);
  v.list?.forEach((s, i) => out.push([String(i), s]));
  return out;
}

/** Bash lists an associative array by its hash table: FNV-1 in 1024 buckets, the newest first. */
function bucket(key: string): number {
  let h = 0x811c9dc5;
  for (const b of encode(key)) h = Math.imul(h, 0x01000193) ^ b;
  return h & 1023;
}
