// grep.ts - grep, egrep, fgrep.

import { attempt } from "../errno.ts";
import { compileRegex, regexSource } from "../regex.ts";
import { escapeRegex } from "../sh/pattern.ts";
import type { Program } from "../sys.ts";
import { type Command, Leave, utility } from "./command.ts";
import { Grep, type GrepStyle } from "./grepSearch.ts";

const HELP = `Usage: grep [OPTION]... PATTERNS [FILE]...
Search for PATTERNS in each FILE.

  -E, --extended-regexp     PATTERNS are extended regular expressions
  -F, --fixed-strings       PATTERNS are strings
  -G, --basic-regexp        PATTERNS are basic regular expressions
  -e, --regexp=PATTERNS     use PATTERNS for matching
  -f, --file=FILE           take PATTERNS from FILE
  -i, --ignore-case         ignore case distinctions
  -w, --word-regexp         match only whole words
  -x, --line-regexp         match only whole lines
  -s, --no-messages         suppress error messages
  -v, --invert-match        select non-matching lines
  -m, --max-count=NUM       stop after NUM selected lines
  -b, --byte-offset         print the byte offset with output lines
  -n, --line-number         print line number with output lines
      --line-buffered       flush output on every line
  -H, --with-filename       print file name with output lines
  -h, --no-filename         suppress the file name prefix on output
  -o, --only-matching       show only nonempty parts of lines that match
  -q, --quiet, --silent     suppress all normal output
  -r, --recursive           search directories
  -L, --files-without-match print only names of FILEs with no selected lines
  -l, --files-with-matches  print only names of FILEs with selected lines
  -c, --count               print only a count of selected lines per FILE
  -A, --after-context=NUM   print NUM lines of trailing context
  -B, --before-context=NUM  print NUM lines of leading context
  -C, --context=NUM         print NUM lines of output context
      --include=GLOB        search only files that match GLOB
      --exclude=GLOB        skip files that match GLOB
      --exclude-dir=GLOB    skip directories that match GLOB
  -a, --text                a file that is no text is searched as if it were
  -I                        a file that is no text has no matches
      --binary-files=TYPE   'binary', 'text' or 'without-match'
  -d, --directories=ACTION  'read', 'recurse' or 'skip'
  -P, --perl-regexp         PATTERNS are JavaScript's regular expressions
  -R, --dereference-recursive  likewise, but follow all symlinks
  -T, --initial-tab         make tabs line up
  -z, --null-data           a line ends in 0 byte, not newline
  -Z, --null                print 0 byte after FILE name
      --label=LABEL         the name of standard input
      --group-separator=SEP, --no-group-separator
                            what stands between groups of lines with context
      --color[=WHEN]        mark the matching strings; always, never or auto`;

const OPTIONS =
  "E,extended-regexp F,fixed-strings G,basic-regexp P,perl-regexp e:,regexp f:,file i,ignore-case y w,word-regexp x,line-regexp " +
  "s,no-messages v,invert-match m:,max-count b,byte-offset n,line-number ,line-buffered H,with-filename h,no-filename " +
  "o,only-matching q,quiet ,silent a,text r,recursive R,dereference-recursive L,files-without-match l,files-with-matches " +
  "c,count A:,after-context B:,before-context C:,context ,include: ,exclude: ,exclude-dir: ,color? ,colour? Z,null z,null-data U,binary I T,initial-tab d:,directories: " +
  "D:,devices: ,binary-files: ,label: ,group-separator: ,no-group-separator ,no-ignore-case";

const usage = (name: string): string =>
  `Usage: ${name} [OPTION]... PATTERNS [FILE]...\nTry '${name} --help' for more information.`;

/** One pattern as JavaScript's regular expression. */
async function translated(c: Command, pattern: string): Promise<string> {
  const kind = matcher(c);
  if (kind !== "F" && kind !== "P" && /^\[:\w*:\]$/.test(pattern))
    await c.die("character class syntax is [[:space:]], not [:space:]", 2);
  let given = pattern;
  if (kind === "E" && /^[*+?]/.test(pattern)) {
    await c.warn(`warning: ${pattern[0]} at start of expression`, 0);
    given = pattern.replace(/^[*+?]+/, "");
  }
  const body = kind === "F" ? escapeRegex(given) : kind === "P" ? given : regexSource(given, kind === "E");
  if (c.has("x")) return `^(?:${body})$`;
  return c.has("w") ? `(?<![\\p{L}\\p{N}_])(?:${body})(?![\\p{L}\\p{N}_])` : `(?:${body})`;
}

