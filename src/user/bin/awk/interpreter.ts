// interpreter.ts - runs an awk program.

import type { Command } from "../command.ts";
import type { Expr, Func, Program, Rule, Stmt } from "./ast.ts";
import { callBuiltin } from "./builtins.ts";
import { type Local, Memory } from "./memory.ts";
import { type Reader, Streams } from "./streams.ts";
import { AwkError, compare, fromInput, type Table, toBool, toNumber, type Value } from "./values.ts";

/** How a statement ended. */
type Outcome = null | "next" | "nextfile" | "break" | "continue" | "return";

export class AwkExit extends Error {}

export class Awk extends Memory {
  private returned: Value = undefined;
  private inRange = new Map<Rule, boolean>();
  private main: Reader | null = null;
  private argAt = 1;
  status = 0;
  seed = 0;
  readonly streams: Streams;

  constructor(
    readonly c: Command,
    private readonly program: Program,
  ) {
    super();
    this.streams = new Streams(c);
    for (const [k, v] of [
      ["FS", " "],
      ["OFS", " "],
      ["ORS", "\n"],
      ["RS", "\n"],
      ["SUBSEP", "\x1c"],
      ["CONVFMT", "%.6g"],
      ["OFMT", "%.6g"],
    ]) {
      this.vars.set(k!, v);
    }
    for (const k of ["NR", "FNR", "NF", "RSTART"]) this.vars.set(k, 0);
    this.vars.set("RLENGTH", -1);
    this.tables.set("ENVIRON", new Map([...c.env].map(([k, v]) => [k, fromInput(v)])));
  }

  /** A regular expression operand: a literal, or a string that holds one. */
  async pattern(e: Expr, flags = ""): Promise<RegExp> {
    return this.regex(e.t === "regex" ? e.re : this.text(await this.eval(e)), flags);
  }

  private async key(keys: Expr[]): Promise<string> {
    const parts: string[] = [];
    for (const k of keys) parts.push(this.text(await this.eval(k)));
    return parts.join(this.text(this.vars.get("SUBSEP")));
  }

  async assign(to: Expr, v: Value): Promise<void> {
    if (to.t === "var") this.set(to.name, v);
    else if (to.t === "field") this.setField(toNumber(await this.eval(to.e)), v);
    else if (to.t === "index") this.table(to.name).set(await this.key(to.keys), v);
    else throw new AwkError("assignment to something that is no variable");
  }

  // ---- expressions

  async eval(e: Expr): Promise<Value> {
    switch (e.t) {
      case "num":
        return e.v;
      case "str":
        return e.v;
      case "group":
        return this.eval(e.e);
      case "regex":
        return Number(this.regex(e.re).test(this.text(this.field(0))));
      case "var":
        return this.get(e.name);
      case "field":
        return this.field(toNumber(await this.eval(e.e)));
      case "index": {
        const t = this.table(e.name);
        const k = await this.key(e.keys);
        if (!t.has(k)) t.set(k, undefined);
        return t.get(k);
      }
      case "in":
        return Number(this.table(e.name).has(await this.key(e.keys)));
      case "cond":
        return this.eval(toBool(await this.eval(e.test)) ? e.yes : e.no);
      case "match": {
        const s = this.text(await this.eval(e.a));
        return Number((await this.pattern(e.b)).test(s) !== e.not);
      }
      case "bin":
        return this.binary(e);
      default:
        return this.evalMore(e);
    }
  }

  private async evalMore(e: Expr): Promise<Value> {
    switch (e.t) {
      case "un": {
        const v = await this.eval(e.e);
        return e.op === "!" ? Number(!toBool(v)) : e.op === "-" ? -toNumber(v) : toNumber(v);
      }
      case "assign": {
        const v = await this.eval(e.e);
        const result = e.op === "" ? v : arithmetic(e.op, toNumber(await this.eval(e.to)), toNumber(v));
        await this.assign(e.to, result);
        return result;
      }
      case "step": {
        const old = toNumber(await this.eval(e.to));
        await this.assign(e.to, old + e.by);
        return e.before ? old + e.by : old;
      }
      case "getline":
        return this.getline(e);
      case "call": {
        const f = this.program.funcs.get(e.name);
        return f ? this.callFunction(f, e.args) : callBuiltin(this, e.name, e.args);
      }
      default:
        throw new AwkError(`cannot evaluate ${e.t}`);
    }
  }

