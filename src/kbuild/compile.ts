/**
 * Runs the AssemblyScript compiler over a tree held in memory.
 *
 * Every file given as an entry has its exported functions compiled, whether
 * something calls them or not; equal export names in several entries do no
 * harm, because asc's exports are not used (functions are named by path).
 */

import asc from "assemblyscript/asc";
import type { AscProgram } from "./ascFacts";
import { EXPORT_WARNING, readDiagnostic, type AscDiagnostic, type Diagnostic } from "./diagnostics";
import type { KObject } from "./kobject";
import { markAtomic, NOSLEEP_LIST } from "./nosleep";
import { listed, NOTRACE_LIST } from "./notrace";
import { readObject } from "./object";
import { managedErrors, ownText, topLevelError } from "./ownErrors";
import { TopLevelCode } from "./start";
import { COMPILE_BASE } from "./symbolic";

/** Source texts by path relative to kernel-as/. */
export type FileMap = Map<string, string>;

export type CompileResult =
  /** read: the files it was compiled from, in the order they were asked for. */
  | { kind: "compiled"; object: KObject; warnings: Diagnostic[]; read: string[] }
  | { kind: "compile-error"; diagnostics: Diagnostic[]; text: string };

const FLAGS = [
  ..."-O0 --noAssert --runtime stub --importMemory --importTable".split(" "),
  ...`--memoryBase ${COMPILE_BASE} --initialMemory 30000`.split(" "),
  ...`--disableWarning ${EXPORT_WARNING} --noValidate --noEmit --noColors`.split(" "),
];

/**
 * Compiles the files `entries` of a tree and what they import.
 * @param countArguments as readObject() has it
 * @returns the object, or asc's messages; a user's mistake is never thrown.
 */
export async function compileTree(
  files: FileMap,
  entries: string[],
  countArguments?: boolean,
): Promise<CompileResult> {
  const found: Diagnostic[] = [];
  const read = new Set<string>();
  const notrace = listed(files.get(NOTRACE_LIST));
  let object: KObject | undefined;
  /** asc makes the instance and adds the program it compiled to it. */
  class TakeObject {
    declare program: AscProgram;
    afterCompile(module: Parameters<typeof readObject>[0]): void {
      object = readObject(module, this.program, notrace, countArguments);
      object.sources = files;
      markAtomic(object, files.get(NOSLEEP_LIST));
    }
  }
  const result = await asc.main([...entries, ...FLAGS], {
    readFile: (path: string) => {
      if (files.has(path)) read.add(path);
      return files.get(path) ?? null;
    },
    writeFile: () => undefined,
    listFiles: () => [],
    transforms: [TakeObject as never],
    reportDiagnostic: (d: unknown) => {
      const diagnostic = readDiagnostic(d as AscDiagnostic, files);
      if (diagnostic) found.push(diagnostic);
    },
  });
  // asc reports what a transform throws with our stack: that is no news for an author.
  if (result.error instanceof TopLevelCode) return ownErrors([topLevelError(result.error, files)]);
  const errors = found.filter((d) => d.severity === "error");
  if (errors.length > 0) {
    return { kind: "compile-error", diagnostics: errors, text: withoutWarnings(result.stderr.toString()) };
  }
  if (result.error || !object) throw result.error ?? new Error("asc: no module");
  const managed = managedErrors(object, files);
  if (managed.length > 0) return ownErrors(managed);
  return { kind: "compiled", object, warnings: found, read: [...read] };
}

/** Warnings of the whole kernel are no news for the author of a patch. */
function withoutWarnings(text: string): string {
  const messages = text.split(/^(?=ERROR |WARNING |FAILURE )/m);
  return messages.filter((message) => !message.startsWith("WARNING ")).join("");
}

function ownErrors(diagnostics: Diagnostic[]): CompileResult {
  return { kind: "compile-error", diagnostics, text: ownText(diagnostics) };
}
