// expr.ts - expr.

import { posixRegex } from "../regex.ts";
import { type Command, utility } from "./command.ts";

class Expr {
  private at = 0;

  constructor(
    private readonly c: Command,
    private readonly args: string[],
  ) {}

  async run(): Promise<string> {
    const value = await this.or();
    if (this.at < this.args.length) await this.syntax(`unexpected argument ‘${this.args[this.at]}’`);
    return value;
  }

  private syntax(text: string): Promise<never> {
    return this.c.die(`syntax error: ${text}`, 2);
  }

  private take(...ops: string[]): string | null {
    const op = this.args[this.at];
    if (op === undefined || !ops.includes(op)) return null;
    this.at++;
    return op;
  }

  private async or(): Promise<string> {
    let left = await this.and();
    while (this.take("|")) {
      const right = await this.and();
      left = truthy(left) ? left : truthy(right) ? right : "0";
    }
    return left;
  }

  private async and(): Promise<string> {
    let left = await this.compare();
    while (this.take("&")) {
      const right = await this.compare();
      left = truthy(left) && truthy(right) ? left : "0";
    }
    return left;
  }

  private async compare(): Promise<string> {
    let left = await this.sum();
    for (
      let op = this.take("<", "<=", "=", "==", "!=", ">=", ">");
      op;
      op = this.take("<", "<=", "=", "==", "!=", ">=", ">")
    ) {
      const right = await this.sum();
      const numeric = isInteger(left) && isInteger(right);
      const order = numeric ? Number(BigInt(left) - BigInt(right)) : left < right ? -1 : left > right ? 1 : 0;
      const yes =
        op === "<"
          ? order < 0
          : op === "<="
            ? order <= 0
            : op === ">"
              ? order > 0
              : op === ">="
                ? order >= 0
                : op === "!="
                  ? order !== 0
                  : order === 0;
      left = yes ? "1" : "0";
    }
    return left;
  }

  private async number(text: string): Promise<bigint> {
    if (!isInteger(text)) await this.c.die("non-integer argument", 2);
    return BigInt(text);
  }

  private async sum(): Promise<string> {
    let left = await this.product();
    for (let op = this.take("+", "-"); op; op = this.take("+", "-")) {
      const [a, b] = [await this.number(left), await this.number(await this.product())];
      left = String(op === "+" ? a + b : a - b);
    }
    return left;
  }

  private async product(): Promise<string> {
    let left = await this.match();
    for (let op = this.take("*", "/", "%"); op; op = this.take("*", "/", "%")) {
      const [a, b] = [await this.number(left), await this.number(await this.match())];
      if (op !== "*" && b === 0n) await this.c.die("division by zero", 2);
      left = String(op === "*" ? a * b : op === "/" ? a / b : a % b);
    }
    return left;
  }

  private async match(): Promise<string> {
    let left = await this.primary();
    while (this.take(":")) left = this.matched(left, await this.primary());
    return left;
  }

  private matched(text: string, pattern: string): string {
    const m = posixRegex(`^${pattern.replace(/^\^/, "")}`, { extended: false }).exec(text);
    const grouped = /\\\(/.test(pattern);
    if (!m) return grouped ? "" : "0";
    return grouped ? (m[1] ?? "") : String([...m[0]].length);
  }

  private async operand(): Promise<string> {
    const v = this.args[this.at++];
    if (v === undefined) await this.syntax(`missing argument after ‘${this.args.at(-1)}’`);
    return v!;
  }

  private async primary(): Promise<string> {
    if (this.take("(")) {
      const v = await this.or();
      if (!this.take(")")) await this.syntax(`expecting ')' after ‘${this.args.at(-1)}’`);
      return v;
    }
    if (this.at + 1 < this.args.length) {
      if (this.take("length")) return String([...(await this.operand())].length);
      if (this.take("match")) return this.matched(await this.operand(), await this.operand());
      if (this.take("substr")) {
        const [s, from, n] = [
          await this.operand(),
          Number(await this.operand()),
          Number(await this.operand()),
        ];
        return from > 0 && n > 0 ? [...s].slice(from - 1, from - 1 + n).join("") : "";
      }
      if (this.take("index")) {
        const [s, set] = [await this.operand(), await this.operand()];
        return String([...s].findIndex((ch) => set.includes(ch)) + 1);
      }
      if (this.take("+")) return this.operand();
    }
    return this.operand();
  }
}

function isInteger(s: string): boolean {
  return /^-?\d+$/.test(s);
}

function truthy(s: string): boolean {
  return s !== "" && !/^-?0+$/.test(s);
}

export const expr = utility(
  "expr",
  {
    help: "Usage: expr EXPRESSION\nPrint the value of EXPRESSION.\n\n  ARG1 | ARG2   ARG1 & ARG2   ARG1 < ARG2   ARG1 + ARG2   ARG1 * ARG2\n  STRING : REGEXP   match STRING REGEXP   substr STRING POS LENGTH\n  index STRING CHARS   length STRING   ( EXPRESSION )",
    usageStatus: 2,
    rewrite: (args) =>
      args.length === 1 && args[0] === "--help" ? args : ["--", ...(args[0] === "--" ? args.slice(1) : args)],
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    const value = await new Expr(c, c.operands).run();
    await c.out(`${value}\n`);
    return truthy(value) ? 0 : 1;
  },
);
