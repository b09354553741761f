// parse.ts - bc's language as a tree.

export type Expr =
  | { kind: "number"; text: string }
  | { kind: "name"; name: string }
  | { kind: "element"; name: string; index: Expr }
  | { kind: "array"; name: string }
  | { kind: "call"; name: string; args: Expr[] }
  | { kind: "unary"; op: "-" | "!"; arg: Expr }
  | { kind: "step"; by: 1 | -1; before: boolean; target: Expr }
  | { kind: "binary"; op: string; left: Expr; right: Expr }
  | { kind: "assign"; op: string; target: Expr; value: Expr }
  | { kind: "group"; inner: Expr };

export type Stmt =
  | { kind: "expr"; expr: Expr }
  | { kind: "string"; text: string }
  | { kind: "print"; items: (Expr | string)[] }
  | { kind: "block"; body: Stmt[] }
  | { kind: "if"; test: Expr; then: Stmt; otherwise: Stmt | null }
  | { kind: "while"; test: Expr; body: Stmt }
  | { kind: "for"; init: Expr | null; test: Expr | null; step: Expr | null; body: Stmt }
  | { kind: "return"; value: Expr | null }
  | { kind: "break" | "continue" | "halt" | "quit" | "warranty" | "limits" }
  | { kind: "define"; fn: Definition };

export interface Definition {
  name: string;
  params: { name: string; array: boolean }[];
  autos: { name: string; array: boolean }[];
  body: Stmt[];
}

/** The text is no bc. */
export class BcSyntax extends Error {
  constructor(
    message: string,
    /** It is the end of the line that is wrong: told of the next line. */
    readonly atNewline = false,
  ) {
    super(message);
  }
}

/** The text ends in the middle: more lines may make it whole. */
export class Unfinished extends Error {}

