// elementDescriptor.ts - `{name[index]}>file`, which the parser takes for a word.

import type { Redir, Word } from "./ast.ts";

/** A piece of the source. */
interface Piece {
  pos: number;
  end: number;
  text: string;
}

/** Such a word right before a redirection becomes the variable that holds its descriptor. */
export function takeElementDescriptors(
  operators: readonly { pos: number }[],
  pieces: readonly Piece[],
  args: Word[],
  redirs: Redir[],
): void {
  for (const [i, { pos }] of operators.entries()) {
    const before = pieces.find((p) => p.end === pos)?.text ?? "";
    const element = /^\{([A-Za-z_]\w*\[.+\])\}$/.exec(before)?.[1];
    if (element === undefined) continue;
    redirs[i]!.fdVar = element;
    args.splice(
      args.findIndex((a) => a.src === before),
      1,
    );
  }
}
