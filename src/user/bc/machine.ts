// machine.ts - runs bc's tree.

import {
  add,
  BcError,
  compare,
  type Decimal,
  digitCount,
  divide,
  formatDecimal,
  multiply,
  negate,
  ONE,
  parseDecimal,
  power,
  remainder,
  rescale,
  squareRoot,
  subtract,
  whole,
  ZERO,
} from "./decimal.ts";
import { arcTangent, bessel, cosine, exponential, logarithm, sine } from "./mathLibrary.ts";
import type { Definition, Expr, Stmt } from "./parse.ts";

class Break extends Error {}
class Continue extends Error {}
class Return extends Error {
  constructor(readonly value: Decimal) {
    super();
  }
}
export class Quit extends Error {}

export interface Output {
  write(text: string): Promise<void>;
  /** A line of standard input, for read(); null at its end. */
  read(): Promise<string | null>;
  /** Called now and then: a loop without end must end on a signal. */
  breathe(): Promise<void>;
}

const truth = (yes: boolean): Decimal => (yes ? ONE : ZERO);

export class BcMachine {
  private readonly names = new Map<string, Decimal>();
  private readonly arrays = new Map<string, Map<number, Decimal>>();
  private readonly functions = new Map<string, Definition>();
  private scale = 0;
  private ibase = 10;
  private obase = 10;
  private last: Decimal = ZERO;
  private column = 0;
  private steps = 0;

  constructor(
    private readonly io: Output,
    private readonly library: boolean,
  ) {
    if (library) this.scale = 20;
  }

  async run(program: Stmt[]): Promise<void> {
    try {
      for (const s of program) await this.statement(s);
    } catch (error) {
      if (error instanceof Break || error instanceof Continue || error instanceof Return) return;
      throw error;
    }
  }

  private async statement(s: Stmt): Promise<void> {
    if ((++this.steps & 0x3ff) === 0) await this.io.breathe();
    switch (s.kind) {
      case "expr":
        return this.show(s.expr);
      case "string":
        return this.write(s.text);
      case "print":
        return this.print(s.items);
      case "block":
        for (const inner of s.body) await this.statement(inner);
        return;
      case "if":
        if (truthy(await this.value(s.test))) await this.statement(s.then);
        else if (s.otherwise) await this.statement(s.otherwise);
        return;
      case "while":
        return this.loop(s.test, null, s.body);
      case "for":
        if (s.init) await this.value(s.init);
        return this.loop(s.test, s.step, s.body);
      case "define":
        this.functions.set(s.fn.name, s.fn);
        return;
      case "return":
        throw new Return(s.value ? await this.value(s.value) : ZERO);
      case "break":
        throw new Break();
      case "continue":
        throw new Continue();
      case "halt":
      case "quit":
        throw new Quit();
      case "limits":
        return this.write(
          "BC_BASE_MAX     = 2147483647\nBC_DIM_MAX      = 16777215\nBC_SCALE_MAX    = 2147483647\nBC_STRING_MAX   = 2147483647\n",
        );
      case "warranty":
        return;
    }
  }

  private async loop(test: Expr | null, step: Expr | null, body: Stmt): Promise<void> {
    while (test === null || truthy(await this.value(test))) {
      try {
        await this.statement(body);
      } catch (error) {
        if (error instanceof Break) return;
        if (!(error instanceof Continue)) throw error;
      }
      if (step) await this.value(step);
    }
  }

  /** An expression on its own is printed, unless it only assigns. */
  private async show(expr: Expr): Promise<void> {
    const value = await this.value(expr);
    if (expr.kind === "assign") return;
    this.last = value;
    await this.write(`${formatDecimal(value, this.obase)}\n`, true);
  }

  private async print(items: (Expr | string)[]): Promise<void> {
    const escapes: Record<string, string> = {
      n: "\n",
      t: "\t",
      a: "\x07",
      b: "\b",
      f: "\f",
      r: "\r",
      q: '"',
      "\\": "\\",
    };
    for (const item of items) {
      if (typeof item === "string")
        await this.write(item.replace(/\\(.)/g, (all, c: string) => escapes[c] ?? all));
      else {
        this.last = await this.value(item);
        await this.write(formatDecimal(this.last, this.obase), true);
      }
    }
  }

  /** Numbers that are too long for a line are broken with a backslash. */
  private async write(text: string, breaks = false): Promise<void> {
    let out = "";
    for (const c of text) {
      if (breaks && c !== "\n" && this.column >= 68) {
        out += "\\\n";
        this.column = 0;
      }
      out += c;
      this.column = c === "\n" ? 0 : this.column + 1;
    }
    await this.io.write(out);
  }

  async value(e: Expr): Promise<Decimal> {
    switch (e.kind) {
      case "number":
        return parseDecimal(e.text, this.ibase);
      case "name":
      case "element":
        return this.load(e);
      case "group":
        return this.value(e.inner);
      case "unary": {
        const arg = await this.value(e.arg);
        return e.op === "-" ? negate(arg) : truth(!truthy(arg));
      }
      case "step": {
        const old = await this.load(e.target);
        const changed = add(old, whole(e.by));
        await this.store(e.target, changed);
        return e.before ? changed : old;
      }
      case "assign": {
        const given = await this.value(e.value);
        const value = e.op === "" ? given : this.combine(e.op, await this.load(e.target), given);
        await this.store(e.target, value);
        return value;
      }
      case "binary":
        return this.binary(e.op, e.left, e.right);
      case "call":
        return this.call(e.name, e.args);
      case "array":
        throw new BcError("array where a number belongs");
    }
  }

