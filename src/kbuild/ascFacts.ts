/**
 * What asc knows about a program beyond the module it compiled: which static
 * object stands for which function, where things were declared, and how
 * classes are laid out. Read once, right after compilation.
 */

import type { KLayout } from "./kobject";

/** The part of asc's Program this file reads. */
export interface AscProgram {
  instancesByName: Map<string, AscElement>;
  elementsByName: Map<string, { flags: number }>;
}

/** asc's CommonFlags.Export. */
const EXPORT = 1 << 1;

interface AscElement {
  flags: number;
  internalName: string;
  /** Functions whose address is taken: their static object. */
  memorySegment?: { offset: { low: number } } | null;
  prototype?: { declaration?: AscDeclaration };
  /** Classes. */
  nextMemoryOffset?: number;
  members?: Map<string, AscMember> | null;
}

interface AscDeclaration {
  range: { start: number; source: AscSource };
}

interface AscSource {
  normalizedPath: string;
  lineAt(pos: number): number;
}

interface AscMember {
  memoryOffset?: number;
  type?: { toString(): string };
  /** Fields are properties; the instance carries the offset. */
  instance?: AscMember | null;
}

export interface AscFacts {
  /** Address of a function's static object: name of the function. */
  functionObjects: Map<number, string>;
  /** Where each function was declared. */
  places: Map<string, { file: string; line: number }>;
  layouts: Map<string, KLayout>;
  /** Functions and variables their files export. */
  exported: Set<string>;
}

/** Offset of an object behind its header, as asc lays it out. */
export const OBJECT_HEADER = 20;

export function readFacts(program: AscProgram): AscFacts {
  const facts: AscFacts = {
    functionObjects: new Map(),
    places: new Map(),
    layouts: new Map(),
    exported: new Set(),
  };
  for (const [name, { flags }] of program.elementsByName) {
    if (flags & EXPORT) facts.exported.add(name);
  }
  for (const [name, element] of program.instancesByName) {
    const place = element.prototype?.declaration?.range;
    if (place) facts.places.set(name, placeOf(place));
    if (element.memorySegment) {
      facts.functionObjects.set(element.memorySegment.offset.low, name);
    }
    if (element.nextMemoryOffset !== undefined && !name.startsWith("~lib/")) {
      facts.layouts.set(name, layoutOf(element));
    }
  }
  return facts;
}

function placeOf(range: AscDeclaration["range"]): {
  file: string;
  line: number;
} {
  return {
    file: range.source.normalizedPath,
    line: range.source.lineAt(range.start),
  };
}

function layoutOf(element: AscElement): KLayout {
  const fields: Record<string, string> = {};
  for (const [name, member] of element.members ?? []) {
    const field = member.instance ?? member;
    if (field.memoryOffset === undefined || field.memoryOffset < 0) continue;
    fields[name] = `${field.memoryOffset}:${String(field.type)}`;
  }
  return { size: element.nextMemoryOffset ?? 0, fields };
}
