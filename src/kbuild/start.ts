/**
 * The top level of kernel files is declarations only: no code runs when a
 * kernel or a module is loaded, except what someone calls. asc still puts
 * initialisers it cannot express as constants into start functions; this file
 * turns those into initial values and reports everything else.
 */

import type { KInit, KObject } from "./kobject";
import { nameOf } from "./wat";

export class TopLevelCode extends Error {
  constructor(
    readonly file: string,
    readonly code: string,
  ) {
    super(`${file}: top-level code would have to run at load time: ${code}`);
  }
}

/** A function without a name at the top level, `start:fs/x~anonymous|0`, is one like any other. */
export function isStart(name: string): boolean {
  return name === "~start" || (name.startsWith("start:") && !name.includes("~anonymous|"));
}

const SETTING =
  /^\(global\.set (\$\S+)\s+(?:\((\w+\.const [^()\s]+)\)|\(data\.ref ("(?:[^"\\]|\\.)*") (-?\d+)\)|\(global\.get (\$\S+)\))\s*\)\s*/;
const NO_EFFECT =
  /^(?:\(nop\)|\(local \$\S+ \w+\)|\(drop\s+\(\w+\.const [^()\s]+\)\s*\)|\(call \$(?:~start|start:\S+)\))\s*/;

/** Moves what start functions assign into the globals' initial values. */
export function initialValues(object: KObject, starts: ({ name: string; body: string } | null)[]): void {
  for (const start of starts) {
    if (start) assignAll(object, start);
  }
}

function assignAll(object: KObject, start: { name: string; body: string }): void {
  let rest = start.body.trim();
  while (rest) {
    const set = SETTING.exec(rest);
    const match = set ?? NO_EFFECT.exec(rest);
    const value = set && valueOf(object, set);
    const target = set && object.globals.get(nameOf(set[1]!));
    if (!match || (set && (!target || !value))) {
      const code = rest.split("\n").slice(0, 4).join(" ").replace(/\s+/g, " ").replace(/ \)/g, ")").trim();
      throw new TopLevelCode(`${start.name.slice("start:".length)}.ts`, code);
    }
    if (target && value) target.init = value;
    rest = rest.slice(match[0].length);
  }
}

function valueOf(object: KObject, set: RegExpExecArray): KInit | undefined {
  const [, , constant, data, addend, global] = set;
  if (constant) return { text: constant };
  if (data) return { data: JSON.parse(data) as string, addend: Number(addend) };
  return object.globals.get(nameOf(global!))?.init;
}
