// ast.ts - the tree of an awk program.

export type Expr =
  | { t: "num"; v: number }
  | { t: "str"; v: string }
  | { t: "regex"; re: string }
  | { t: "var"; name: string }
  | { t: "field"; e: Expr }
  | { t: "index"; name: string; keys: Expr[] }
  | { t: "assign"; op: string; to: Expr; e: Expr }
  | { t: "cond"; test: Expr; yes: Expr; no: Expr }
  | { t: "bin"; op: string; a: Expr; b: Expr }
  | { t: "un"; op: string; e: Expr }
  | { t: "step"; by: 1 | -1; before: boolean; to: Expr }
  | { t: "match"; not: boolean; a: Expr; b: Expr }
  | { t: "in"; keys: Expr[]; name: string }
  | { t: "call"; name: string; args: Expr[] }
  | { t: "group"; e: Expr }
  | { t: "getline"; kind: "main" | "file" | "cmd"; source: Expr | null; to: Expr | null };

export type Stmt =
  | { t: "expr"; e: Expr }
  | { t: "print"; args: Expr[]; format: boolean; redirect: { op: ">" | ">>" | "|"; to: Expr } | null }
  | { t: "if"; test: Expr; yes: Stmt; no: Stmt | null }
  | { t: "while"; test: Expr; body: Stmt }
  | { t: "do"; body: Stmt; test: Expr }
  | { t: "for"; init: Stmt | null; test: Expr | null; step: Stmt | null; body: Stmt }
  | { t: "forin"; name: string; array: string; body: Stmt }
  | { t: "block"; body: Stmt[] }
  | { t: "next" | "nextfile" | "break" | "continue" }
  | { t: "exit" | "return"; e: Expr | null }
  | { t: "delete"; name: string; keys: Expr[] | null };

export interface Rule {
  kind: "BEGIN" | "END" | "always" | "pattern" | "range";
  pattern: Expr | null;
  end: Expr | null;
  /** Null prints the record. */
  body: Stmt | null;
}

export interface Func {
  params: string[];
  body: Stmt;
}

export interface Program {
  rules: Rule[];
  funcs: Map<string, Func>;
}

export class AwkSyntax extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}
