/**
 * Small edits within functions, as a patch author makes them: another
 * constant, word, comparison or errno, swapped branches, a statement more or
 * less, a call removed, a new local, a new helper (plain, @inline, with a
 * default argument, an enum), another loop bound.
 */

import ts from "typescript";
import { type Change, type Edit, makeEdit, type Source, span } from "./edit.ts";

/** Numbers among these are places and sizes in memory: not for a reporter to change. */
const MEMORY = /^(snprintf|store|load|kzalloc|memory|offsetof|changetype)\b/;

const OPERATORS: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.LessThanToken]: "<=",
  [ts.SyntaxKind.LessThanEqualsToken]: "<",
  [ts.SyntaxKind.GreaterThanToken]: ">=",
  [ts.SyntaxKind.GreaterThanEqualsToken]: ">",
  [ts.SyntaxKind.EqualsEqualsToken]: "!=",
  [ts.SyntaxKind.ExclamationEqualsToken]: "==",
  [ts.SyntaxKind.AmpersandAmpersandToken]: "||",
  [ts.SyntaxKind.BarBarToken]: "&&",
  [ts.SyntaxKind.PlusToken]: "-",
  [ts.SyntaxKind.MinusToken]: "+",
  [ts.SyntaxKind.AsteriskToken]: "+",
  [ts.SyntaxKind.SlashToken]: "*",
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: "<<",
  [ts.SyntaxKind.LessThanLessThanToken]: ">>",
};

/** A function, a method or an accessor. */
export type Body = ts.FunctionDeclaration | ts.MethodDeclaration | ts.AccessorDeclaration;

/** Every change that the grammar knows in one function. */
class Site {
  readonly edits: Edit[] = [];
  private readonly name: string;
  private inLoop = false;

  constructor(
    private readonly source: Source,
    private readonly fn: Body,
  ) {
    this.name = fn.name!.getText(source.node);
    this.atStart(fn.body!);
    this.visit(fn.body!);
  }

  private text(node: ts.Node): string {
    return node.getText(this.source.node);
  }

  private add(kind: string, node: ts.Node, text: string, more: Change[] = []): void {
    this.edits.push(makeEdit(this.source, kind, { ...span(node, this.source), text }, "any", more));
  }

  /** Text at the end of the file. */
  private after(text: string): Change[] {
    const end = this.source.text.length;
    return [{ from: end, to: end, text: `\n${text}\n` }];
  }

  /** A statement more: a line of output, or a computation that leads nowhere. */
  private atStart(body: ts.Block): void {
    const from = body.getStart(this.source.node) + 1;
    const seq = this.fn.parameters.some((p) => /SeqFile/.test(this.text(p)));
    if (seq && !/\bseq_printf\b/.test(this.source.text)) return;
    const text = seq ? '\n  seq_printf(m, "new %d\\n", 7);' : "\n  let spare: u32 = 5;\n  spare += 2;";
    const kind = seq ? "line of output" : "statement added";
    this.edits.push(makeEdit(this.source, kind, { from, to: from, text }));
  }

  private visit(node: ts.Node): void {
    if (ts.isCallExpression(node) && MEMORY.test(this.text(node.expression))) return;
    if (ts.isWhileStatement(node)) return void ts.forEachChild(node.statement, (n) => this.loop(n));
    if (ts.isForStatement(node)) {
      if (node.condition) this.bound(node.condition);
      return void ts.forEachChild(node.statement, (n) => this.loop(n));
    }
    this.node(node);
    ts.forEachChild(node, (n) => this.visit(n));
  }

