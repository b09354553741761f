// journalOptions.ts - the command line of journalctl.
import { LEVELS } from "../kpatch/dmesgFormat.ts";
import { getopt, type Option } from "../kpatch/getopt.ts";
import { Exit, type Tool } from "../kpatch/tool.ts";
import { now, parseMoment } from "./clock.ts";
import type { Entry } from "./journal.ts";
import { fullUnitName } from "./unit.ts";

const OPTIONS: Option[] = [
  { short: "a", long: "all" },
  { short: "b", long: "boot", arg: "optional" },
  { short: "e", long: "pager-end" },
  { short: "f", long: "follow" },
  { short: "g", long: "grep", arg: "required" },
  { short: "h", long: "help" },
  { short: "k", long: "dmesg" },
  { short: "n", long: "lines", arg: "optional" },
  { short: "o", long: "output", arg: "required" },
  { short: "p", long: "priority", arg: "required" },
  { short: "q", long: "quiet" },
  { short: "r", long: "reverse" },
  { short: "S", long: "since", arg: "required" },
  { short: "t", long: "identifier", arg: "required" },
  { short: "u", long: "unit", arg: "required" },
  { short: "U", long: "until", arg: "required" },
  { short: "x", long: "catalog" },
  { long: "list-boots" },
  { long: "no-hostname" },
  { long: "no-pager" },
  { long: "utc" },
  { long: "version" },
];

export interface JournalOptions {
  given: Map<string, string>;
  /** Offset of the boot asked for: 0 this one, -1 the one before; null for all. */
  boot: number | null;
  /** The last so many; null for all. */
  lines: number | null;
  wanted: (entry: Entry) => boolean;
}

async function refuse(tool: Tool, text: string): Promise<never> {
  await tool.err(text);
  throw new Exit(1);
}

/** `-b -1` and `-n 5` have their optional value behind them. */
function joinValues(args: string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? "";
    const takes =
      (/^-[a-z]*b$/.test(before) && /^[-+]?\d+$/.test(arg)) ||
      (/^-[a-z]*n$/.test(before) && /^\d+$|^all$/.test(arg));
    if (takes) joined[joined.length - 1] = before + arg;
    else joined.push(arg);
  }
  return joined;
}

export async function readJournalOptions(tool: Tool): Promise<JournalOptions> {
  const parsed = getopt(joinValues(tool.args), OPTIONS);
  if (parsed.error) await refuse(tool, `journalctl: ${parsed.error}`);
  const given = new Map(parsed.options.map(({ name, value }) => [name, value]));
  const units = parsed.options.filter(({ name }) => name === "unit").map(({ value }) => fullUnitName(value));
  const [since, until] = [await momentOf(tool, given, "since"), await momentOf(tool, given, "until")];
  const [worst, mildest] = await priorities(tool, given.get("priority"));
  const pattern = given.get("grep");
  const text =
    pattern === undefined ? null : new RegExp(pattern, pattern === pattern.toLowerCase() ? "i" : "");
  const kernelOnly = given.has("dmesg");
  return {
    given,
    boot: await bootOf(tool, given, kernelOnly),
    lines: linesOf(given),
    wanted: (entry) =>
      (units.length === 0 || (entry.unit !== undefined && units.includes(entry.unit))) &&
      (!kernelOnly || entry.unit === undefined) &&
      (!given.has("identifier") || entry.identifier === given.get("identifier")) &&
      entry.priority >= worst &&
      entry.priority <= mildest &&
      (since === null || entry.time >= since) &&
      (until === null || entry.time <= until) &&
      (text === null || text.test(entry.message)),
  };
}

async function momentOf(tool: Tool, given: Map<string, string>, option: string): Promise<number | null> {
  const text = given.get(option);
  if (text === undefined) return null;
  const moment = parseMoment(text, await now(tool.sys));
  return moment ?? refuse(tool, `Failed to parse timestamp: ${text}`);
}

/** `err`, `3`, or a range `err..info`: from the worst to the mildest. */
async function priorities(tool: Tool, text: string | undefined): Promise<[number, number]> {
  if (text === undefined) return [0, LEVELS.length - 1];
  const level = (name: string): number =>
    /^[0-7]$/.test(name) ? Number(name) : LEVELS.indexOf(name.replace("warning", "warn"));
  const ends = text.split("..").map(level);
  if (ends.includes(-1) || ends.length > 2) await refuse(tool, `Unknown log level ${text}`);
  return ends.length === 1 ? [0, ends[0]] : [Math.min(...ends), Math.max(...ends)];
}

async function bootOf(tool: Tool, given: Map<string, string>, kernelOnly: boolean): Promise<number | null> {
  const text = given.get("boot");
  if (text === undefined) return kernelOnly ? 0 : null;
  if (!/^[-+]?\d*$/.test(text)) return refuse(tool, `Failed to parse boot descriptor '${text}'`);
  return Number(text);
}

const FOLLOW_LINES = 10;

function linesOf(given: Map<string, string>): number | null {
  const text = given.get("lines");
  if (text === undefined) return given.has("follow") ? FOLLOW_LINES : null;
  return text === "" ? FOLLOW_LINES : text === "all" ? null : Number(text);
}