const TOKEN =
  /\s*?(?:(\/\*[\s\S]*?(?:\*\/|$))|(#[^\n]*)|("[^"]*(?:"|$))|([0-9A-F]+(?:\.[0-9A-F]*)?|\.[0-9A-F]+)|([a-z][a-z0-9_]*)|(\n)|(\\\n)|(\+\+|--|&&|\|\||[<>=!]=|[-+*/%^]=|[-+*/%^=<>!(){}[\];,.]))/y;

interface Token {
  kind: "string" | "number" | "name" | "newline" | "op" | "end";
  text: string;
}

export function tokens(text: string): Token[] {
  const out: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (/[ \t\r\f\v]/.test(text[at]!)) {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const m = TOKEN.exec(text);
    if (!m) throw new BcSyntax(`illegal character: ${text[at]}`);
    at = TOKEN.lastIndex;
    if (m[1] !== undefined && !m[1].endsWith("*/")) throw new Unfinished();
    if (m[3] !== undefined && (m[3].length < 2 || !m[3].endsWith('"'))) throw new Unfinished();
    if (m[3] !== undefined) out.push({ kind: "string", text: m[3].slice(1, -1) });
    else if (m[4] !== undefined) out.push({ kind: "number", text: m[4] });
    else if (m[5] !== undefined) out.push({ kind: "name", text: m[5] });
    else if (m[6] !== undefined) out.push({ kind: "newline", text: "\n" });
    else if (m[8] !== undefined) out.push({ kind: "op", text: m[8] });
  }
  return out;
}

const END: Token = { kind: "end", text: "" };
const BINARY: string[][] = [["||"], ["&&"], ["<", ">", "<=", ">=", "==", "!="], ["+", "-"], ["*", "/", "%"]];
const ASSIGN = ["=", "+=", "-=", "*=", "/=", "%=", "^="];

export class Parser {
  private at = 0;

  constructor(private readonly list: Token[]) {}

  private get token(): Token {
    return this.list[this.at] ?? END;
  }

  /** Between two statements. */
  private separated(): boolean {
    return this.token.kind === "newline" || this.token.kind === "end" || this.is(";");
  }

  private is(text: string): boolean {
    return this.token.text === text && this.token.kind !== "string" && this.token.kind !== "end";
  }

  private take(text: string): boolean {
    const found = this.is(text);
    if (found) this.at++;
    return found;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw this.wrong();
  }

  private wrong(): Error {
    if (this.token.kind === "end") return new Unfinished();
    return new BcSyntax("syntax error", this.token.kind === "newline");
  }

  private name(): string {
    if (this.token.kind !== "name") throw this.wrong();
    return this.list[this.at++]!.text;
  }

  private newlines(): void {
    while (this.token.kind === "newline") this.at++;
  }

  program(): Stmt[] {
    const out: Stmt[] = [];
    for (;;) {
      while (this.token.kind === "newline" || this.is(";")) this.at++;
      if (this.token.kind === "end") return out;
      out.push(this.statement());
      if (!this.separated()) throw this.wrong();
    }
  }

  private block(): Stmt[] {
    const out: Stmt[] = [];
    this.expect("{");
    for (;;) {
      while (this.token.kind === "newline" || this.is(";")) this.at++;
      if (this.take("}")) return out;
      out.push(this.statement());
      if (!this.separated() && !this.is("}")) throw this.wrong();
    }
  }

  private statement(): Stmt {
    if (this.token.kind === "string") return { kind: "string", text: this.list[this.at++]!.text };
    if (this.is("{")) return { kind: "block", body: this.block() };
    if (this.token.kind === "name") {
      const keyword = this.keyword(this.token.text);
      if (keyword) return keyword;
    }
    return { kind: "expr", expr: this.expression() };
  }

  private keyword(word: string): Stmt | null {
    switch (word) {
      case "if":
        return this.ifStatement();
      case "while":
        this.at++;
        return { kind: "while", test: this.condition(), body: this.body() };
      case "for":
        return this.forStatement();
      case "define":
        return this.definition();
      case "print":
        return this.print();
      case "return":
        this.at++;
        return { kind: "return", value: this.ends() ? null : this.expression() };
      case "break":
      case "continue":
      case "halt":
      case "quit":
      case "limits":
      case "warranty":
        this.at++;
        return { kind: word };
      default:
        return null;
    }
  }

  private ends(): boolean {
    return this.separated() || this.is("}");
  }

  private condition(): Expr {
    this.expect("(");
    const test = this.expression();
    this.expect(")");
    return test;
  }

  private body(): Stmt {
    this.newlines();
    if (this.token.kind === "end") throw new Unfinished();
    return this.statement();
  }

  private ifStatement(): Stmt {
    this.at++;
    const test = this.condition();
    const then = this.body();
    const start = this.at;
    if (this.is(";")) this.at++;
    const otherwise = this.take("else") ? this.body() : null;
    if (!otherwise) this.at = start;
    return { kind: "if", test, then, otherwise };
  }

  private forStatement(): Stmt {
    this.at++;
    this.expect("(");
    const part = (end: string): Expr | null => {
      const expr = this.is(end) ? null : this.expression();
      this.expect(end);
      return expr;
    };
    const [init, test, step] = [part(";"), part(";"), part(")")];
    return { kind: "for", init, test, step, body: this.body() };
  }

  private print(): Stmt {
    const items: (Expr | string)[] = [];
    do {
      this.at++;
      items.push(this.token.kind === "string" ? this.list[this.at++]!.text : this.expression());
    } while (this.is(","));
    return { kind: "print", items };
  }

  private parameters(end: string): { name: string; array: boolean }[] {
    const out: { name: string; array: boolean }[] = [];
    while (this.token.kind === "name") {
      const name = this.name();
      const array = this.take("[");
      if (array) this.expect("]");
      out.push({ name, array });
      if (!this.take(",")) break;
    }
    if (end !== "") this.expect(end);
    return out;
  }

  private definition(): Stmt {
    this.at++;
    this.take("void");
    const name = this.name();
    this.expect("(");
    const params = this.parameters(")");
    this.newlines();
    this.expect("{");
    while (this.token.kind === "newline" || this.is(";")) this.at++;
    const autos = this.take("auto") ? this.parameters("") : [];
    // The brace was taken for the sake of `auto`: the rest of the block follows.
    this.list.splice(this.at, 0, { kind: "op", text: "{" });
    return { kind: "define", fn: { name, params, autos, body: this.block() } };
  }

  private expression(): Expr {
    return this.binary(0);
  }

  private binary(level: number): Expr {
    if (level === 2 && this.is("!")) {
      this.at++;
      return { kind: "unary", op: "!", arg: this.binary(2) };
    }
    if (level === BINARY.length) return this.unary();
    let left = this.binary(level + 1);
    if (level === 3 && isTarget(left)) left = this.assignment(left);
    while (this.token.kind === "op" && BINARY[level]!.includes(this.token.text)) {
      const op = this.list[this.at++]!.text;
      left = { kind: "binary", op, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private assignment(target: Expr): Expr {
    if (this.token.kind !== "op" || !ASSIGN.includes(this.token.text)) return target;
    const op = this.list[this.at++]!.text.slice(0, -1);
    return { kind: "assign", op, target, value: this.binary(3) };
  }

  private unary(): Expr {
    if (this.take("-")) return { kind: "unary", op: "-", arg: this.unary() };
    return this.raised();
  }

  private raised(): Expr {
    const left = this.postfix();
    if (!this.take("^")) return left;
    const right = this.is("-") ? this.unary() : this.raised();
    return { kind: "binary", op: "^", left, right };
  }

  private postfix(): Expr {
    for (const [op, by] of [
      ["++", 1],
      ["--", -1],
    ] as const)
      if (this.take(op)) return { kind: "step", by, before: true, target: this.primary() };
    const target = this.primary();
    if (!isTarget(target)) return target;
    if (this.take("++")) return { kind: "step", by: 1, before: false, target };
    if (this.take("--")) return { kind: "step", by: -1, before: false, target };
    return target;
  }

  private primary(): Expr {
    const { kind, text } = this.token;
    if (kind === "number") {
      this.at++;
      return { kind: "number", text };
    }
    if (this.take("(")) {
      const inner = this.expression();
      this.expect(")");
      return { kind: "group", inner };
    }
    if (this.take(".")) return { kind: "name", name: "last" };
    const name = this.name();
    if (this.take("(")) return this.call(name);
    if (!this.take("[")) return { kind: "name", name };
    if (this.take("]")) return { kind: "array", name };
    const index = this.expression();
    this.expect("]");
    return { kind: "element", name, index };
  }

  private call(name: string): Expr {
    const args: Expr[] = [];
    if (!this.take(")")) {
      do args.push(this.expression());
      while (this.take(","));
      this.expect(")");
    }
    return { kind: "call", name, args };
  }
}

const isTarget = (e: Expr): boolean => e.kind === "name" || e.kind === "element";
