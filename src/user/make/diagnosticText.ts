// diagnosticText.ts - compiler messages as gcc lays them out.
import type { BuildDiagnostic } from "../kpatch/buildJob.ts";

/**
 *   hello.ts:5:3: error: Cannot find name 'foo'.
 *       5 |   foo();
 *         |   ^~~
 */
export function diagnosticLines(file: string, severity: string, d: BuildDiagnostic, text: string): string {
  const head = `${file}:${d.line}:${d.column}: ${severity}: ${d.message}`;
  const line = text.split("\n")[d.line - 1];
  if (line === undefined || d.length === 0) return head;
  const number = String(d.line).padStart(5);
  const blank = line.slice(0, d.column - 1).replace(/[^\t]/g, " ");
  const marked = Math.max(1, Math.min(d.length, line.length - d.column + 1));
  return `${head}\n${number} | ${line}\n${" ".repeat(5)} | ${blank}^${"~".repeat(marked - 1)}`;
}
