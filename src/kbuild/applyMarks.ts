/** What an author's marks make of the changes that were found. */

import type { FunctionNote } from "../user/kpatch/buildJob";
import type { Changes } from "./compare";
import { bootSections } from "./initCode";
import type { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { isCallback, type Mark } from "./marks";
import { fileOf } from "./names";
import type { Reason } from "./reasons";

export interface Marked {
  /** Without what is to be ignored. */
  changes: Changes;
  notes: FunctionNote[];
  /** Marks that name nothing. */
  reasons: Reason[];
}

const MACROS: Record<string, string> = {
  ignore_function: "KPATCH_IGNORE_FUNCTION",
  ignore_section: "KPATCH_IGNORE_SECTION",
  force_unsafe: "KPATCH_FORCE_UNSAFE",
};

export function applyMarks(found: Changes, marks: Mark[], kernel: KernelIndex, object: KObject): Marked {
  const result: Marked = { changes: found, notes: [], reasons: [] };
  if (marks.length === 0) return result;
  const sections = bootSections(kernel);
  for (const mark of marks) {
    if (!exists(mark, sections, kernel, object)) {
      const macro = MACROS[mark.kind] ?? `KPATCH_${mark.kind.toUpperCase()}_CALLBACK`;
      const details = [`${macro}: can't find ${mark.name}`];
      result.reasons.push({ id: "mark", file: mark.file, details, summary: "1 mark(s) without an object" });
    } else if (!isCallback(mark)) apply(result, mark, sections);
  }
  return result;
}

function exists(mark: Mark, sections: Map<string, string>, kernel: KernelIndex, object: KObject): boolean {
  if (mark.kind !== "ignore_section") return object.functions.has(pathName(mark));
  const datum = dataName(mark);
  if (datum) return kernel.globals.has(datum) || kernel.data.has(datum);
  const inFile = (name: string) => kernel.functions.get(name)!.file === mark.file;
  return [...sections].some(([name, section]) => section === mark.name && inFile(name));
}

const pathName = ({ file, name }: Mark): string => `${file.replace(/\.ts$/, "")}/${name}`;

/** Path name of the variable that has a section of its own. */
function dataName({ file, name }: Mark): string | null {
  const bare = /^\.(?:data|bss|rodata)\.(\w+)$/.exec(name)?.[1];
  return bare === undefined ? null : `${file.replace(/\.ts$/, "")}/${bare}`;
}

function apply(result: Marked, mark: Mark, sections: Map<string, string>): void {
  const { file, name: func } = mark;
  const { changes, notes } = result;
  if (mark.kind === "force_unsafe") {
    notes.push({ file, kind: "force-unsafe", func });
    return;
  }
  const ignored =
    mark.kind === "ignore_function"
      ? (name: string) => name === pathName(mark)
      : (name: string) => fileOf(name) === file && sections.get(name) === func;
  const kept = changes.changed.filter(({ orig }) => !ignored(orig.name));
  const data = mark.kind === "ignore_section" ? dataName(mark) : null;
  result.changes = { ...changes, changed: kept, data: changes.data.filter((d) => d.name !== data) };
  if (mark.kind === "ignore_section") notes.push({ file, kind: "ignoring-section", func });
  else {
    notes.push({ file, kind: "ignoring", func });
    const isSame = kept.length === changes.changed.length;
    if (isSame) notes.push({ file, kind: "needless-ignore", func });
  }
}
