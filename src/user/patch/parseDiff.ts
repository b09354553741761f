// parseDiff.ts - a unified diff as patch(1) reads it: garbage between the files is skipped.

export interface Hunk {
  oldStart: number;
  oldCount: number;
  newStart: number;
  newCount: number;
  /** Removed and kept lines, added and kept lines; each with its newline, if it has one. */
  lines: HunkLine[];
  /** What follows the second @@: the function. */
  section: string;
}

export interface HunkLine {
  kind: " " | "-" | "+";
  text: string;
}

export interface FilePatch {
  /** Names as written; null when the header has none. `/dev/null` stays. */
  oldName: string | null;
  newName: string | null;
  indexName: string | null;
  /** The two header lines as they were: for a reject file. */
  header: string[];
  /** Every line from the end of the file before: what patch shows when it asks for a name. */
  leading: string[];
  /** Number of the line where the first hunk begins. */
  line: number;
  hunks: Hunk[];
  /** The text breaks off or is no patch any more in a hunk: what patch says after `**** `. */
  broken: string | null;
  /** Its lines ended with CR LF, as a Windows editor or a mail leaves them, and are read without the CR. */
  strippedCR: boolean;
}

/** What patch says of a part with `strippedCR`. */
export const STRIPPED = "(Stripping trailing CRs from patch; use --binary to disable.)";

class MalformedPatch extends Error {}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)\r?$/;

class Reader {
  readonly lines: string[];
  at = 0;
  /** Lines are read without the CR at their end. */
  strips = false;

  constructor(
    text: string,
    readonly binary: boolean,
  ) {
    this.lines = text.split("\n");
    if (this.lines.at(-1) === "") this.lines.pop();
  }

  get line(): string | undefined {
    const line = this.lines[this.at];
    return this.strips ? line?.replace(/\r$/, "") : line;
  }

  malformed(): MalformedPatch {
    return new MalformedPatch(
      this.line === undefined
        ? "unexpected end of file in patch"
        : `malformed patch at line ${this.at + 1}: ${this.line}\n`,
    );
  }
}

