// format.ts - the source of a page to the text of a terminal.
//
//   # HEADING        a section
//   text             a paragraph, filled; **bold**, _underlined_
//   @ term           what follows, up to an empty line, is said about the term
//       verbatim     four blanks: as it is

import { textWidth } from "../../sh/edit/screen.ts";

export interface Page {
  name: string;
  section: number;
  /** One line, without a capital and without a dot. */
  brief: string;
  /** Without NAME, which is made of the above. */
  text: string;
}

const INDENT = 7;
const HANG = 15;

const bold = (text: string): string => `\x1b[1m${text}\x1b[0m`;
const underlined = (text: string): string => `\x1b[4m${text}\x1b[24m`;

/** Marks become colours; without `styled`, nothing. */
function inline(text: string, styled: boolean): string {
  const strong = text.replace(/\*\*([^*]+)\*\*/g, (_, inner: string) => (styled ? bold(inner) : inner));
  return strong.replace(/(?<![\w/.-])_([^_\s][^_]*?)_(?![\w/])/g, (_, inner: string) =>
    styled ? underlined(inner) : inner,
  );
}

/** Words into lines of at most `width` columns. */
function fill(text: string, indent: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && indent + textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line !== "") lines.push(line);
  return lines.map((l) => " ".repeat(indent) + l);
}

/** A term and its description: beside it when the term is short. */
function definition(term: string, about: string, width: number, styled: boolean): string[] {
  const shown = inline(term, styled);
  const body = fill(inline(about, styled), HANG, width);
  const room = HANG - INDENT - 1;
  if (body.length === 0 || textWidth(shown) > room) return [" ".repeat(INDENT) + shown, ...body];
  const gap = " ".repeat(HANG - INDENT - textWidth(shown));
  return [" ".repeat(INDENT) + shown + gap + body[0]!.trimStart(), ...body.slice(1)];
}

function block(lines: string[], width: number, styled: boolean): string[] {
  const [first = ""] = lines;
  if (first.startsWith("# ")) {
    const title = styled ? bold(first.slice(2)) : first.slice(2);
    const rest = lines.slice(1);
    return rest.length > 0 ? [title, ...block(rest, width, styled)] : [title];
  }
  if (first.startsWith("@ ")) return definition(first.slice(2), lines.slice(1).join(" "), width, styled);
  if (first.startsWith("    ")) return lines.map((l) => " ".repeat(INDENT) + l);
  return fill(inline(lines.join(" "), styled), INDENT, width);
}

/** `KPATCH(1)        Patchbay        KPATCH(1)` */
function edge(left: string, middle: string, right: string, width: number): string {
  const gap = Math.max(1, Math.floor((width - middle.length) / 2) - left.length);
  const head = left + " ".repeat(gap) + middle;
  return head + " ".repeat(Math.max(1, width - head.length - right.length)) + right;
}

export function formatPage(page: Page, width: number, styled: boolean): string {
  const title = `${page.name.toUpperCase()}(${page.section})`;
  const source = `# NAME\n${page.name} - ${page.brief}\n\n${page.text.trim()}`;
  const out = [edge(title, "Patchbay Manual", title, width), ""];
  let heading = false;
  for (const text of source.split(/\n{2,}/)) {
    const lines = block(text.split("\n"), width, styled);
    // A heading stands right above what it heads.
    if (heading) out.pop();
    out.push(...lines, "");
    heading = text.startsWith("# ") && !text.includes("\n");
  }
  out.push(edge("Patchbay", "", title, width));
  return `${out.join("\n")}\n`;
}

/** A page for a program that has none: what its --help says. */
export function pageOfHelp(name: string, brief: string, help: string): Page {
  const lines = help.trim().split("\n");
  const isUse = (line: string): boolean => /^usage:/i.test(line) || /^(\s+or:|\t|\s{7})/.test(line);
  let end = 0;
  while (end < lines.length && isUse(lines[end]!)) end++;
  const uses = lines
    .slice(0, end)
    .map((l) => l.replace(/^usage:\s*/i, "").trim())
    .filter(Boolean);
  const rest = lines
    .slice(end)
    .map((l) => `    ${l}`.trimEnd())
    .join("\n");
  const text = `# SYNOPSIS\n${uses.map((u) => `    ${u}`).join("\n")}\n\n# DESCRIPTION\n${rest.replace(/^\n+/, "")}`;
  return { name, section: 1, brief, text };
}
