// arith.ts - shell arithmetic: 64-bit integers, C's operators.
//
// An expression is compiled once into closures and kept by its text.

import { ShellError } from "./errors.ts";
import { type Token, tokenize } from "./arithTokens.ts";

/** How expressions reach variables. */
export interface ArithVars {
  get(name: string, index: string | null): string | undefined;
  set(name: string, index: string | null, value: string): void;
}

type Eval = (vars: ArithVars) => bigint;
/** Something that can be assigned to. */
interface Place {
  name: string;
  index: string | null;
}

const wrap = (n: bigint): bigint => BigInt.asIntN(64, n);
const bool = (b: boolean): bigint => (b ? 1n : 0n);

const cache = new Map<string, Eval>();
let depth = 0;

/** Evaluates `text`; an empty expression is 0. Throws ShellError. */
export function evaluate(text: string, vars: ArithVars): bigint {
  let run = cache.get(text);
  if (!run) {
    run = new ArithParser(text).parse();
    if (cache.size > 1000) cache.clear();
    cache.set(text, run);
  }
  if (++depth > 200) {
    depth = 0;
    throw new ShellError(`${text}: expression recursion level exceeded (error token is "${text}")`);
  }
  try {
    return run(vars);
  } finally {
    depth = Math.max(0, depth - 1);
  }
}

const BINARY: Record<string, [number, (a: bigint, b: bigint) => bigint]> = {
  "|": [5, (a, b) => a | b],
  "^": [6, (a, b) => a ^ b],
  "&": [7, (a, b) => a & b],
  "==": [8, (a, b) => bool(a === b)],
  "!=": [8, (a, b) => bool(a !== b)],
  "<": [9, (a, b) => bool(a < b)],
  ">": [9, (a, b) => bool(a > b)],
  "<=": [9, (a, b) => bool(a <= b)],
  ">=": [9, (a, b) => bool(a >= b)],
  "<<": [10, (a, b) => wrap(a << (b & 63n))],
  ">>": [10, (a, b) => a >> (b & 63n)],
  "+": [11, (a, b) => wrap(a + b)],
  "-": [11, (a, b) => wrap(a - b)],
  "*": [12, (a, b) => wrap(a * b)],
  "/": [12, (a, b) => wrap(a / b)],
  "%": [12, (a, b) => wrap(a % b)],
  "**": [13, power],
};

function power(a: bigint, b: bigint): bigint {
  let out = 1n;
  for (let base = a, n = b; n > 0n; n >>= 1n) {
    if (n & 1n) out = wrap(out * base);
    base = wrap(base * base);
  }
  return out;
}

const ASSIGN = /^(?:[-+*/%&|^]|<<|>>)?=$/;

class ArithParser {
  private readonly tokens: Token[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = tokenize(text);
  }

  parse(): Eval {
    if (this.tokens.length === 0) return () => 0n;
    const run = this.comma();
    const rest = this.tokens[this.at];
    if (rest)
      this.fail(
        rest.kind === "op" && ASSIGN.test(rest.text)
          ? "attempted assignment to non-variable"
          : this.surplus(rest),
      );
    return run;
  }

  private surplus(t: Token): string {
    return t.kind === "op" && t.text !== ")" && t.text !== ":"
      ? "syntax error: invalid arithmetic operator"
      : "syntax error in expression";
  }

  private fail(why: string, from = this.tokens[this.at]): never {
    const token = from ? this.text.slice(from.pos) : "";
    throw new ShellError(`${this.text.replace(/^\s+/, "")}: ${why} (error token is "${token}")`);
  }

  private peek(): string | null {
    const t = this.tokens[this.at];
    return t?.kind === "op" ? t.text : null;
  }

  private take(op: string): boolean {
    if (this.peek() !== op) return false;
    this.at++;
    return true;
  }

  private comma(): Eval {
    let left = this.assignment();
    while (this.take(",")) {
      const first = left;
      const second = this.assignment();
      left = (v) => (first(v), second(v));
    }
    return left;
  }

  private assignment(): Eval {
    const t = this.tokens[this.at];
    const op = this.tokens[this.at + 1];
    if (t?.kind === "name" && op?.kind === "op" && ASSIGN.test(op.text)) {
      this.at += 2;
      const value = this.assignment();
      return this.store({ name: t.text, index: t.index }, op.text.slice(0, -1), value, op);
    }
    return this.ternary();
  }

