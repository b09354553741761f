/** Writes the text of a module, for Binaryen to parse once. */

import type { KFunction, KFunctionImport, KGlobalImport } from "./kobject";
import { resolveBody, type Resolver } from "./symbolic";
import { TABLE, TABLE_SIZE } from "./slots";
import { id, signature } from "./wat";

export function memoryAndTable(): string[] {
  return [
    `(import "env" "memory" (memory $memory 1))`,
    `(import "env" "ftrace" (table ${id(TABLE)} ${TABLE_SIZE} ${TABLE_SIZE} funcref))`,
  ];
}

export function functionImport(i: KFunctionImport): string {
  const type = signature(i.params, i.results);
  return `(import "${i.module}" "${i.base}" (func ${id(i.name)} ${type}))`;
}

export function globalImport(i: KGlobalImport): string {
  const type = i.mutable ? `(mut ${i.type})` : i.type;
  return `(import "${i.module}" "${i.base}" (global ${id(i.name)} ${type}))`;
}

export function functionText(f: KFunction, resolver: Resolver): string {
  const params = f.params.map((type, i) => `(param $${i} ${type})`).join(" ");
  const type = `${params} ${signature([], f.results)}`;
  const head = `(func ${id(resolver.callee(f.name))} ${type}`;
  return `${head}\n${resolveBody(f.body, resolver)}\n)`;
}
