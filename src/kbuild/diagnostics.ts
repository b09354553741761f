/** Compiler messages as data, for editors and for the patch builder. */

export interface Diagnostic {
  file: string;
  /** From 1. */
  line: number;
  column: number;
  /** Characters the message is about; 0 when unknown. */
  length: number;
  message: string;
  code: number;
  severity: "error" | "warning";
}

/** The part of asc's DiagnosticMessage this file reads. */
export interface AscDiagnostic {
  code: number;
  category: number;
  message: string;
  range: {
    start: number;
    end: number;
    source: { normalizedPath: string };
  } | null;
}

const WARNING = 2;
const ERROR = 3;
/** "Only variables, functions and enums become exports": nobody asked. */
export const EXPORT_WARNING = 235;

/** Null for what is neither an error nor a warning somebody should see. */
export function readDiagnostic(d: AscDiagnostic, files: Map<string, string>): Diagnostic | null {
  const { message, code, category, range } = d;
  if (category !== ERROR && category !== WARNING) return null;
  if (code === EXPORT_WARNING) return null;
  const severity = category === ERROR ? "error" : "warning";
  const file = range?.source.normalizedPath ?? "";
  const start = range?.start ?? 0;
  const length = (range?.end ?? 0) - start;
  const place = placeIn(files.get(file) ?? "", start);
  return { file, ...place, length, message, code, severity };
}

function placeIn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
