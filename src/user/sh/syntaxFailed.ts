// syntaxFailed.ts - tells of a syntax error.

import type { Script } from "./ast.ts";
import type { Shell } from "./shell.ts";

/** Prints a syntax error as bash does, with the offending line. */
export async function syntaxFailed(sh: Shell, script: Script, kind: string): Promise<number> {
  const e = script.error!;
  if (e.message === "") return 0;
  const frame = sh.frames.at(-1);
  const source = frame?.source ?? sh.scriptName ?? sh.name;
  const place = `${source}: ${kind}line ${e.line}: `;
  const typed = sh.interactive && frame?.func !== "source";
  const head = !sh.interactive ? place : typed ? "bash: " : `bash: ${place}`;
  let text = `${head}${e.message}\n`;
  if (e.message.startsWith("syntax error near")) {
    const line = script.source.split("\n")[e.line - script.firstLine] ?? "";
    text += typed ? "" : `${head}\`${line}'\n`;
  }
  await sh.err(text);
  sh.status = 2;
  return 2;
}
