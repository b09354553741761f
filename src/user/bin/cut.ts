// cut.ts - cut.

import type { Program } from "../sys.ts";
import { decode, encode } from "../text.ts";
import { SysError } from "../sys.ts";
import { strerror } from "../errno.ts";
import { type Command, linesOf, utility } from "./command.ts";

type Range = [number, number];

/** `1,3-5,7-` as ranges of 1-based positions, in order. */
async function ranges(c: Command, list: string, fields: boolean): Promise<Range[]> {
  const out: Range[] = [];
  for (const item of list.split(/[, \t]/)) {
    const m = /^(\d*)(-?)(\d*)$/.exec(item);
    if (!m)
      await c.usage(fields ? `invalid field value ‘${item}’` : `invalid byte/character position ‘${item}’`);
    const [, first, dash, last] = m!;
    if (dash && !first && !last) await c.usage("invalid range with no endpoint: -");
    if (Number(first || 1) === 0 || item === "" || (last && Number(last) === 0))
      await c.usage(fields ? "fields are numbered from 1" : "byte/character positions are numbered from 1");
    const from = Number(first || 1);
    const to = !dash ? from : last ? Number(last) : Infinity;
    if (to < from) await c.usage("invalid decreasing range");
    out.push([from, to]);
  }
  return out.sort((a, b) => a[0] - b[0]);
}

/** Which range a position is in; -1 for none. Two that touch are still two. */
function rangeOf(list: Range[], n: number): number {
  return list.findIndex(([from, to]) => n >= from && n <= to);
}

/** What is left of a line's parts, with `between` where something is left out or another range begins. */
function chosen(parts: string[], list: Range[], complement: boolean, between: string): string {
  let out = "";
  let before = -2;
  parts.forEach((part, i) => {
    const range = rangeOf(list, i + 1);
    if (range >= 0 === complement) return;
    const apart = complement ? before !== i - 1 : before !== range;
    if (out !== "" && apart) out += between;
    out += part;
    before = complement ? i : range;
  });
  return out;
}

const bytesOf = (line: string): string[] => Array.from(encode(line), (byte) => decode(Uint8Array.of(byte)));

async function cutFile(c: Command, fd: number, cutLine: (line: string) => string | null): Promise<void> {
  const end = c.has("z") ? "\0" : "\n";
  for await (const { text } of linesOf(c.sys, fd, c.has("z") ? 0 : 10)) {
    const left = cutLine(text);
    if (left !== null) await c.out(left + end);
  }
}

/** How a line is cut, as the options say. */
async function cutter(c: Command): Promise<(line: string) => string | null> {
  const kinds = ["f", "c", "b"].filter((k) => c.has(k));
  if (kinds.length === 0) await c.usage("you must specify a list of bytes, characters, or fields");
  if (c.values("f").length + c.values("c").length + c.values("b").length > 1)
    await c.usage("only one list may be specified");
  const fields = kinds[0] === "f";
  const list = await ranges(c, c.value(kinds[0]!)!, fields);
  if (!fields && c.has("d"))
    await c.usage("an input delimiter may be specified only when operating on fields");
  if (!fields && c.has("s"))
    await c.usage("suppressing non-delimited lines makes sense\n\tonly when operating on fields");
  const delimiter = c.value("d") === "" ? "\0" : (c.value("d") ?? "\t");
  if (encode(delimiter).length > 1) await c.usage("the delimiter must be a single character");
  const complement = c.has("complement");
  const between = c.value("output-delimiter");
  if (!fields)
    return (line) => {
      // Without a text in between the bytes of a character come together again.
      const kept = chosen(bytesOf(line), list, complement, between ?? "");
      return decode(encode(kept));
    };
  return (line) => {
    const parts = line.split(delimiter);
    if (parts.length === 1) return c.has("s") ? null : line;
    const kept = parts.filter((_, i) => rangeOf(list, i + 1) >= 0 !== complement);
    return kept.join(between ?? delimiter);
  };
}

export const cut: Program = utility(
  "cut",
  {
    help: `Usage: cut OPTION... [FILE]...
Print selected parts of lines from each FILE to standard output.

  -b, --bytes=LIST        select only these bytes
  -c, --characters=LIST   select only these characters; they are bytes
  -d, --delimiter=DELIM   use DELIM instead of TAB for field delimiter
  -f, --fields=LIST       select only these fields
      --complement        complement the set of selected parts
  -s, --only-delimited    do not print lines not containing delimiters
      --output-delimiter=STRING  use STRING as the output delimiter
  -z, --zero-terminated   line delimiter is NUL, not newline`,
    options:
      "b:,bytes c:,characters d:,delimiter f:,fields ,complement s,only-delimited ,output-delimiter: z,zero-terminated n",
  },
  async (c) => {
    const cutLine = await cutter(c);
    for (const path of c.inputs) {
      const fd = await c.open(path);
      if (fd === null) continue;
      try {
        await cutFile(c, fd, cutLine);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        await c.warn(`${path}: ${strerror(e.code)}`);
      }
      await c.close(fd);
    }
  },
);