  private async binary(e: Expr & { t: "bin" }): Promise<Value> {
    if (e.op === "&&") return Number(toBool(await this.eval(e.a)) && toBool(await this.eval(e.b)));
    if (e.op === "||") return Number(toBool(await this.eval(e.a)) || toBool(await this.eval(e.b)));
    const a = await this.eval(e.a);
    const b = await this.eval(e.b);
    switch (e.op) {
      case " ":
        return this.text(a) + this.text(b);
      case "<":
      case "<=":
      case "==":
      case "!=":
      case ">":
      case ">=":
        return Number(
          holds(
            e.op,
            compare(a, b, (v) => this.text(v)),
          ),
        );
      default:
        return arithmetic(e.op, toNumber(a), toNumber(b));
    }
  }

  private async callFunction(f: Func, args: Expr[]): Promise<Value> {
    const frame = new Map<string, Local>();
    const shared: [string, Local][] = [];
    for (const [i, name] of f.params.entries()) {
      const arg = args[i];
      const local: Local = { value: undefined, table: null };
      if (arg?.t === "var" && this.isTable(arg.name)) local.table = this.table(arg.name);
      else if (arg?.t === "var" && this.get(arg.name) === undefined) shared.push([arg.name, local]);
      else if (arg) local.value = await this.eval(arg);
      frame.set(name, local);
    }
    if (this.frames.length > 500) throw new AwkError("function call nesting too deep");
    this.frames.push(frame);
    this.returned = undefined;
    await Promise.resolve();
    await this.exec(f.body);
    this.frames.pop();
    // An unset variable that the function used as an array is one for the caller, too.
    for (const [name, local] of shared) if (local.table) this.adopt(name, local.table);
    const v = this.returned;
    this.returned = undefined;
    return v;
  }

  private adopt(name: string, table: Table): void {
    const local = this.frames.at(-1)?.get(name);
    if (local) local.table = table;
    else this.tables.set(name, table);
  }

  private isTable(name: string): boolean {
    const local = this.frames.at(-1)?.get(name);
    return local ? local.table !== null : this.tables.has(name);
  }

  // ---- input

  private async getline(e: Expr & { t: "getline" }): Promise<Value> {
    if (e.kind === "main") {
      const line = await this.nextRecord();
      if (line === null) return 0;
      if (e.to) await this.assign(e.to, fromInput(line));
      else this.setRecord(line);
      return 1;
    }
    const r = await this.streams.reader(this.text(await this.eval(e.source!)), e.kind === "cmd");
    if (!r) return -1;
    const line = await this.streams.record(r, this.text(this.vars.get("RS")));
    if (line === null) return 0;
    if (e.kind === "cmd") this.count(false);
    if (e.to) await this.assign(e.to, fromInput(line));
    else this.setRecord(line);
    return 1;
  }

  private count(file: boolean): void {
    this.vars.set("NR", toNumber(this.vars.get("NR")) + 1);
    if (file) this.vars.set("FNR", toNumber(this.vars.get("FNR")) + 1);
  }

  /** The next record of the files in ARGV; null when there is none. */
  async nextRecord(): Promise<string | null> {
    for (;;) {
      this.main ??= await this.nextFile();
      if (!this.main) return null;
      const line = await this.streams.record(this.main, this.text(this.vars.get("RS")));
      if (line !== null) {
        this.count(true);
        return line;
      }
      await this.skipFile();
    }
  }

  private async skipFile(): Promise<void> {
    if (this.main && this.main.fd > 0) await this.c.sys.close(this.main.fd);
    this.main = null;
  }

  private async nextFile(): Promise<Reader | null> {
    const argv = this.table("ARGV");
    const argc = toNumber(this.vars.get("ARGC"));
    while (this.argAt < argc) {
      const arg = this.text(argv.get(String(this.argAt++)));
      if (arg === "") continue;
      const m = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(arg);
      if (m) {
        this.set(m[1]!, fromInput(m[2]!));
        continue;
      }
      this.anyFile = true;
      const r = await this.streams.fromFile(arg);
      if (r) return this.startFile(arg, r);
      await this.c.warn(`cannot open ${arg} (No such file or directory)`, 2);
      this.status = 2;
    }
    if (this.anyFile) return null;
    this.anyFile = true;
    return this.startFile("", (await this.streams.fromFile("-"))!);
  }

  private anyFile = false;

  private startFile(name: string, r: Reader): Reader {
    this.vars.set("FILENAME", name);
    this.vars.set("FNR", 0);
    return r;
  }

