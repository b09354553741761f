// completionWords.ts - the words that a completion specification gives.

import { attempt } from "../errno.ts";
import { signalNames } from "../signals.ts";
import { BUILTINS, KEYWORDS } from "./builtins/registry.ts";
import { ACTIONS, type CompletionSpec } from "./completionSpec.ts";
import { expandWords } from "./expand.ts";
import { callFunction as runFunction } from "./functions.ts";
import { entries, globPaths } from "./glob.ts";
import { parseWord } from "./parse.ts";
import { escapePattern, patternRegex } from "./pattern.ts";
import { singleQuote } from "./quote.ts";
import { splitWordList } from "./quotedText.ts";
import type { Shell } from "./shell.ts";
import { arrayElements } from "./vars.ts";

/** What stands on the line where the word is wanted. */
export interface Typed {
  command: string;
  word: string;
  previous: string;
  /** All words of the command, that one last; none for `compgen`. */
  words: string[];
  line: string;
}

/** The candidates of a specification for a word. */
export async function generate(sh: Shell, spec: CompletionSpec, at: Typed): Promise<string[]> {
  const { word } = at;
  const value = (c: string): string | undefined => spec.values.get(c);
  const begins = (w: string): boolean => w.startsWith(word);
  let found: string[] = [];
  for (const action of ACTIONS)
    if (spec.actions.includes(action)) found.push(...(await actionWords(sh, action, word)).filter(begins));
  if (value("G") !== undefined) found.push(...(await globPaths(sh, value("G")!)));
  if (value("W") !== undefined) found.push(...(await wordList(sh, value("W")!)).filter(begins));
  if (value("F") !== undefined) found.push(...(await callFunction(sh, value("F")!, at)));
  if (value("C") !== undefined) found.push(...(await lines(sh, `${value("C")} ${threeArguments(at)}`)));
  if (value("X") !== undefined) found = found.filter((w) => keeps(sh, value("X")!, word, w));
  found = found.map((w) => (value("P") ?? "") + w + (value("S") ?? ""));
  const has = (option: string): boolean => spec.options.includes(option);
  const directories = has("plusdirs") || (has("dirnames") && found.length === 0);
  if (directories) found.push(...(await files(sh, word, true)));
  const fallback = has("default") || has("bashdefault");
  return found.length === 0 && fallback ? files(sh, word, false) : found;
}

/** -X: the pattern takes candidates away; with `!` it is what stays. `&` is the word. */
function keeps(sh: Shell, filter: string, word: string, candidate: string): boolean {
  const negated = filter.startsWith("!");
  const pattern = (negated ? filter.slice(1) : filter).replace(/\\&|&/g, (m) =>
    m === "&" ? escapePattern(word) : "&",
  );
  const style = { path: false, ignoreCase: false, extglob: sh.shopts["extglob"] === true };
  return patternRegex(pattern, style).test(candidate) === negated;
}

/** -W: split at IFS as written, then each word expanded; nothing globs. */
async function wordList(sh: Shell, text: string): Promise<string[]> {
  const noglob = sh.opts.noglob;
  sh.opts.noglob = true;
  try {
    const words = splitWordList(text, sh.vars.get("IFS") ?? " \t\n").map((w) => parseWord(w));
    return await expandWords(sh, words);
  } finally {
    sh.opts.noglob = noglob;
  }
}

const threeArguments = (at: Typed): string => [at.command, at.word, at.previous].map(singleQuote).join(" ");

async function callFunction(sh: Shell, name: string, at: Typed): Promise<string[]> {
  sh.vars.set("COMP_LINE", at.line);
  sh.vars.set("COMP_POINT", `${at.line.length}`);
  sh.vars.set("COMP_CWORD", `${at.words.length - 1}`);
  sh.vars.setList("COMP_WORDS", at.words);
  sh.vars.unset("COMPREPLY");
  const def = sh.funcs.get(name);
  if (!def) {
    await sh.complain(`completion: function \`${name}' not found`);
    return [];
  }
  await runFunction(sh, def, [name, at.command, at.word, at.previous]);
  if (sh.flow) return [];
  const reply = sh.vars.find("COMPREPLY");
  if (reply?.list) return arrayElements(reply).map(([, w]) => w);
  return reply?.value === undefined ? [] : [reply.value];
}

/** The lines that a command prints. */
async function lines(sh: Shell, command: string): Promise<string[]> {
  const [out = ""] = await expandWords(sh, [parseWord(`"$(${command})"`)]);
  return out.split("\n").filter(Boolean);
}

async function actionWords(sh: Shell, action: string, word: string): Promise<string[]> {
  const sorted = (names: Iterable<string>): string[] => [...names].sort();
  switch (action) {
    case "alias":
      return sorted(sh.aliases.keys());
    case "arrayvar":
      return sh.vars.names("").filter((n) => sh.vars.find(n)?.list != null);
    case "builtin":
    case "helptopic":
      return sorted(BUILTINS.keys());
    case "enabled":
      return sorted(BUILTINS.keys()).filter((n) => !sh.disabledBuiltins.has(n));
    case "disabled":
      return sorted(sh.disabledBuiltins);
    case "export":
      return sorted(sh.environment().keys());
    case "function":
      return sorted(sh.funcs.keys());
    case "hostname":
      return ["localhost"];
    case "job":
    case "running":
      return sh.jobs.list.map((j) => j.text.split(" ")[0]!);
    case "keyword":
      return KEYWORDS;
    case "setopt":
      return sorted(Object.keys(sh.opts));
    case "shopt":
      return sorted(Object.keys(sh.shopts));
    case "signal":
      return signalNames().map((n) => `SIG${n}`);
    case "variable":
      return sh.vars.names("");
    case "command":
      return commands(sh);
    case "user":
      return lines(sh, "while IFS=: read -r n _; do echo $n; done < /etc/passwd");
    case "group":
      return lines(sh, "while IFS=: read -r n _; do echo $n; done < /etc/group");
    case "file":
    case "directory":
      return files(sh, word, action === "directory");
    default:
      return [];
  }
}

async function commands(sh: Shell): Promise<string[]> {
  const out = [...sh.aliases.keys()].sort();
  out.push(...KEYWORDS, ...[...sh.funcs.keys()].sort(), ...[...BUILTINS.keys()].sort());
  for (const dir of (sh.vars.get("PATH") ?? "").split(":"))
    for (const e of await entries(sh.sys, dir)) if (e.type !== 4) out.push(e.name);
  return out;
}

async function files(sh: Shell, word: string, directories: boolean): Promise<string[]> {
  const out: string[] = [];
  for (const path of await globPaths(sh, `${escapePattern(word)}*`)) {
    const st = await attempt(sh.sys.stat(path));
    if (!directories || (st.ok && (st.value.mode & 0o170000) === 0o040000)) out.push(path);
  }
  return out;
}
