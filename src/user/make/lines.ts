// lines.ts - a makefile's text as logical lines: continuations joined, comments gone.

export interface MakeLine {
  /** Where it begins, from 1. */
  number: number;
  text: string;
  /** It begins with a tab: a recipe line when a rule is open. */
  recipe: boolean;
}

/** A backslash before the newline joins lines; a recipe keeps it for its shell. */
export function logicalLines(text: string): MakeLine[] {
  const raw = text.replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");
  const lines: MakeLine[] = [];
  for (let i = 0; i < raw.length; i++) {
    const number = i + 1;
    const recipe = raw[i].startsWith("\t");
    let line = raw[i];
    while (/(^|[^\\])(\\\\)*\\$/.test(line) && i + 1 < raw.length) {
      i++;
      line = recipe
        ? `${line}\n${raw[i].replace(/^\t/, "")}`
        : `${line.slice(0, -1).trimEnd()} ${raw[i].trimStart()}`;
    }
    lines.push({ number, text: line, recipe });
  }
  return lines;
}

/** Without a comment; `\#` is a plain `#`. */
export function withoutComment(text: string): string {
  const at = /(^|[^\\])#/.exec(text);
  const kept = at ? text.slice(0, at.index + at[1].length) : text;
  return kept.replaceAll("\\#", "#");
}

/** Position of the first of `chars` outside of `$(…)`; -1 for none. */
export function findOutside(text: string, chars: string, from = 0): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "$" && (text[i + 1] === "(" || text[i + 1] === "{")) {
      depth++;
      i++;
    } else if (depth > 0 && (text[i] === "(" || text[i] === "{")) depth++;
    else if (depth > 0 && (text[i] === ")" || text[i] === "}")) depth--;
    else if (depth === 0 && chars.includes(text[i])) return i;
  }
  return -1;
}