  private async binary(op: string, left: Expr, right: Expr): Promise<Decimal> {
    const a = await this.value(left);
    if (op === "&&") return truth(truthy(a) && truthy(await this.value(right)));
    if (op === "||") return truth(truthy(a) || truthy(await this.value(right)));
    return this.combine(op, a, await this.value(right));
  }

  private combine(op: string, a: Decimal, b: Decimal): Decimal {
    switch (op) {
      case "+":
        return add(a, b);
      case "-":
        return subtract(a, b);
      case "*":
        return multiply(a, b, this.scale);
      case "/":
        return divide(a, b, this.scale);
      case "%":
        return remainder(a, b, this.scale);
      case "^":
        return power(a, b, this.scale);
      default:
        return truth(ordered(op, compare(a, b)));
    }
  }

  private array(name: string): Map<number, Decimal> {
    const found = this.arrays.get(name) ?? new Map<number, Decimal>();
    this.arrays.set(name, found);
    return found;
  }

  private async index(e: Expr & { kind: "element" }): Promise<number> {
    const n = Number(rescale(await this.value(e.index), 0).n);
    if (n < 0 || n > 16777215) throw new BcError("Array element out of range");
    return n;
  }

  private async load(e: Expr): Promise<Decimal> {
    if (e.kind === "element") return this.array(e.name).get(await this.index(e)) ?? ZERO;
    const { name } = e as Expr & { kind: "name" };
    if (name === "scale") return whole(this.scale);
    if (name === "ibase") return whole(this.ibase);
    if (name === "obase") return whole(this.obase);
    if (name === "last") return this.last;
    return this.names.get(name) ?? ZERO;
  }

  private async store(e: Expr, value: Decimal): Promise<void> {
    if (e.kind === "element") return void this.array(e.name).set(await this.index(e), value);
    const { name } = e as Expr & { kind: "name" };
    const n = Number(rescale(value, 0).n);
    if (name === "scale") this.scale = Math.max(0, n);
    else if (name === "ibase") this.ibase = Math.min(16, Math.max(2, n));
    else if (name === "obase") this.obase = Math.max(2, n);
    else if (name === "last") this.last = value;
    else this.names.set(name, value);
  }

  private async call(name: string, args: Expr[]): Promise<Decimal> {
    const fn = this.functions.get(name);
    if (fn) return this.callDefined(fn, args);
    if (name === "read") {
      const line = await this.io.read();
      return line === null || line.trim() === ""
        ? ZERO
        : parseDecimal(line.trim().replace("-", ""), this.ibase);
    }
    const values: Decimal[] = [];
    for (const arg of args) if (arg.kind !== "array") values.push(await this.value(arg));
    const [x, y] = [values[0] ?? ZERO, values[1] ?? ZERO];
    if (name === "length") return whole(digitCount(x));
    if (name === "scale") return whole(x.scale);
    if (name === "sqrt") return squareRoot(x, this.scale);
    if (this.library) {
      if (name === "s") return sine(x, this.scale);
      if (name === "c") return cosine(x, this.scale);
      if (name === "a") return arcTangent(x, this.scale);
      if (name === "l") return logarithm(x, this.scale);
      if (name === "e") return exponential(x, this.scale);
      if (name === "j") return bessel(x, y, this.scale);
    }
    throw new BcError(`Function ${name} not defined.`);
  }

  /** Parameters and autos hide what has their names, until the function returns. */
  private async callDefined(fn: Definition, args: Expr[]): Promise<Decimal> {
    if (args.length !== fn.params.length) throw new BcError("Parameter number mismatch");
    const given: (Decimal | Map<number, Decimal>)[] = [];
    for (const [i, arg] of args.entries()) {
      const name = arg.kind === "array" || arg.kind === "name" ? arg.name : "";
      given.push(fn.params[i]!.array ? new Map(this.array(name)) : await this.value(arg));
    }
    const locals = [...fn.params, ...fn.autos];
    const saved = locals.map(({ name, array }) => (array ? this.arrays.get(name) : this.names.get(name)));
    locals.forEach(({ name, array }, i) => {
      if (array) this.arrays.set(name, (given[i] as Map<number, Decimal> | undefined) ?? new Map());
      else this.names.set(name, (given[i] as Decimal | undefined) ?? ZERO);
    });
    try {
      for (const s of fn.body) await this.statement(s);
      return ZERO;
    } catch (error) {
      if (error instanceof Return) return error.value;
      throw error;
    } finally {
      locals.forEach(({ name, array }, i) => restore(array ? this.arrays : this.names, name, saved[i]));
    }
  }
}

function restore(map: Map<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) map.delete(name);
  else map.set(name, value);
}

const truthy = (a: Decimal): boolean => a.n !== 0n;

function ordered(op: string, sign: number): boolean {
  switch (op) {
    case "<":
      return sign < 0;
    case ">":
      return sign > 0;
    case "<=":
      return sign <= 0;
    case ">=":
      return sign >= 0;
    case "==":
      return sign === 0;
    default:
      return sign !== 0;
  }
}
