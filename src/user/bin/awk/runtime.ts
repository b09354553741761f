// runtime.ts - what awk's builtin functions need of the interpreter.

import type { Command } from "../command.ts";
import type { Expr } from "./ast.ts";
import type { Streams } from "./streams.ts";
import type { Table, Value } from "./values.ts";

export interface Awk {
  readonly c: Command;
  readonly vars: Map<string, Value>;
  readonly tables: Map<string, Table>;
  readonly streams: Streams;
  /** State of rand(). */
  seed: number;
  get(name: string): Value;
  table(name: string): Table;
  text(v: Value): string;
  eval(e: Expr): Promise<Value>;
  pattern(e: Expr, flags?: string): Promise<RegExp>;
  regex(source: string, flags?: string): RegExp;
  assign(to: Expr, v: Value): Promise<void>;
  field(n: number): Value;
  splitText(s: string, fs: string): string[];
}
