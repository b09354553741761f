// testCommand.ts - the expression of `test` and `[`, for the builtin and the program.

import { compareFiles, fileTest, INTEGER_OPS, UNARY_FILE } from "./fileTests.ts";
import type { SysCalls } from "./sys.ts";

/** The expression makes no sense: status 2 and this message. */
export class TestError extends Error {}

/** What `-v`, `-o` and `-R` need; a program has none of them. */
export interface TestVars {
  isSet(name: string): boolean;
  option(name: string): boolean;
  isNameref(name: string): boolean;
}

const BINARY = new Set(["=", "==", "!=", "<", ">", "-nt", "-ot", "-ef", ...Object.keys(INTEGER_OPS)]);

export async function testExpression(sys: SysCalls, args: string[], vars: TestVars | null): Promise<boolean> {
  if (args.length === 0) return false;
  const t = new TestParser(sys, args, vars);
  return t.top();
}

class TestParser {
  private at = 0;

  constructor(
    private readonly sys: SysCalls,
    private readonly args: string[],
    private readonly vars: TestVars | null,
  ) {}

  /** POSIX: up to four arguments have fixed meanings. */
  async top(): Promise<boolean> {
    const a = this.args;
    if (a.length === 1) return a[0] !== "";
    if (a.length === 2) return this.two(a[0]!, a[1]!);
    if (a.length === 3) return this.three(a[0]!, a[1]!, a[2]!);
    if (a.length === 4) {
      if (a[0] === "!") return !(await this.three(a[1]!, a[2]!, a[3]!));
      if (a[0] === "(" && a[3] === ")") return this.two(a[1]!, a[2]!);
    }
    const result = await this.or();
    if (this.at < a.length) throw new TestError("too many arguments");
    return result;
  }

  private async two(a: string, b: string): Promise<boolean> {
    if (a === "!") return b === "";
    if (this.isUnary(a)) return this.unary(a, b);
    throw new TestError(`${a}: unary operator expected`);
  }

  private async three(a: string, op: string, b: string): Promise<boolean> {
    if (BINARY.has(op)) return this.binary(a, op, b);
    if (op === "-a") return a !== "" && b !== "";
    if (op === "-o") return a !== "" || b !== "";
    if (a === "!") return !(await this.two(op, b));
    if (a === "(" && b === ")") return op !== "";
    throw new TestError(`${op}: binary operator expected`);
  }

  private async or(): Promise<boolean> {
    let value = await this.and();
    while (this.args[this.at] === "-o") {
      this.at++;
      const right = await this.and();
      value = value || right;
    }
    return value;
  }

  private async and(): Promise<boolean> {
    let value = await this.term();
    while (this.args[this.at] === "-a") {
      this.at++;
      const right = await this.term();
      value = value && right;
    }
    return value;
  }

  private async term(): Promise<boolean> {
    const a = this.args[this.at];
    if (a === undefined) throw new TestError("argument expected");
    if (a === "!") {
      this.at++;
      return !(await this.term());
    }
    const op = this.args[this.at + 1];
    if (op !== undefined && BINARY.has(op) && this.at + 2 < this.args.length) {
      this.at += 3;
      return this.binary(a, op, this.args[this.at - 1]!);
    }
    if (a === "(") {
      this.at++;
      const value = await this.or();
      if (this.args[this.at++] !== ")") throw new TestError("`)' expected");
      return value;
    }
    if (this.isUnary(a) && op !== undefined) {
      this.at += 2;
      return this.unary(a, op);
    }
    this.at++;
    return a !== "";
  }

  private isUnary(op: string): boolean {
    return /^-[a-zA-Z]$/.test(op) && (UNARY_FILE.includes(op[1]!) || "znvoR".includes(op[1]!));
  }

  private async unary(op: string, arg: string): Promise<boolean> {
    switch (op) {
      case "-z":
        return arg === "";
      case "-n":
        return arg !== "";
      case "-v":
        return this.vars?.isSet(arg) ?? false;
      case "-o":
        return this.vars?.option(arg) ?? false;
      case "-R":
        return this.vars?.isNameref(arg) ?? false;
      case "-t":
        // The builtin finds no terminal there; the program complains.
        if (!/^\d+$/.test(arg) && !this.vars) throw new TestError(`${arg}: integer expression expected`);
        return /^\d{1,9}$/.test(arg) && fileTest(this.sys, "t", arg);
      default:
        return fileTest(this.sys, op[1]!, arg);
    }
  }

  private async binary(a: string, op: string, b: string): Promise<boolean> {
    const compare = INTEGER_OPS[op];
    if (compare) return compare(integer(a), integer(b));
    switch (op) {
      case "=":
      case "==":
        return a === b;
      case "!=":
        return a !== b;
      case "<":
        return a < b;
      case ">":
        return a > b;
      default:
        return compareFiles(this.sys, a, op, b);
    }
  }
}

function integer(s: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(s)) throw new TestError(`${s}: integer expression expected`);
  return BigInt(s.trim().replace(/^\+/, ""));
}
