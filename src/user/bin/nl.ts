// nl.ts - numbers lines, page by page when there are pages.

import { posixRegex } from "../regex.ts";
import { type Command, utility } from "./command.ts";

type Section = "h" | "b" | "f";

const SECTION_NAMES: Record<Section, string> = { h: "header", b: "body", f: "footer" };

/** Whether a line gets a number. */
type Style = (line: string) => boolean;

async function style(c: Command, section: Section, usual: string): Promise<{ all: boolean; test: Style }> {
  const given = c.value(section) ?? usual;
  if (given === "a") return { all: true, test: () => true };
  if (given === "t") return { all: false, test: (line) => line !== "" };
  if (given === "n") return { all: false, test: () => false };
  if (given.startsWith("p")) {
    return { all: false, test: await matcher(c, given.slice(1)) };
  }
  return c.usage(`invalid ${SECTION_NAMES[section]} numbering style: ‘${given}’`);
}

async function matcher(c: Command, source: string): Promise<Style> {
  try {
    const pattern = posixRegex(source, { extended: false });
    return (line) => pattern.test(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return c.die(error.message);
  }
}

/** An option's number; what is no number, or too small, is `what` that is wrong. */
async function number(
  c: Command,
  option: string,
  usual: number,
  what: string,
  least: number,
): Promise<number> {
  const text = c.value(option);
  if (text === undefined) return usual;
  if (!/^\s*[-+]?\d+$/.test(text)) await c.die(`invalid ${what}: ‘${text}’`);
  if (Number(text) < least) await c.die(`invalid ${what}: ‘${text}’: Numerical result out of range`);
  return Number(text);
}

async function formatter(c: Command, width: number): Promise<(n: number) => string> {
  const format = c.value("n") ?? "rn";
  if (format === "ln") return (n) => String(n).padEnd(width);
  if (format === "rn") return (n) => String(n).padStart(width);
  if (format !== "rz") await c.usage(`invalid line numbering format: ‘${format}’`);
  return (n) => (n < 0 ? `-${String(-n).padStart(width - 1, "0")}` : String(n).padStart(width, "0"));
}

/** The section that a line begins, or null. */
function sectionOf(line: string, mark: string): Section | null {
  if (mark === "") return null;
  if (line === mark.repeat(3)) return "h";
  if (line === mark.repeat(2)) return "b";
  return line === mark ? "f" : null;
}

/** One character stands for itself and a colon. */
function delimiter(text: string | undefined): string {
  if (text === undefined) return "\\:";
  return text.length === 1 ? `${text}:` : text;
}

export const nl = utility(
  "nl",
  {
    help: `Usage: nl [OPTION]... [FILE]...
Write each FILE to standard output, with line numbers added.

  -b, --body-numbering=STYLE      use STYLE for numbering body lines
  -d, --section-delimiter=CC      use CC for logical page delimiters
  -f, --footer-numbering=STYLE    use STYLE for numbering footer lines
  -h, --header-numbering=STYLE    use STYLE for numbering header lines
  -i, --line-increment=NUMBER     line number increment at each line
  -l, --join-blank-lines=NUMBER   group of NUMBER empty lines counted as one
  -n, --number-format=FORMAT      insert line numbers according to FORMAT: ln, rn, rz
  -p, --no-renumber               do not reset line numbers for each section
  -s, --number-separator=STRING   add STRING after (possible) line number
  -v, --starting-line-number=NUMBER  first line number for each section
  -w, --number-width=NUMBER       use NUMBER columns for line numbers

STYLE is a (all lines), t (nonempty lines), n (none) or pBRE (lines that match BRE).`,
    options:
      "b:,body-numbering d:,section-delimiter f:,footer-numbering h:,header-numbering i:,line-increment l:,join-blank-lines n:,number-format p,no-renumber s:,number-separator v:,starting-line-number w:,number-width",
  },
  async (c) => {
    const styles = { h: await style(c, "h", "n"), b: await style(c, "b", "t"), f: await style(c, "f", "n") };
    const start = await number(c, "v", 1, "starting line number", -Infinity);
    const increment = await number(c, "i", 1, "line number increment", -Infinity);
    const join = await number(c, "l", 1, "line number of blank lines", 1);
    const width = await number(c, "w", 6, "line number field width", 1);
    const shown = await formatter(c, width);
    const separator = c.value("s") ?? "\t";
    const mark = delimiter(c.value("d"));
    let [n, blanks] = [start, 0];
    let section: Section = "b";
    for await (const line of c.lines()) {
      const next = sectionOf(line, mark);
      if (next !== null) {
        section = next;
        if (!c.has("p")) n = start;
        await c.out("\n");
        continue;
      }
      blanks = line === "" ? blanks + 1 : 0;
      const { all, test } = styles[section];
      const due = all && line === "" && join > 1 ? blanks === join : test(line);
      if (due) {
        await c.out(`${shown(n)}${separator}${line}\n`);
        n += increment;
        blanks = 0;
      } else await c.out(`${" ".repeat(width + separator.length)}${line}\n`);
    }
  },
);