/** The last of -E, -F, -G and -P. */
function matcher(c: Command): string {
  const letters: Record<string, string> = {
    "extended-regexp": "E",
    "fixed-strings": "F",
    "basic-regexp": "G",
    "perl-regexp": "P",
  };
  return (
    c.sequence
      .map(({ name }) => letters[name])
      .filter(Boolean)
      .at(-1) ?? "G"
  );
}

async function count(c: Command, option: string, fallback: number): Promise<number> {
  const text = c.value(option);
  if (text === undefined) return fallback;
  if (/^\d+$/.test(text)) return Number(text);
  if (option === "m" && /^-\d+$/.test(text)) return Infinity;
  return c.die(option === "m" ? "invalid max count" : `${text}: invalid context length argument`, 2);
}

function grepProgram(name: string, implied: string): Program {
  return utility(
    name,
    {
      help: HELP.replace("grep", name),
      options: OPTIONS,
      usageStatus: 2,
      hint: usage(name),
      rewrite: (args) => [
        ...(implied ? [implied] : []),
        ...args.flatMap((a, i) =>
          /^-\d+$/.test(a) && !/^-[A-Za-z]*[ABCmefdD]$/.test(args[i - 1] ?? "") ? ["-C", a.slice(1)] : [a],
        ),
      ],
    },
    async (c) => {
      let patterns = c.values("e").flatMap((p) => p.split("\n"));
      for (const file of c.values("f")) {
        const text = await c.slurpText(file);
        if (text === null) return 2;
        patterns.push(...(text.endsWith("\n") ? text.slice(0, -1) : text).split("\n"));
      }
      let files = c.operands;
      if (!c.has("e") && !c.has("f")) {
        if (files.length === 0) {
          await c.errText(`${usage(name)}\n`);
          return 2;
        }
        patterns = files[0]!.split("\n");
        files = files.slice(1);
      }
      return search(c, patterns, files);
    },
  );
}

async function styleOf(c: Command, patterns: string[], files: string[]): Promise<GrepStyle> {
  const used = ["E", "F", "G"].some((m) => c.has(m));
  if (c.has("P") && used) await c.die("conflicting matchers specified", 2);
  const recursive = c.has("r") || c.has("R") || c.value("d") === "recurse";
  const when = c.has("color") || c.has("colour") ? c.value("color") || c.value("colour") || "auto" : "never";
  if (!["always", "never", "auto"].includes(when)) await c.die("unknown color option", 2);
  const tty = when === "auto" && (await attempt(c.sys.tcgetattr(1))).ok;
  const binary = c.has("a") ? "text" : c.has("I") ? "without-match" : (c.value("binary-files") ?? "binary");
  if (!["binary", "text", "without-match"].includes(binary)) await c.die("unknown binary-files type", 2);
  const directories = c.value("d") ?? "read";
  if (!["read", "skip", "recurse"].includes(directories)) await c.die("unknown directories method", 2);
  const around = await count(c, "C", 0);
  return {
    re: await compiled(c, patterns),
    withName: c.has("H") || (!c.has("h") && (files.length > 1 || recursive)),
    color: when === "always" || tty,
    before: await count(c, "B", around),
    after: await count(c, "A", around),
    max: await count(c, "m", Infinity),
    recursive,
    binary: binary as GrepStyle["binary"],
    directories: directories as GrepStyle["directories"],
  };
}

async function compiled(c: Command, patterns: string[]): Promise<RegExp> {
  const flags = `sug${(c.has("i") || c.has("y")) && !c.has("no-ignore-case") ? "i" : ""}`;
  const sources: string[] = [];
  try {
    for (const pattern of patterns) {
      const source = await translated(c, pattern);
      // By itself first: what it lacks must not come from another.
      compileRegex(source, flags);
      sources.push(source);
    }
    return compileRegex(sources.length > 0 ? sources.join("|") : "(?!)", flags);
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    await c.warn(e.message, 0);
    throw new Leave(2);
  }
}

async function search(c: Command, patterns: string[], files: string[]): Promise<number> {
  const style = await styleOf(c, patterns, files);
  const grep = new Grep(c, style);
  const names = files.length > 0 ? files : style.recursive ? [""] : ["-"];
  for (const f of names) {
    if (grep.finished) break;
    await (style.recursive && f !== "-" ? grep.walk(f) : grep.path(f));
  }
  return grep.status;
}

export const grepFamily: Record<string, Program> = {
  grep: grepProgram("grep", ""),
  egrep: grepProgram("egrep", "-E"),
  fgrep: grepProgram("fgrep", "-F"),
};
