/**
 * Edits outside of bodies that the compiler carries into functions: constants,
 * members of enums, default arguments, structs.
 */

import ts from "typescript";
import { type Edit, makeEdit, type Source, span } from "./edit.ts";

/** Of a declaration that targets.ts names. */
export function declarationEdits(source: Source, node: ts.Statement, name: string): Edit[] {
  if (ts.isVariableStatement(node)) return constant(source, node, name);
  if (ts.isEnumDeclaration(node)) return node.members.flatMap((member) => enumMember(source, member));
  if (ts.isClassDeclaration(node)) return classEdits(source, node);
  return [];
}

function constant(source: Source, node: ts.VariableStatement, name: string): Edit[] {
  const declared = node.declarationList.declarations.find((d) => d.name.getText(source.node) === name);
  const value = declared?.initializer;
  if (value === undefined) return [];
  const text = value.getText(source.node);
  if (ts.isNumericLiteral(value)) {
    return [makeEdit(source, "file's constant", { ...span(value, source), text: `${Number(text) + 2}` })];
  }
  if (!ts.isStringLiteral(value)) return [];
  return [makeEdit(source, "file's word", { ...span(value, source), text: `"y${text.slice(1)}` })];
}

function enumMember(source: Source, member: ts.EnumMember): Edit[] {
  if (member.initializer === undefined || !ts.isNumericLiteral(member.initializer)) return [];
  const value = Number(member.initializer.text);
  const change = { ...span(member.initializer, source), text: `${value + 8}` };
  const before = {
    from: member.getStart(source.node),
    to: member.getStart(source.node),
    text: `SPARE_${value} = 99,\n  `,
  };
  return [
    makeEdit(source, "enum member", change),
    makeEdit(source, "enum member inserted", before, "unchanged"),
  ];
}

/** The value a parameter has when it is left out. */
export function defaultArguments(source: Source, fn: ts.FunctionDeclaration): Edit[] {
  return fn.parameters.flatMap(({ initializer: value }) => {
    if (value === undefined || !ts.isNumericLiteral(value)) return [];
    return [
      makeEdit(source, "default argument", { ...span(value, source), text: `${Number(value.text) + 1}` }),
    ];
  });
}

function classEdits(source: Source, node: ts.ClassDeclaration): Edit[] {
  const fields = node.members.filter(ts.isPropertyDeclaration);
  const [first, second] = fields;
  const last = fields.at(-1);
  if (!first || !second || !last) return [];
  const text = (n: ts.Node) => n.getText(source.node);
  const appended = { from: last.getEnd(), to: last.getEnd(), text: "\n  appended: u64;" };
  const method = { from: last.getEnd(), to: last.getEnd(), text: "\n  unused(): i32 {\n    return 5;\n  }" };
  const swapped = {
    from: first.getStart(source.node),
    to: second.getEnd(),
    text: `${text(second)}\n  ${text(first)}`,
  };
  return [
    makeEdit(source, "struct field appended", appended),
    makeEdit(source, "method added", method, "unchanged"),
    makeEdit(source, "struct fields swapped", swapped, "layout"),
    fieldRenamed(source, text(first.name)),
  ];
}

/** Everywhere in the file; it is nowhere else. */
function fieldRenamed(source: Source, name: string): Edit {
  const places = [...source.text.matchAll(new RegExp(`(?<=\\.|^  )${name}\\b`, "gm"))].map(({ index }) => ({
    from: index,
    to: index + name.length,
    text: `${name}_renamed`,
  }));
  return makeEdit(source, "struct field renamed", places[0]!, "unchanged", places.slice(1));
}
