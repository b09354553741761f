/** Edits that change no code, and edits that no patch can make: the builder must say so of every one. */

import ts from "typescript";
import { type Change, type Edit, makeEdit, type Source, span } from "./edit.ts";
import type { Body } from "./grammar.ts";

export function neutralInBody(source: Source, fn: Body): Edit[] {
  const start = fn.body!.getStart(source.node) + 1;
  const comment = { from: start, to: start, text: " // Why it is so.\n\n" };
  return [
    makeEdit(source, "comment in a function", comment, "unchanged"),
    ...locals(source, fn).map((name) => renamed(source, fn, name)),
    ...inBody(source, fn),
  ];
}

/** Names declared once, in the function alone. */
function locals(source: Source, fn: Body): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node)) names.push(node.name.getText(source.node));
    ts.forEachChild(node, visit);
  };
  visit(fn.body!);
  return [...new Set(names)].filter((name) => names.indexOf(name) === names.lastIndexOf(name));
}

function renamed(source: Source, fn: Body, name: string): Edit {
  const places: Change[] = [];
  const visit = (node: ts.Node): void => {
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (ts.isIdentifier(node) && node.text === name && !isMember) {
      places.push({ ...span(node, source), text: `${name}_renamed` });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn.body!, visit);
  return makeEdit(source, "local renamed", places[0]!, "unchanged", places.slice(1));
}

function inBody(source: Source, fn: Body): Edit[] {
  const found: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node) && !ts.isBlock(node.thenStatement)) {
      const then = node.thenStatement;
      const text = `{\n    ${then.getText(source.node)}\n  }`;
      found.push(makeEdit(source, "braces", { ...span(then, source), text }, "unchanged"));
    }
    if (ts.isReturnStatement(node) && node.expression) {
      const value = node.expression;
      const text = `(${value.getText(source.node)})`;
      found.push(makeEdit(source, "parentheses", { ...span(value, source), text }, "unchanged"));
    }
    ts.forEachChild(node, visit);
  };
  visit(fn.body!);
  return found;
}

/** Of a file as a whole. */
export function neutralInFile(source: Source): Edit[] {
  const end = source.text.length;
  const added = (text: string): Change => ({ from: end, to: end, text });
  const functions = source.node.statements.filter(ts.isFunctionDeclaration);
  return [
    makeEdit(source, "lines moved", { from: 0, to: 0, text: "// One more line.\n\n\n" }, "unchanged"),
    makeEdit(source, "unused function", added("\nfunction unused(): i32 {\n  return 4;\n}\n"), "unchanged"),
    makeEdit(source, "unused constant", added("\nconst UNUSED = 7;\n"), "unchanged"),
    makeEdit(source, "unused struct", added("\n@unmanaged\nclass Unused {\n  a: i32;\n}\n"), "unchanged"),
    ...functions.slice(1).map((fn, i) => swapped(source, functions[i]!, fn)),
    ...source.node.statements.filter(ts.isVariableStatement).flatMap((node) => firstValue(source, node)),
    ...functions.filter((fn) => /^proc_\w+_init$/.test(fn.name!.text)).map((fn) => atBoot(source, fn)),
  ];
}

/** Two functions, one behind the other, in the other order; what lies between stays. */
function swapped(source: Source, a: ts.FunctionDeclaration, b: ts.FunctionDeclaration): Edit {
  const [first, second] = [span(a, source), span(b, source)];
  const text = (node: ts.Node) => node.getText(source.node);
  const others = [{ ...second, text: text(a) }];
  return makeEdit(source, "functions swapped", { ...first, text: text(b) }, "unchanged", others);
}

/** A variable that is in memory already. */
function firstValue(source: Source, node: ts.VariableStatement): Edit[] {
  if ((node.declarationList.flags & ts.NodeFlags.Let) === 0) return [];
  return node.declarationList.declarations.flatMap(({ initializer: value }) => {
    if (value === undefined || !ts.isNumericLiteral(value)) return [];
    const change = { ...span(value, source), text: `${Number(value.text) + 1}` };
    return [makeEdit(source, "first value", change, "data-value")];
  });
}

function atBoot(source: Source, fn: ts.FunctionDeclaration): Edit {
  const from = fn.body!.getStart(source.node) + 1;
  return makeEdit(
    source,
    "boot code",
    { from, to: from, text: "\n  let spare: u32 = 5;\n  spare += 2;" },
    "init",
  );
}
