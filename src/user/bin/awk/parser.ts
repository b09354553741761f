// parser.ts - tokens to the tree; precedence as POSIX has it.

import { type Expr, type Func, type Program, type Rule, type Stmt } from "./ast.ts";
import { type Token, tokenize } from "./lexer.ts";
import { TokenReader } from "./tokenReader.ts";

export function parseAwk(src: string): Program {
  return new Parser(tokenize(src)).program();
}

class Parser extends TokenReader {
  /** Inside `for (x in a)` or print's list, `in` and `>` mean something else. */
  private noIn = false;
  private noGreater = false;

  program(): Program {
    const rules: Rule[] = [];
    const funcs = new Map<string, Func>();
    this.terminators();
    while (this.token.kind !== "end") {
      if (this.is("function") || this.is("func")) {
        this.at++;
        const [name, f] = this.func();
        funcs.set(name, f);
      } else rules.push(this.rule());
      this.terminators();
    }
    return { rules, funcs };
  }

  private func(): [string, Func] {
    const name = this.token.text;
    this.at++;
    this.expect("(");
    const params: string[] = [];
    while (!this.take(")")) {
      this.newlines();
      params.push(this.token.text);
      this.at++;
      if (!this.take(",") && !this.is(")")) this.fail();
    }
    this.newlines();
    return [name, { params, body: this.block() }];
  }

  private rule(): Rule {
    if (this.is("BEGIN") || this.is("END")) {
      const kind = this.token.text as "BEGIN" | "END";
      this.at++;
      this.newlines();
      return { kind, pattern: null, end: null, body: this.block() };
    }
    if (this.is("{")) return { kind: "always", pattern: null, end: null, body: this.block() };
    const pattern = this.expr();
    let end: Expr | null = null;
    if (this.take(",")) {
      this.newlines();
      end = this.expr();
    }
    const body = this.is("{") ? this.block() : null;
    return { kind: end ? "range" : "pattern", pattern, end, body };
  }

  private block(): Stmt {
    this.expect("{");
    const body: Stmt[] = [];
    this.terminators();
    while (!this.is("}")) {
      if (this.token.kind === "end") this.fail();
      body.push(this.statement());
      this.terminators();
    }
    this.at++;
    return { t: "block", body };
  }

  /** A statement used as the body of another: newlines may come before it. */
  private body(): Stmt {
    this.newlines();
    if (this.take(";")) return { t: "block", body: [] };
    return this.statement();
  }

  private endOfSimple(): void {
    if (this.token.kind === "newline" || this.is(";")) this.at++;
    else if (!this.is("}") && this.token.kind !== "end") this.fail();
  }

  private statement(): Stmt {
    if (this.is("{")) return this.block();
    if (this.take("if")) return this.ifStatement();
    if (this.take("while")) {
      const test = this.parenthesised();
      return { t: "while", test, body: this.body() };
    }
    if (this.take("do")) {
      const body = this.body();
      this.terminators();
      this.expect("while");
      const test = this.parenthesised();
      this.endOfSimple();
      return { t: "do", body, test };
    }
    if (this.take("for")) return this.forStatement();
    const s = this.simple();
    this.endOfSimple();
    return s;
  }

  private parenthesised(): Expr {
    this.expect("(");
    const e = this.expr();
    this.expect(")");
    return e;
  }

  private ifStatement(): Stmt {
    const test = this.parenthesised();
    const yes = this.body();
    const mark = this.at;
    this.terminators();
    if (this.take("else")) return { t: "if", test, yes, no: this.body() };
    this.at = mark;
    return { t: "if", test, yes, no: null };
  }

  private forStatement(): Stmt {
    this.expect("(");
    const [a, b, c, d] = this.tokens.slice(this.at, this.at + 4);
    if (a!.kind === "name" && b!.text === "in" && c!.kind === "name" && d!.text === ")") {
      this.at += 4;
      return { t: "forin", name: a!.text, array: c!.text, body: this.body() };
    }
    const init = this.is(";") ? null : this.simple();
    this.expect(";");
    this.newlines();
    const test = this.is(";") ? null : this.expr();
    this.expect(";");
    this.newlines();
    const step = this.is(")") ? null : this.simple();
    this.expect(")");
    return { t: "for", init, test, step, body: this.body() };
  }