  private store(place: Place, op: string, value: Eval, at: Token): Eval {
    const combine = op === "" ? null : this.binary(op, (v) => this.load(place, v), value, at);
    return (v) => {
      const n = (combine ?? value)(v);
      v.set(place.name, place.index, String(n));
      return n;
    };
  }

  private load(place: Place, vars: ArithVars): bigint {
    const text = vars.get(place.name, place.index);
    if (text === undefined || text === "") return 0n;
    if (/^-?[1-9]\d{0,17}$/.test(text)) return BigInt(text);
    return evaluate(text, vars);
  }

  private ternary(): Eval {
    const test = this.or();
    if (!this.take("?")) return test;
    const yes = this.assignmentOrComma();
    if (!this.take(":")) this.fail("`:' expected for conditional expression");
    const no = this.ternary();
    return (v) => (test(v) !== 0n ? yes(v) : no(v));
  }

  private assignmentOrComma(): Eval {
    if (this.at >= this.tokens.length || this.peek() === ":") this.fail("expression expected");
    return this.comma();
  }

  private or(): Eval {
    let left = this.and();
    while (this.take("||")) {
      const a = left;
      const b = this.and();
      left = (v) => bool(a(v) !== 0n || b(v) !== 0n);
    }
    return left;
  }

  private and(): Eval {
    let left = this.level(5);
    while (this.take("&&")) {
      const a = left;
      const b = this.level(5);
      left = (v) => bool(a(v) !== 0n && b(v) !== 0n);
    }
    return left;
  }

  /** Binary operators of at least `precedence`, left-associative but for `**`. */
  private level(precedence: number): Eval {
    let left = this.unary();
    for (;;) {
      const op = this.peek();
      const row = op === null ? undefined : BINARY[op];
      if (!op || !row || row[0] < precedence) return left;
      this.at++;
      const operand = this.tokens[this.at];
      const right = this.level(op === "**" ? row[0] : row[0] + 1);
      left = this.binary(op, left, right, op === "**" ? this.tokens[this.at - 1] : operand);
    }
  }

  private binary(op: string, left: Eval, right: Eval, operand: Token | undefined): Eval {
    const run = BINARY[op]![1];
    if (op === "/" || op === "%") {
      return (v) => {
        const a = left(v);
        const b = right(v);
        if (b === 0n) this.fail("division by 0", operand);
        return run(a, b);
      };
    }
    if (op === "**") {
      return (v) => {
        const b = right(v);
        if (b < 0n) this.fail("exponent less than 0", operand);
        return run(left(v), b);
      };
    }
    return (v) => run(left(v), right(v));
  }

  private unary(): Eval {
    const op = this.peek();
    if (op === "++" || op === "--") return this.prefixStep(op);
    if (op === "!" || op === "~" || op === "-" || op === "+") {
      this.at++;
      const operand = this.unary();
      if (op === "!") return (v) => bool(operand(v) === 0n);
      if (op === "~") return (v) => ~operand(v);
      return op === "-" ? (v) => wrap(-operand(v)) : operand;
    }
    return this.postfix();
  }

  private prefixStep(op: string): Eval {
    this.at++;
    const t = this.tokens[this.at];
    if (t?.kind !== "name") {
      const operand = this.unary();
      return op === "--" ? operand : operand;
    }
    this.at++;
    return this.step({ name: t.text, index: t.index }, op, true);
  }

  private step(place: Place, op: string, before: boolean): Eval {
    const by = op === "++" ? 1n : -1n;
    return (v) => {
      const old = this.load(place, v);
      const now = wrap(old + by);
      v.set(place.name, place.index, String(now));
      return before ? now : old;
    };
  }

  private postfix(): Eval {
    const t = this.tokens[this.at];
    if (!t) this.fail("syntax error: operand expected", this.tokens[this.at - 1]);
    if (this.take("(")) {
      const inner = this.comma();
      if (!this.take(")")) this.fail("missing `)'", this.tokens[this.at] ?? this.tokens.at(-1));
      return inner;
    }
    if (t.kind === "op") this.fail("syntax error: operand expected");
    this.at++;
    if (t.kind === "number") {
      const n = t.value;
      return () => n;
    }
    const place = { name: t.text, index: t.index };
    const op = this.peek();
    if (op === "++" || op === "--") {
      this.at++;
      return this.step(place, op, false);
    }
    return (v) => this.load(place, v);
  }
}