/** `a/file<TAB>date` or a C string: only the name. */
function nameOf(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted) return quoted[1]!.replace(/\\(["\\])/g, "$1");
  return text.replace(/\t.*$/, "").trimEnd();
}

/** The parts of a patch, one for each file; only the last can be broken. With `binary` a CR is a byte like any other. */
export function parseDiff(text: string, binary = false): FilePatch[] {
  const reader = new Reader(text, binary);
  const files: FilePatch[] = [];
  for (let file = nextFile(reader); file; file = nextFile(reader)) {
    files.push(file);
    if (file.broken !== null) break;
  }
  return files;
}

function nextFile(reader: Reader): FilePatch | null {
  const start = reader.at;
  const file: FilePatch = {
    oldName: null,
    newName: null,
    indexName: null,
    header: [],
    leading: [],
    line: 0,
    hunks: [],
    broken: null,
    strippedCR: false,
  };
  for (; reader.line !== undefined; reader.at++) {
    if (HUNK.test(reader.line) && (file.oldName ?? file.newName ?? file.indexName) !== null) break;
    readHeader(reader, file);
  }
  if (reader.line === undefined) return null;
  file.leading = reader.lines.slice(start, reader.at);
  file.line = reader.at + 1;
  file.strippedCR = reader.strips;
  readHunks(reader, file);
  return file;
}

function readHunks(reader: Reader, file: FilePatch): void {
  try {
    for (let hunk = nextHunk(reader); hunk; hunk = nextHunk(reader)) file.hunks.push(hunk);
  } catch (error) {
    if (!(error instanceof MalformedPatch)) throw error;
    file.broken = error.message;
  }
}

function readHeader(reader: Reader, file: FilePatch): void {
  const line = reader.line!;
  const next = reader.lines[reader.at + 1] ?? "";
  if (line.startsWith("Index: ")) file.indexName = nameOf(line.slice(7));
  if (!line.startsWith("--- ") || !next.startsWith("+++ ")) return;
  file.oldName = nameOf(line.slice(4));
  file.newName = nameOf(next.slice(4));
  file.header = [line, next];
  reader.at++;
  reader.strips = !reader.binary && next.endsWith("\r");
}

function nextHunk(reader: Reader): Hunk | null {
  const m = HUNK.exec(reader.line ?? "");
  if (!m) return null;
  reader.at++;
  const [oldStart, newStart] = [Number(m[1]), Number(m[3])];
  const [oldCount, newCount] = [Number(m[2] ?? 1), Number(m[4] ?? 1)];
  const lines = hunkBody(reader, oldCount, newCount);
  return { oldStart, oldCount, newStart, newCount, lines, section: m[5]! };
}

function hunkBody(reader: Reader, oldCount: number, newCount: number): HunkLine[] {
  const lines: HunkLine[] = [];
  let [old, added] = [0, 0];
  while (old < oldCount || added < newCount) {
    const kind = kindOf(reader);
    if (kind === null) throw reader.malformed();
    if (kind !== "+") old++;
    if (kind !== "-") added++;
    if (old > oldCount || added > newCount) throw reader.malformed();
    lines.push({ kind, text: `${reader.line!.slice(1)}\n` });
    reader.at++;
    withoutNewline(reader, lines);
  }
  return lines;
}

/** What a line is; mailers turn an empty kept line into an empty line. */
function kindOf(reader: Reader): HunkLine["kind"] | null {
  const first = reader.line?.[0] ?? (reader.line === "" ? " " : "");
  if (first === "\t") return null;
  return first === " " || first === "-" || first === "+" ? first : null;
}

function withoutNewline(reader: Reader, lines: HunkLine[]): void {
  if (!reader.line?.startsWith("\\ ")) return;
  const last = lines.at(-1)!;
  last.text = last.text.slice(0, -1);
  reader.at++;
}

/** The patch that undoes this one. */
export function reversed(hunk: Hunk): Hunk {
  const swap = { " ": " ", "-": "+", "+": "-" } as const;
  const lines = hunk.lines.map(({ kind, text }) => ({ kind: swap[kind], text }));
  return {
    oldStart: hunk.newStart,
    oldCount: hunk.newCount,
    newStart: hunk.oldStart,
    newCount: hunk.oldCount,
    // Removed lines stand before added ones in each run of changes.
    lines: removedFirst(lines),
    section: hunk.section,
  };
}

/** The part of a patch that takes the new file back to the old one. */
export const turned = (part: FilePatch): FilePatch => ({
  ...part,
  oldName: part.newName,
  newName: part.oldName,
  hunks: part.hunks.map(reversed),
});

function removedFirst(lines: HunkLine[]): HunkLine[] {
  const out: HunkLine[] = [];
  for (let i = 0; i < lines.length;) {
    let end = i;
    while (end < lines.length && lines[end]!.kind !== " ") end++;
    const run = lines.slice(i, end);
    out.push(...run.filter((l) => l.kind === "-"), ...run.filter((l) => l.kind === "+"));
    if (end < lines.length) out.push(lines[end]!);
    i = end + 1;
  }
  return out;
}

const range = (start: number, count: number): string => (count === 1 ? `${start}` : `${start},${count}`);

/** The hunk as text, for a reject file. */
export function hunkText(hunk: Hunk, offset: number): string {
  const head = `@@ -${range(hunk.oldStart, hunk.oldCount)} +${range(hunk.newStart + offset, hunk.newCount)} @@`;
  const body = hunk.lines.map(
    ({ kind, text }) => kind + (text.endsWith("\n") ? text : `${text}\n\\ No newline at end of file\n`),
  );
  return `${head}${hunk.section === "" ? "" : ` ${hunk.section}`}\n${body.join("")}`;
}
