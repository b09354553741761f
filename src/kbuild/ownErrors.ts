/**
 * What asc compiles and a kernel cannot have, as messages with a place like
 * asc's own: code at the top level, and memory from the compiler's runtime.
 */

import type { Diagnostic } from "./diagnostics";
import type { KObject } from "./kobject";
import { bareName } from "./names";
import type { TopLevelCode } from "./start";

const ALLOCATOR = /^~lib\/rt\/.*\/(?:__new|__alloc|__renew|__realloc)$/;

/** Functions that make objects at run time: nobody would ever free them, and the runtime has no memory. */
export function managedErrors(object: KObject, files: ReadonlyMap<string, string>): Diagnostic[] {
  const allocates = allocators(object);
  const own = [...object.functions.values()].filter((f) => f.kind !== "inline" && allocates(f.name));
  return own.map((f) => {
    const name = bareName(f.name);
    const message = `Function '${name}' allocates managed memory, which the kernel does not have.`;
    return error(f.file, message, placeOf(name, files.get(f.file) ?? "", f.line));
  });
}

function allocators({ functions }: KObject): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const allocates = (name: string): boolean => {
    if (ALLOCATOR.test(name)) return true;
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    known.set(name, false);
    // What it calls of the kernel has a message of its own.
    const melts = (callee: string) => functions.get(callee)?.kind === "inline";
    const found = (functions.get(name)?.callees ?? []).some((c) => melts(c) && allocates(c));
    known.set(name, found);
    return found;
  };
  return allocates;
}

export function topLevelError(thrown: TopLevelCode, files: ReadonlyMap<string, string>): Diagnostic {
  const text = files.get(thrown.file) ?? "";
  const names = [...thrown.code.matchAll(/\$"?([^\s()"]+)/g)].map((match) => bareName(match[1]!));
  const places = names.map((name) => topLevelPlace(name, text));
  return error(thrown.file, thrown.message, places.find((place) => place !== null) ?? FILE_START);
}

type Place = Pick<Diagnostic, "line" | "column" | "length">;

const FILE_START: Place = { line: 1, column: 1, length: 0 };

/** Where a variable is declared, or a statement at the top level begins with the name. */
function topLevelPlace(name: string, text: string): Place | null {
  const plain = name.replaceAll(/\W/g, "\\$&");
  const found = new RegExp(`^(?:export )?(?:(?:let|const|var) )?${plain}\\b`, "m").exec(text);
  if (!found) return null;
  const line = text.slice(0, found.index).split("\n").length;
  return placeOf(name, text, line);
}

/** The name in its line. */
function placeOf(name: string, text: string, line: number): Place {
  const at = (text.split("\n")[line - 1] ?? "").indexOf(name);
  return at < 0 ? { line, column: 1, length: 0 } : { line, column: at + 1, length: name.length };
}

function error(file: string, message: string, place: Place): Diagnostic {
  return { file, ...place, message, code: 0, severity: "error" };
}

/** In the terminal: shorter than asc's own, which shows the line. */
export function ownText(errors: Diagnostic[]): string {
  return errors.map((e) => `ERROR: ${e.message}\n in ${e.file}(${e.line},${e.column})\n`).join("\n");
}