  private simple(): Stmt {
    const t = this.token;
    if (t.kind === "keyword") {
      switch (t.text) {
        case "print":
        case "printf":
          return this.print(t.text === "printf");
        case "next":
        case "nextfile":
        case "break":
        case "continue":
          this.at++;
          return { t: t.text };
        case "exit":
        case "return":
          this.at++;
          return { t: t.text, e: this.atEnd() ? null : this.expr() };
        case "delete": {
          this.at++;
          const name = this.token.text;
          this.at++;
          return { t: "delete", name, keys: this.take("[") ? this.list("]") : null };
        }
      }
    }
    return { t: "expr", e: this.expr() };
  }

  private print(format: boolean): Stmt {
    this.at++;
    let args: Expr[] = [];
    this.noGreater = true;
    if (!this.atEnd() && !this.is(">") && !this.is("|") && !this.is(">>")) args = this.printList();
    this.noGreater = false;
    const op = (["|", ">>", ">"] as const).find((o) => this.take(o));
    const redirect = op ? { op, to: this.concat() } : null;
    return { t: "print", args, format, redirect };
  }

  private printList(): Expr[] {
    if (this.is("(")) {
      // print (a, b) > "file"
      const mark = this.at;
      this.at++;
      const saved = this.noGreater;
      this.noGreater = false;
      const inner = this.list(")");
      this.noGreater = saved;
      if (this.atEnd() || this.is(">") || this.is("|") || this.is(">>")) return inner;
      this.at = mark;
    }
    const out = [this.expr()];
    while (this.take(",")) {
      this.newlines();
      out.push(this.expr());
    }
    return out;
  }

  private list(close: string): Expr[] {
    const out: Expr[] = [];
    this.newlines();
    while (!this.take(close)) {
      out.push(this.expr());
      this.newlines();
      if (!this.take(",") && !this.is(close)) this.fail();
      this.newlines();
    }
    return out;
  }

  private expr(): Expr {
    const left = this.ternary();
    const op = this.token;
    if (op.kind === "op" && /^([-+*/%^]|\*\*)?=$/.test(op.text) && isPlace(left)) {
      this.at++;
      this.newlines();
      return { t: "assign", op: op.text.slice(0, -1).replace("**", "^"), to: left, e: this.expr() };
    }
    return left;
  }

  private ternary(): Expr {
    const test = this.or();
    if (!this.take("?")) return test;
    this.newlines();
    const yes = this.expr();
    this.newlines();
    this.expect(":");
    this.newlines();
    return { t: "cond", test, yes, no: this.expr() };
  }

  private or(): Expr {
    let a = this.and();
    while (this.take("||")) {
      this.newlines();
      a = { t: "bin", op: "||", a, b: this.and() };
    }
    return a;
  }

  private and(): Expr {
    let a = this.membership();
    while (this.take("&&")) {
      this.newlines();
      a = { t: "bin", op: "&&", a, b: this.membership() };
    }
    return a;
  }

  private membership(): Expr {
    let a = this.matching();
    while (!this.noIn && this.take("in")) {
      const name = this.token.text;
      this.at++;
      a = { t: "in", keys: a.t === "group" ? [a.e] : [a], name };
    }
    return a;
  }

  private matching(): Expr {
    let a = this.comparison();
    while (this.is("~") || this.is("!~")) {
      const not = this.token.text === "!~";
      this.at++;
      a = { t: "match", not, a, b: this.comparison() };
    }
    return a;
  }

  private comparison(): Expr {
    let a = this.concat();
    for (;;) {
      const op =
        ["<=", ">=", "==", "!=", "<"].find((o) => this.is(o)) ??
        (!this.noGreater && this.is(">") ? ">" : null);
      if (op) {
        this.at++;
        a = { t: "bin", op, a, b: this.concat() };
      } else if (this.is("|") && this.tokens[this.at + 1]!.text === "getline") {
        this.at += 2;
        a = { t: "getline", kind: "cmd", source: a, to: this.optionalPlace() };
      } else return a;
    }
  }

