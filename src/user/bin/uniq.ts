// uniq.ts - uniq.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { encode } from "../text.ts";
import { type Command, linesOf, utility, writeFully } from "./command.ts";

interface Style {
  fields: number;
  chars: number;
  width: number;
  end: string;
  /** Groups set apart by an empty line. */
  apart: "none" | "separate" | "prepend" | "append" | "both";
  /** Lines of a group that are shown: the first, or all. */
  all: boolean;
}

async function count(c: Command, option: string, what: string, fallback: number): Promise<number> {
  const text = c.value(option) ?? String(fallback);
  if (!/^(\d+|Infinity)$/.test(text)) await c.die(`${text}: invalid number of ${what}`);
  return Number(text);
}

async function styleOf(c: Command): Promise<Style> {
  if (c.value("group") === "") c.override("group", "separate");
  const group = await c.choose("group", [["prepend"], ["append"], ["separate"], ["both"]]);
  const repeated = c.value("all-repeated")
    ? await c.choose("all-repeated", [["none"], ["prepend"], ["separate"]])
    : "none";
  if (group && (c.has("c") || c.has("d") || c.has("D") || c.has("u")))
    await c.usage("--group is mutually exclusive with -c/-d/-D/-u");
  if (c.has("D") && c.has("c"))
    await c.usage("printing all duplicated lines and repeat counts is meaningless");
  return {
    fields: await count(c, "f", "fields to skip", 0),
    chars: await count(c, "s", "bytes to skip", 0),
    width: await count(c, "w", "bytes to compare", Infinity),
    end: c.has("z") ? "\0" : "\n",
    apart: (group ?? repeated) as Style["apart"],
    all: group !== undefined || c.has("D"),
  };
}

/** What of a line is compared. */
function key(c: Command, style: Style, line: string): string {
  let s = line;
  for (let n = style.fields; n > 0; n--) s = s.replace(/^\s*\S+/, "");
  s = s.slice(style.chars, style.width === Infinity ? undefined : style.chars + style.width);
  return c.has("i") ? s.toLowerCase() : s;
}

class Groups {
  private shown = 0;

  constructor(
    private readonly c: Command,
    private readonly style: Style,
    private readonly write: (text: string) => Promise<void>,
  ) {}

  async emit(group: string[]): Promise<void> {
    const { c, style } = this;
    const many = group.length > 1;
    const grouped = c.has("group");
    if (group.length === 0 || (c.has("u") && many)) return;
    if ((c.has("d") || (c.has("D") && !grouped)) && !many) return;
    const before =
      style.apart === "prepend" || style.apart === "both"
        ? true
        : style.apart === "separate" && this.shown > 0;
    if (before && !(style.apart === "both" && this.shown > 0)) await this.write(style.end);
    const head = c.has("c") ? `${String(group.length).padStart(7)} ` : "";
    for (const line of style.all ? group : group.slice(0, 1)) await this.write(head + line + style.end);
    if (style.apart === "append" || style.apart === "both") await this.write(style.end);
    this.shown++;
  }
}

async function output(c: Command): Promise<(text: string) => Promise<void>> {
  const path = c.operands[1];
  if (path === undefined || path === "-") return (text) => c.out(text);
  const fd = await attempt(c.sys.open(path, Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666));
  if (!fd.ok) return c.die(`${path}: ${strerror(fd.code)}`);
  return (text) => writeFully(c.sys, fd.value, encode(text));
}

async function run(c: Command): Promise<void> {
  if (c.operands.length > 2) await c.usage(`extra operand ‘${c.operands[2]}’`);
  const style = await styleOf(c);
  const path = c.operands[0] ?? "-";
  const fd = await c.open(path);
  if (fd === null) return;
  const st = await c.sys.fstat(fd);
  if ((st.mode & 0o170000) === 0o040000) await c.die(`error reading '${path}'`);
  const groups = new Groups(c, style, await output(c));
  let group: string[] = [];
  for await (const { text } of linesOf(c.sys, fd, style.end.charCodeAt(0))) {
    if (group.length > 0 && key(c, style, group[0]!) !== key(c, style, text)) {
      await groups.emit(group);
      group = [];
    }
    group.push(text);
  }
  await groups.emit(group);
}

export const uniq = utility(
  "uniq",
  {
    help: `Usage: uniq [OPTION]... [INPUT [OUTPUT]]
Filter adjacent matching lines from INPUT (or standard input), writing to OUTPUT.

  -c, --count           prefix lines by the number of occurrences
  -d, --repeated        only print duplicate lines, one for each group
  -D                    print all duplicate lines
      --all-repeated[=METHOD]  like -D, but groups are separated: none, prepend, separate
  -f, --skip-fields=N   avoid comparing the first N fields
      --group[=METHOD]  show all items, groups separated: separate, prepend, append, both
  -i, --ignore-case     ignore differences in case when comparing
  -s, --skip-chars=N    avoid comparing the first N characters
  -u, --unique          only print unique lines
  -w, --check-chars=N   compare no more than N characters in lines
  -z, --zero-terminated line delimiter is NUL, not newline`,
    options:
      "c,count d,repeated D,all-repeated? f:,skip-fields ,group? i,ignore-case s:,skip-chars u,unique w:,check-chars z,zero-terminated",
  },
  run,
);
