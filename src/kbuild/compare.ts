/**
 * Says of every pair whether it is the same, changed, new or gone.
 * Nothing is judged here: verify.ts decides what of it cannot be patched.
 */

import type { Correlation, Pair } from "./correlate";
import type { ImageData, ImageFunction, ImageGlobal } from "./image";
import type { KData, KFunction, KGlobal } from "./kobject";
import { layoutChanges, type LayoutChange } from "./layoutChanges";
import { signature } from "./wat";

export interface FunctionChange {
  orig: ImageFunction;
  patched: KFunction;
  /** Its callers must pass other arguments or expect another result. */
  resigned: boolean;
}

/** A change of a variable that exists already. */
export interface DataChange {
  name: string;
  /** retyped: another Wasm type. */
  kind: "value" | "size" | "zeroed" | "retyped";
}

export interface Changes {
  changed: FunctionChange[];
  added: KFunction[];
  removed: ImageFunction[];
  /** Path names of functions whose files export them no more. */
  hidden: string[];
  data: DataChange[];
  layouts: LayoutChange[];
}

/** @param named the functions that count as changed, instead of those that are */
export function compare(c: Correlation, named?: string[]): Changes {
  const both = c.functions.filter(isPaired);
  const differs = named
    ? ({ name }: { name: string }) => named.includes(name)
    : ({ orig, patched }: Required<Pair<ImageFunction, KFunction>>) => orig.digest !== patched.digest;
  return {
    changed: both
      .filter(differs)
      .map(({ orig, patched }) => ({ orig, patched, resigned: isResigned(orig, patched) })),
    added: c.functions.filter((p) => !p.orig).map((p) => p.patched!),
    removed: c.functions.filter((p) => !p.patched).map((p) => p.orig!),
    hidden: both.filter(({ orig, patched }) => orig.exported && !patched.exported).map(({ name }) => name),
    data: [...c.globals.flatMap(globalChange), ...c.data.flatMap(dataChange)],
    layouts: c.layouts.flatMap(({ name, orig, patched }) =>
      orig && patched ? layoutChanges(name, orig, patched) : [],
    ),
  };
}

function isPaired<A, B>(p: Pair<A, B>): p is Required<Pair<A, B>> {
  return p.orig !== undefined && p.patched !== undefined;
}

function isResigned(orig: ImageFunction, patched: KFunction): boolean {
  return signature(orig.params, orig.results) !== signature(patched.params, patched.results);
}

function globalChange({ name, orig, patched }: Pair<ImageGlobal, KGlobal>): DataChange[] {
  if (!orig || !patched) return [];
  if (orig.type !== patched.type) return [{ name, kind: "retyped" }];
  if (JSON.stringify(orig.init) === JSON.stringify(patched.init)) return [];
  return [{ name, kind: isZero(orig) ? "zeroed" : "value" }];
}

function isZero(g: ImageGlobal): boolean {
  return "text" in g.init && /\.const (?:0|0x0|-0)$/.test(g.init.text);
}

function dataChange({ name, orig, patched }: Pair<ImageData, KData>): DataChange[] {
  if (!orig || !patched) return [];
  if (orig.size !== patched.bytes.length) return [{ name, kind: "size" }];
  if (orig.digest === patched.digest) return [];
  return [{ name, kind: orig.zero ? "zeroed" : "value" }];
}