  private concat(): Expr {
    let a = this.sum();
    while (this.startsOperand()) a = { t: "bin", op: " ", a, b: this.sum() };
    return a;
  }

  private startsOperand(): boolean {
    const t = this.token;
    if (["num", "str", "name", "func", "builtin", "regex"].includes(t.kind)) return true;
    if (t.kind === "op") return ["$", "!", "(", "-", "+", "++", "--"].includes(t.text);
    return false;
  }

  private sum(): Expr {
    let a = this.product();
    for (;;) {
      const op = this.is("+") ? "+" : this.is("-") ? "-" : null;
      if (!op) return a;
      this.at++;
      a = { t: "bin", op, a, b: this.product() };
    }
  }

  private product(): Expr {
    let a = this.unary();
    for (;;) {
      const op = ["*", "/", "%"].find((o) => this.is(o));
      if (!op) return a;
      this.at++;
      a = { t: "bin", op, a, b: this.unary() };
    }
  }

  private unary(): Expr {
    const op = ["!", "-", "+"].find((o) => this.is(o));
    if (!op) return this.power();
    this.at++;
    return { t: "un", op, e: this.unary() };
  }

  private power(): Expr {
    const a = this.postfix();
    if (!this.take("^") && !this.take("**")) return a;
    return { t: "bin", op: "^", a, b: this.unaryPower() };
  }

  private unaryPower(): Expr {
    const op = ["-", "+", "!"].find((o) => this.is(o));
    if (!op) return this.power();
    this.at++;
    return { t: "un", op, e: this.unaryPower() };
  }

  private postfix(): Expr {
    const e = this.primary();
    if (!isPlace(e)) return e;
    if (this.take("++")) return { t: "step", by: 1, before: false, to: e };
    if (this.take("--")) return { t: "step", by: -1, before: false, to: e };
    return e;
  }

  private optionalPlace(): Expr | null {
    return this.is("$") || this.token.kind === "name" ? this.primary() : null;
  }

  private primary(): Expr {
    const t = this.token;
    this.at++;
    switch (t.kind) {
      case "num":
        return { t: "num", v: Number(t.text) };
      case "str":
        return { t: "str", v: t.text };
      case "regex":
        return { t: "regex", re: t.text };
      case "func":
        this.expect("(");
        return { t: "call", name: t.text, args: this.arguments() };
      case "builtin":
        return { t: "call", name: t.text, args: this.take("(") ? this.arguments() : [] };
      case "name":
        return this.take("[")
          ? { t: "index", name: t.text, keys: this.list("]") }
          : { t: "var", name: t.text };
    }
    return this.operator(t);
  }

  private arguments(): Expr[] {
    const saved = [this.noGreater, this.noIn] as const;
    this.noGreater = this.noIn = false;
    const out = this.list(")");
    [this.noGreater, this.noIn] = saved;
    return out;
  }

  private operator(t: Token): Expr {
    switch (t.text) {
      case "$": {
        const op = this.is("++") || this.is("--") ? this.token.text : null;
        if (op) this.at++;
        const inner = this.is("-") ? this.unary() : this.primary();
        return {
          t: "field",
          e: op ? { t: "step", by: op === "++" ? 1 : -1, before: true, to: inner } : inner,
        };
      }
      case "++":
      case "--":
        return { t: "step", by: t.text === "++" ? 1 : -1, before: true, to: this.primary() };
      case "(": {
        const list = this.arguments();
        if (list.length === 1) return { t: "group", e: list[0]! };
        if (!this.take("in")) this.fail();
        const name = this.token.text;
        this.at++;
        return { t: "in", keys: list, name };
      }
      case "getline": {
        const to = this.optionalPlace();
        if (this.take("<")) return { t: "getline", kind: "file", source: this.primary(), to };
        return { t: "getline", kind: "main", source: null, to };
      }
    }
    this.at--;
    return this.fail();
  }
}

function isPlace(e: Expr): boolean {
  return e.t === "var" || e.t === "field" || e.t === "index";
}
