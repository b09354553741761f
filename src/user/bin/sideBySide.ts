// sideBySide.ts - diff -y: two files in two columns, and what is different between them.

/** A piece of both files: lines that are equal, or what became of what. */
export interface Piece {
  equal: boolean;
  left: Line[];
  right: Line[];
}

export interface Line {
  text: string;
  /** False for a last line without newline. */
  complete: boolean;
}

export interface Layout {
  /** Columns of the whole line. */
  width: number;
  tab: number;
  expandTabs: boolean;
  /** --left-column, --suppress-common-lines. */
  leftOnly: boolean;
  onlyChanges: boolean;
}

/** Columns between the halves, at least. */
const GUTTER = 3;

/** How wide a half is, and where the right one begins: at a tab stop, so that its tabs come out right. */
function halves({ width, tab, expandTabs }: Layout): { half: number; right: number } {
  const unit = expandTabs ? 1 : tab;
  const middle = (width >> 1) + ((unit + GUTTER) >> 1) + (width & (unit + GUTTER) & 1);
  const at = middle - (middle % unit);
  const half = at <= GUTTER || width <= at ? 0 : Math.min(at - GUTTER, width - at);
  return { half, right: half > 0 ? at : width };
}

/** Blanks from one column to another. */
function fill(from: number, to: number, { tab, expandTabs }: Layout): string {
  let out = "";
  let at = from;
  if (!expandTabs) {
    for (let stop = at + tab - (at % tab); stop <= to; stop += tab) {
      out += "\t";
      at = stop;
    }
  }
  return out + " ".repeat(Math.max(0, to - at));
}

/** What of a line fits a half, and the column behind it. */
function cut(text: string, half: number, { tab, expandTabs }: Layout): { text: string; end: number } {
  let [out, read, end] = ["", 0, 0];
  for (const char of text) {
    if (char !== "\t") {
      if (++read <= half) {
        out += char;
        end = read;
      }
      continue;
    }
    const stop = read + tab - (read % tab);
    if (read === end) {
      if (expandTabs) {
        const to = Math.min(half, stop);
        out += " ".repeat(Math.max(0, to - end));
        end = Math.max(end, to);
      } else if (stop < half) {
        out += "\t";
        end = stop;
      }
    }
    read = stop;
  }
  return { text: out, end };
}

function row(left: Line | null, mark: string, right: Line | null, layout: Layout): string {
  const { half, right: column } = halves(layout);
  let [out, at] = ["", 0];
  if (left) {
    const shown = cut(left.text, half, layout);
    [out, at] = [shown.text, shown.end];
  }
  if (mark !== " ") {
    const middle = (half + column - 1) >> 1;
    let sign = mark;
    // One of them has no newline at its end.
    if (mark === "|" && left!.complete !== right!.complete) sign = left!.complete ? "/" : "\\";
    out += fill(at, middle, layout) + sign;
    at = middle + 1;
  }
  if (right && right.text !== "") out += fill(at, column, layout) + cut(right.text, half, layout).text;
  return out + (left?.complete || right?.complete ? "\n" : "");
}

export function sideBySide(pieces: Piece[], layout: Layout): string {
  let out = "";
  for (const { equal, left, right } of pieces) {
    if (equal && layout.onlyChanges) continue;
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      const [a, b] = [left[i] ?? null, right[i] ?? null];
      if (equal) out += layout.leftOnly ? row(a, "(", null, layout) : row(a, " ", b, layout);
      else out += row(a, a && b ? "|" : a ? "<" : ">", b, layout);
    }
  }
  return out;
}