  /** In a loop nothing is changed that might keep it from ending. */
  private loop(node: ts.Node): void {
    const before = this.inLoop;
    this.inLoop = true;
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) this.visit(node);
    this.inLoop = before;
  }

  private bound(condition: ts.Expression): void {
    if (!ts.isBinaryExpression(condition)) return;
    if (condition.operatorToken.kind !== ts.SyntaxKind.LessThanToken) return;
    this.add("loop bound", condition.left, `${this.text(condition.left)} + 1`);
  }

  private node(node: ts.Node): void {
    if (ts.isNumericLiteral(node)) this.number(node);
    else if (ts.isStringLiteral(node)) this.word(node);
    else if (ts.isPropertyAccessExpression(node)) this.errno(node);
    else if (ts.isBinaryExpression(node)) this.operator(node);
    else if (ts.isIfStatement(node)) this.branches(node);
    else if (ts.isConditionalExpression(node)) {
      const [yes, no] = [this.text(node.whenTrue), this.text(node.whenFalse)];
      this.add("branches swapped", node, `${this.text(node.condition)} ? ${no} : ${yes}`);
    } else if (ts.isExpressionStatement(node)) this.statement(node);
    else if (ts.isReturnStatement(node) && node.expression) this.returned(node.expression);
  }

  private number(node: ts.NumericLiteral): void {
    if (ts.isPropertyAccessExpression(node.parent) || ts.isTypeNode(node.parent)) return;
    if (ts.isCaseClause(node.parent)) return;
    const n = this.text(node);
    this.add("constant", node, `${Number(n) + 1}`);
    if (Number(n) < 1000) this.helpers(node, n);
  }

  /** The number comes from something new in the file. */
  private helpers(node: ts.Node, n: string): void {
    const name = `edited_${this.name}_${node.pos}`;
    const call = (...args: string[]) => `${name}(${args.join(", ")})`;
    const make = (head: string, body: string) => this.after(`${head} {\n  ${body}\n}`);
    this.add("helper", node, call(n), make(`function ${name}(n: i32): i32`, "return n * 2 + 1;"));
    this.add(
      "helper with a default argument",
      node,
      call(n),
      make(`function ${name}(n: i32, by: i32 = 2): i32`, "return n * by + 1;"),
    );
    const inline = `// @ts-ignore: decorator\n@inline\nfunction ${name}(n: i32): i32`;
    this.add("@inline helper", node, call(n), make(inline, "if (n > 7) return n * 2;\n  return n * 2 + 1;"));
    this.add(
      "new enum",
      node,
      `Edited_${name}.ON`,
      make(`const enum Edited_${name}`, `OFF,\n  ON = ${n} + 2,`),
    );
  }

  /** Another word; conversions stay. */
  private word(node: ts.StringLiteral): void {
    const text = this.text(node);
    this.add("message", node, `"x${text.slice(1)}`);
    this.add("message", node, `${text[0]}${text.slice(1).replace(/([A-Za-z])(?=[a-z: \t]+)/, "$1Z")}`);
  }

  private errno(node: ts.PropertyAccessExpression): void {
    if (this.text(node.expression) !== "Errno") return;
    this.add("errno", node, node.name.text === "EIO" ? "Errno.ENXIO" : "Errno.EIO");
  }

  private operator(node: ts.BinaryExpression): void {
    const op = node.operatorToken;
    const other = OPERATORS[op.kind];
    // A pointer that is null after all is a crash, in both kernels alike, and shows nothing.
    if (other !== undefined && !/\bnull\b/.test(this.text(node))) this.add("operator", op, other);
  }

  private branches(node: ts.IfStatement): void {
    if (/\bnull\b/.test(this.text(node.expression))) return;
    this.add("branches swapped", node.expression, `!(${this.text(node.expression)})`);
    const whole = this.text(node.thenStatement);
    if (!node.elseStatement && !/^(\{|return)/.test(whole)) this.add("check removed", node, whole);
  }

  private statement(node: ts.ExpressionStatement): void {
    if (!ts.isCallExpression(node.expression)) return;
    this.add("call removed", node, "");
    this.add("call twice", node, `${this.text(node)}\n  ${this.text(node)}`);
  }

  private returned(value: ts.Expression): void {
    if (this.inLoop || ts.isNumericLiteral(value)) return;
    const type = this.fn.type ? this.text(this.fn.type) : "void";
    if (!/^[iu](32|64|size)$/.test(type)) return;
    const text = `{\n  const before: ${type} = ${this.text(value)};\n  return before + <${type}>3;\n  }`;
    this.add("new local", value.parent, text);
  }
}

export function bodyEdits(source: Source, fn: Body): Edit[] {
  return new Site(source, fn).edits;
}