  // ---- statements

  private async exec(s: Stmt): Promise<Outcome> {
    switch (s.t) {
      case "expr":
        await this.eval(s.e);
        return null;
      case "print":
        await this.print(s);
        return null;
      case "block":
        for (const x of s.body) {
          const r = await this.exec(x);
          if (r) return r;
        }
        return null;
      case "if":
        if (toBool(await this.eval(s.test))) return this.exec(s.yes);
        return s.no ? this.exec(s.no) : null;
      case "while":
      case "do":
      case "for":
        return this.loop(s);
      case "forin":
        for (const k of [...this.table(s.array).keys()]) {
          this.set(s.name, fromInput(k));
          const r = await this.exec(s.body);
          if (r === "break") break;
          if (r && r !== "continue") return r;
        }
        return null;
      case "delete":
        if (s.keys) this.table(s.name).delete(await this.key(s.keys));
        else this.table(s.name).clear();
        return null;
      case "return":
        this.returned = s.e ? await this.eval(s.e) : undefined;
        return "return";
      case "exit":
        if (s.e) this.status = toNumber(await this.eval(s.e)) & 255;
        throw new AwkExit();
      default:
        return s.t;
    }
  }

  private async loop(s: Stmt & { t: "while" | "do" | "for" }): Promise<Outcome> {
    if (s.t === "for" && s.init) await this.exec(s.init);
    for (let first = s.t === "do", turns = 1; ; first = false, turns++) {
      if (!first && s.test && !toBool(await this.eval(s.test))) return null;
      const r = await this.exec(s.body);
      if (r === "break") return null;
      if (r && r !== "continue") return r;
      if (s.t === "for" && s.step) await this.exec(s.step);
      // A loop without output makes no system call: it must still be stoppable.
      if (turns % 1000 === 0) await this.c.sys.sched_yield();
    }
  }

  private async print(s: Stmt & { t: "print" }): Promise<void> {
    let text: string;
    if (s.format) text = this.text(await callBuiltin(this, "sprintf", s.args));
    else if (s.args.length === 0) text = this.text(this.field(0)) + this.text(this.vars.get("ORS"));
    else {
      const parts: string[] = [];
      for (const a of s.args) parts.push(this.outputText(await this.eval(a)));
      text = parts.join(this.text(this.vars.get("OFS"))) + this.text(this.vars.get("ORS"));
    }
    if (s.redirect) await this.streams.write(this.text(await this.eval(s.redirect.to)), s.redirect.op, text);
    else await this.c.out(text);
  }

  private async selects(rule: Rule): Promise<boolean> {
    if (rule.kind === "always") return true;
    if (rule.kind === "pattern") return toBool(await this.eval(rule.pattern!));
    if (rule.kind !== "range") return false;
    if (!this.inRange.get(rule)) {
      if (!toBool(await this.eval(rule.pattern!))) return false;
      this.inRange.set(rule, true);
    }
    if (toBool(await this.eval(rule.end!))) this.inRange.set(rule, false);
    return true;
  }

  private async rules(kind: "BEGIN" | "END"): Promise<void> {
    for (const r of this.program.rules) if (r.kind === kind) await this.exec(r.body!);
  }

  async run(): Promise<number> {
    try {
      await this.rules("BEGIN");
      const reads = this.program.rules.some((r) => r.kind !== "BEGIN");
      if (reads) await this.records();
    } catch (e) {
      if (!(e instanceof AwkExit)) throw e;
    }
    try {
      await this.rules("END");
    } catch (e) {
      if (!(e instanceof AwkExit)) throw e;
    }
    await this.streams.closeAll();
    return this.status;
  }

  private async records(): Promise<void> {
    for (let line = await this.nextRecord(); line !== null; line = await this.nextRecord()) {
      this.setRecord(line);
      for (const rule of this.program.rules) {
        if (!(await this.selects(rule))) continue;
        const r = rule.body
          ? await this.exec(rule.body)
          : await this.print({ t: "print", args: [], format: false, redirect: null }).then(() => null);
        if (r === "nextfile") await this.skipFile();
        if (r === "next" || r === "nextfile") break;
      }
    }
  }
}

function holds(op: string, order: number): boolean {
  switch (op) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

function arithmetic(op: string, a: number, b: number): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "^":
      return a ** b;
    default:
      if (b === 0) throw new AwkError(op === "/" ? "division by zero" : "division by zero in %");
      return op === "/" ? a / b : a % b;
  }
}
