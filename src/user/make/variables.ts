// variables.ts - make's variables: flavours, where they come from, and their expansion.
import type { Expansion, World } from "./expansion.ts";
import { Stop } from "./failure.ts";
import { callFunction, FUNCTION_NAMES } from "./functions.ts";
import { findOutside } from "./lines.ts";
import { patsubst } from "./words.ts";

/** Later ones win; a value of the command line stays. */
export type Origin = "default" | "environment" | "file" | "command line" | "override" | "automatic";

interface Variable {
  value: string;
  /** Expanded when it is used, not when it was set. */
  recursive: boolean;
  origin: Origin;
  /** Where it was set. */
  place: string;
}

export type Operator = "=" | ":=" | "::=" | "?=" | "+=" | "!=";

export class Variables implements Expansion {
  readonly #table = new Map<string, Variable>();
  /** Names given to the recipes' environment. */
  readonly exported = new Set<string>();
  exportAll = false;
  /** The line that is being read or run: `Makefile:3`. */
  place = "";
  /** Variables being expanded: one that meets itself never ends. */
  readonly #busy = new Set<string>();

  constructor(readonly world: World) {}

  origin(name: string): string {
    return this.#table.get(name)?.origin ?? "undefined";
  }

  flavor(name: string): string {
    const v = this.#table.get(name);
    return v === undefined ? "undefined" : v.recursive ? "recursive" : "simple";
  }

  names(): string[] {
    return [...this.#table.keys()];
  }

  raw(name: string): string {
    return this.#table.get(name)?.value ?? "";
  }

  /** Sets without asking whether something stronger has set it. */
  put(name: string, value: string, origin: Origin, recursive = false): void {
    this.#table.set(name, { value, origin, recursive, place: this.place });
  }

  /** Puts back what a scope had changed. */
  async withScope<T>(scoped: Map<string, string>, body: () => Promise<T>): Promise<T> {
    const saved = [...scoped.keys()].map((name) => [name, this.#table.get(name)] as const);
    for (const [name, value] of scoped) this.put(name, value, "automatic");
    try {
      return await body();
    } finally {
      for (const [name, old] of saved) {
        if (old === undefined) this.#table.delete(name);
        else this.#table.set(name, old);
      }
    }
  }

  /** An assignment of a makefile or the command line. */
  async assign(name: string, op: Operator, text: string, origin: Origin): Promise<void> {
    const old = this.#table.get(name);
    if (old?.origin === "command line" && origin !== "command line" && origin !== "override") return;
    if (op === "?=" && old !== undefined) return;
    if (op === "+=" && old !== undefined) {
      const more = old.recursive ? text : await this.expand(text);
      return this.put(name, old.value === "" ? more : `${old.value} ${more}`, origin, old.recursive);
    }
    if (op === "!=") return this.put(name, await this.world.shell(await this.expand(text)), origin);
    const simple = op === ":=" || op === "::=";
    this.put(name, simple ? await this.expand(text) : text, origin, !simple);
  }

  async value(name: string): Promise<string> {
    const v = this.#table.get(name);
    if (v === undefined) return "";
    if (!v.recursive) return v.value;
    if (this.#busy.has(name)) {
      throw new Stop(`Recursive variable '${name}' references itself (eventually)`, v.place);
    }
    this.#busy.add(name);
    try {
      return await this.expand(v.value);
    } finally {
      this.#busy.delete(name);
    }
  }

  /** All references of a text replaced by their values. */
  async expand(text: string): Promise<string> {
    let out = "";
    let at = 0;
    for (let dollar = text.indexOf("$"); dollar >= 0; dollar = text.indexOf("$", at)) {
      out += text.slice(at, dollar);
      const next = text[dollar + 1];
      if (next === undefined) return `${out}$`;
      if (next === "(" || next === "{") {
        const end = closing(text, dollar + 1);
        out += await this.#reference(text.slice(dollar + 2, end));
        at = end + 1;
      } else {
        out += next === "$" ? "$" : await this.value(next);
        at = dollar + 2;
      }
    }
    return out + text.slice(at);
  }

  /** What stands between `$(` and `)`: a function call, a substitution, or a name. */
  async #reference(text: string): Promise<string> {
    const call = /^([a-z-]+)(?:\s+([\s\S]*))?$/.exec(text);
    if (call && FUNCTION_NAMES.has(call[1]) && call[2] !== undefined) {
      return callFunction(this, call[1], call[2]);
    }
    const colon = findOutside(text, ":");
    const equals = colon < 0 ? -1 : findOutside(text, "=", colon);
    if (equals < 0) return this.value(await this.expand(text));
    const name = await this.expand(text.slice(0, colon));
    const from = await this.expand(text.slice(colon + 1, equals));
    const to = await this.expand(text.slice(equals + 1));
    const [pattern, replacement] = from.includes("%") ? [from, to] : [`%${from}`, `%${to}`];
    return patsubst(pattern, replacement, await this.value(name));
  }
}

function closing(text: string, open: number): number {
  const [up, down] = text[open] === "(" ? ["(", ")"] : ["{", "}"];
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === up) depth++;
    else if (text[i] === down && --depth === 0) return i;
  }
  throw new Stop("unterminated variable reference");
}
