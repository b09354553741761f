/**
 * Small edits of kernel functions, as a patch author makes them: another
 * constant, another word, a comparison, swapped branches, a statement more or
 * less, a new local, a new helper function, another loop bound.
 */

import ts from "typescript";
import type { FileMap } from "../../../src/kbuild/compile.ts";
import { TARGETS } from "./targets.ts";

export interface Edit {
  /** What was done, for a failure's report. */
  what: string;
  file: string;
  function: string;
  /** The whole file afterwards. */
  text: string;
}

/** A change of the text between two positions. */
interface Change {
  kind: string;
  from: number;
  to: number;
  text: string;
  /** Text to add at the end of the file. */
  helper?: string;
}

/** Numbers among these are places and sizes in memory: not for a reporter to change. */
const MEMORY = /^(snprintf|store|load|kzalloc|memory|offsetof|changetype)\b/;

const COMPARISONS: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.LessThanToken]: "<=",
  [ts.SyntaxKind.LessThanEqualsToken]: "<",
  [ts.SyntaxKind.GreaterThanToken]: ">=",
  [ts.SyntaxKind.GreaterThanEqualsToken]: ">",
  [ts.SyntaxKind.EqualsEqualsToken]: "!=",
  [ts.SyntaxKind.ExclamationEqualsToken]: "==",
};

const ARITHMETIC: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.PlusToken]: "-",
  [ts.SyntaxKind.MinusToken]: "+",
  [ts.SyntaxKind.AsteriskToken]: "+",
  [ts.SyntaxKind.SlashToken]: "*",
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: "<<",
  [ts.SyntaxKind.LessThanLessThanToken]: ">>",
};

/** Every change that the grammar knows in the target functions of one file. */
class Site {
  readonly changes: Change[] = [];
  #loops = 0;

  constructor(
    private readonly source: ts.SourceFile,
    private readonly fn: ts.FunctionDeclaration,
  ) {
    this.#atStart(fn.body!);
    this.#visit(fn.body!);
  }

