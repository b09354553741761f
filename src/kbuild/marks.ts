/**
 * The macros of kpatch-macros.h, as lines of a patched file:
 *
 *   KPATCH_IGNORE_FUNCTION(fn);           KPATCH_PRE_PATCH_CALLBACK(fn);
 *   KPATCH_IGNORE_SECTION(".init.text");  KPATCH_POST_PATCH_CALLBACK(fn);
 *   KPATCH_FORCE_UNSAFE(fn);              … PRE_UNPATCH, POST_UNPATCH; also KLP_…
 *
 * They are taken out before the compiler sees the file; nothing moves.
 */

import type { FileMap } from "./compile";

/** Kinds of callbacks as `struct klp_object` has them, in its order. */
export const CALLBACK_KINDS = ["pre_patch", "post_patch", "pre_unpatch", "post_unpatch"] as const;
export type CallbackKind = (typeof CALLBACK_KINDS)[number];

export interface Mark {
  kind: "ignore_function" | "ignore_section" | "force_unsafe" | CallbackKind;
  /** Function, or section without its quotes. */
  name: string;
  file: string;
}

const MACRO =
  /^(?:KPATCH_(IGNORE_FUNCTION|IGNORE_SECTION|FORCE_UNSAFE)|(?:KPATCH|KLP)_((?:PRE|POST)_(?:UN)?PATCH)_CALLBACK)\(\s*"?([\w.]+)"?\s*\);?[ \t]*$/gm;

/** The files without their marks. */
export function takeMarks(files: FileMap, touched: string[]): { files: FileMap; marks: Mark[] } {
  const result: FileMap = new Map(files);
  const marks: Mark[] = [];
  for (const file of touched) {
    const text = files.get(file)?.replace(MACRO, (line, ignore: string, callback: string, name: string) => {
      marks.push({ kind: (ignore ?? callback).toLowerCase() as Mark["kind"], name, file });
      return " ".repeat(line.length);
    });
    if (text !== undefined) result.set(file, text);
  }
  return { files: result, marks };
}

export const isCallback = ({ kind }: Mark): boolean => (CALLBACK_KINDS as readonly string[]).includes(kind);

/** The compiler leaves out what nothing refers to; a callback only the kernel calls. */
export function exportCallbacks(files: FileMap, marks: Mark[]): FileMap {
  const result: FileMap = new Map(files);
  for (const { name, file } of marks.filter(isCallback)) {
    const text = result.get(file)!;
    const isStatic = new RegExp(`^function\\s+${name}\\b`, "m").test(text);
    if (isStatic) result.set(file, `${text}\nexport { ${name} };\n`);
  }
  return result;
}
