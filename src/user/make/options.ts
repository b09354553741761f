// options.ts - make's command line, and what a make hands to the makes it starts.
import { getopt, type Option } from "../kpatch/getopt.ts";

export const HELP = `Usage: make [options] [target] ...
Options:
  -B, --always-make           Unconditionally make all targets.
  -C DIRECTORY                Change to DIRECTORY before doing anything.
  -f FILE                     Read FILE as a makefile.
  -h, --help                  Print this message and exit.
  -i, --ignore-errors         Ignore errors from recipes.
  -j [N], --jobs[=N]          Accepted; one job runs at a time.
  -k, --keep-going            Keep going when some targets can't be made.
  -n, --just-print            Don't actually run any recipe; just print them.
  -q, --question              Run no recipe; exit status says if up to date.
  -s, --silent                Don't echo recipes.
  -v, --version               Print the version number of make and exit.
  -w, --print-directory       Print the current directory.
  --no-print-directory        Turn off -w, even if it was turned on implicitly.

Left out: define, eval, vpath, double-colon rules that all run, built-in rules.`;

export interface MakeOptions {
  directories: string[];
  files: string[];
  always: boolean;
  ignoreErrors: boolean;
  keepGoing: boolean;
  justPrint: boolean;
  question: boolean;
  silent: boolean;
  /** null: as the situation asks. */
  printDirectory: boolean | null;
  help: boolean;
  version: boolean;
  /** `NAME=value`, in order. */
  assignments: string[];
  goals: string[];
}

const OPTIONS: Option[] = [
  { short: "B", long: "always-make" },
  { short: "C", long: "directory", arg: "required" },
  { short: "f", long: "file", arg: "required" },
  { short: "h", long: "help" },
  { short: "i", long: "ignore-errors" },
  { short: "j", long: "jobs", arg: "optional" },
  { short: "k", long: "keep-going" },
  { short: "n", long: "just-print" },
  { short: "q", long: "question" },
  { short: "s", long: "silent" },
  { short: "v", long: "version" },
  { short: "w", long: "print-directory" },
  { long: "no-print-directory" },
  { short: "r", long: "no-builtin-rules" },
  { short: "R", long: "no-builtin-variables" },
];

/** A long-standing habit: `-j 4`. */
const withoutJobCount = (args: string[]): string[] =>
  args.filter((arg, i) => !(/^\d+$/.test(arg) && /^-[a-zA-Z]*j$/.test(args[i - 1] ?? "")));

export function readOptions(args: string[], makeflags: string): MakeOptions | { error: string } {
  const inherited = readMakeflags(makeflags);
  const parsed = getopt([...inherited, ...withoutJobCount(args)], OPTIONS);
  if (parsed.error !== null) return { error: parsed.error };
  const given = (name: string) => parsed.options.some((option) => option.name === name);
  const values = (name: string) => parsed.options.filter((o) => o.name === name).map((o) => o.value);
  const telling = parsed.options.findLast(({ name }) => name.endsWith("print-directory"));
  const isAssignment = (word: string) => /^[^\s:#=]+\s*(:{0,3}|\?|\+|!)=/.test(word);
  return {
    directories: values("directory"),
    files: values("file"),
    always: given("always-make"),
    ignoreErrors: given("ignore-errors"),
    keepGoing: given("keep-going"),
    justPrint: given("just-print"),
    question: given("question"),
    silent: given("silent"),
    printDirectory: telling === undefined ? null : telling.name === "print-directory",
    help: given("help"),
    version: given("version"),
    assignments: parsed.operands.filter(isAssignment),
    goals: parsed.operands.filter((word) => !isAssignment(word)),
  };
}

const LETTERS: [keyof MakeOptions, string][] = [
  ["always", "B"],
  ["ignoreErrors", "i"],
  ["keepGoing", "k"],
  ["justPrint", "n"],
  ["question", "q"],
  ["silent", "s"],
];

/** MAKEFLAGS for a child: letters, long options, `--`, assignments. */
export function makeflagsOf(options: MakeOptions): string {
  const letters = LETTERS.filter(([key]) => options[key] === true).map(([, letter]) => letter);
  const parts = [letters.join("")];
  if (options.printDirectory === true) parts[0] += "w";
  if (options.printDirectory === false) parts.push("--no-print-directory");
  const values = options.assignments.map((text) => text.replace(/[\\\s]/g, "\\$&"));
  return [...parts, ...(values.length > 0 ? ["--", ...values] : [])].join(" ");
}

function readMakeflags(text: string): string[] {
  const parts = text.match(/(?:\\[\s\S]|\S)+/g) ?? [];
  return parts
    .filter((part) => part !== "--")
    .map((part, i) => (i === 0 && /^[a-zA-Z]+$/.test(part) ? `-${part}` : part))
    .map((part) => part.replace(/\\([\s\S])/g, "$1"));
}