  #add(kind: string, node: ts.Node, text: string, helper?: string): void {
    this.changes.push({ kind, from: node.getStart(this.source), to: node.getEnd(), text, helper });
  }

  #text(node: ts.Node): string {
    return node.getText(this.source);
  }

  /** A statement more: a line of output, or a computation that leads nowhere. */
  #atStart(body: ts.Block): void {
    const from = body.getStart(this.source) + 1;
    const seq = this.fn.parameters.some((p) => /SeqFile/.test(this.#text(p)));
    const text = seq ? '\n  seq_printf(m, "new %d\\n", 7);' : "\n  let spare: u32 = 5;\n  spare += 2;";
    const known = !seq || /\bseq_printf\b/.test(this.source.text);
    if (known) this.changes.push({ kind: "statement added", from, to: from, text });
  }

  #visit(node: ts.Node): void {
    if (ts.isCallExpression(node) && MEMORY.test(this.#text(node.expression))) return;
    if (ts.isWhileStatement(node)) return void ts.forEachChild(node.statement, (n) => this.#inLoop(n));
    if (ts.isForStatement(node)) {
      if (node.condition) this.#bound(node.condition);
      return void ts.forEachChild(node.statement, (n) => this.#inLoop(n));
    }
    this.#node(node);
    ts.forEachChild(node, (n) => this.#visit(n));
  }

  /** In a loop nothing is changed that might keep it from ending. */
  #inLoop(node: ts.Node): void {
    this.#loops++;
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) this.#visit(node);
    this.#loops--;
  }

  #bound(condition: ts.Expression): void {
    if (!ts.isBinaryExpression(condition)) return;
    if (condition.operatorToken.kind !== ts.SyntaxKind.LessThanToken) return;
    this.#add("loop bound", condition.left, `${this.#text(condition.left)} + 1`);
  }

  #node(node: ts.Node): void {
    if (ts.isNumericLiteral(node)) this.#number(node);
    else if (ts.isStringLiteral(node)) this.#word(node);
    else if (ts.isBinaryExpression(node)) this.#operator(node);
    else if (ts.isIfStatement(node)) this.#branches(node);
    else if (ts.isConditionalExpression(node)) {
      const [yes, no] = [this.#text(node.whenTrue), this.#text(node.whenFalse)];
      this.#add("branches swapped", node, `${this.#text(node.condition)} ? ${no} : ${yes}`);
    } else if (ts.isExpressionStatement(node)) this.#statement(node);
    else if (ts.isReturnStatement(node) && node.expression) this.#returned(node.expression);
  }

  #number(node: ts.NumericLiteral): void {
    if (ts.isPropertyAccessExpression(node.parent) || ts.isTypeNode(node.parent)) return;
    const n = this.#text(node);
    this.#add("constant", node, `${Number(n) + 1}`);
    const helper = `\nfunction edited_${this.fn.name!.text}(n: i32): i32 {\n  return n * 2 + 1;\n}\n`;
    if (Number(n) < 1000) this.#add("helper function", node, `edited_${this.fn.name!.text}(${n})`, helper);
  }

  /** Another word; conversions stay. */
  #word(node: ts.StringLiteral): void {
    const text = this.#text(node);
    this.#add("message", node, `"x${text.slice(1)}`);
    this.#add(
      "message",
      node,
      `${text.slice(0, 1)}${text.slice(1).replace(/([A-Za-z])(?=[a-z: \t]+)/, "$1Z")}`,
    );
  }

  #operator(node: ts.BinaryExpression): void {
    const op = node.operatorToken;
    const other = COMPARISONS[op.kind] ?? ARITHMETIC[op.kind];
    const nullish = [node.left, node.right].some((n) => n.kind === ts.SyntaxKind.NullKeyword);
    // A pointer that is null after all is a crash, in both kernels alike, and shows nothing.
    if (other !== undefined && !nullish) this.#add("operator", op, other);
  }

  #branches(node: ts.IfStatement): void {
    if (/null/.test(this.#text(node.expression))) return;
    this.#add("branches swapped", node.expression, `!(${this.#text(node.expression)})`);
  }

  #statement(node: ts.ExpressionStatement): void {
    if (!ts.isCallExpression(node.expression)) return;
    this.#add("statement removed", node, "");
    this.#add("statement twice", node, `${this.#text(node)}\n  ${this.#text(node)}`);
  }

  #returned(value: ts.Expression): void {
    if (this.#loops > 0 || ts.isNumericLiteral(value)) return;
    const type = this.fn.type ? this.#text(this.fn.type) : "void";
    if (!/^[iu](32|64|size)$/.test(type)) return;
    const at = value.parent;
    this.#add(
      "new local",
      at,
      `const before: ${type} = ${this.#text(value)};\n  return before + <${type}>3;`,
    );
  }
}

/** All edits of the target functions, in the order of the source. */
export function editsOf(files: FileMap): Edit[] {
  return Object.entries(TARGETS).flatMap(([file, names]) => {
    const text = files.get(file)!;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const functions = source.statements.filter(ts.isFunctionDeclaration);
    return names.flatMap((name) => {
      const fn = functions.find((f) => f.name?.text === name);
      if (fn === undefined) throw new Error(`${file} has no function ${name}`);
      return new Site(source, fn).changes.map((change) => applied(file, name, text, change));
    });
  });
}

function applied(file: string, name: string, text: string, change: Change): Edit {
  const after = text.slice(0, change.from) + change.text + text.slice(change.to) + (change.helper ?? "");
  const was = text.slice(change.from, change.to).replaceAll(/\s+/g, " ");
  const what = `${file}: ${name}: ${change.kind}: ${was} -> ${change.text.replaceAll(/\s+/g, " ")}`;
  return { what, file, function: name, text: after };
}
