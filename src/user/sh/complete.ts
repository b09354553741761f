// complete.ts - Tab: what the word before the cursor could become.

import { attempt } from "../errno.ts";
import { argumentCandidates } from "./completers.ts";
import { BUILTINS, KEYWORDS } from "./builtins/registry.ts";
import { entries } from "./glob.ts";
import type { Candidate, Completion } from "./completion.ts";
import type { Shell } from "./shell.ts";

/** The word before the cursor and what surrounds it. */
interface Context {
  start: number;
  /** As typed, quotes included. */
  raw: string;
  word: string;
  quote: string;
  /** The words of this command before it. */
  words: string[];
  redirect: boolean;
}

const word = (text: string): Candidate => ({ text, shown: text, open: false });

export async function complete(sh: Shell, before: string): Promise<Completion> {
  const c = analyse(before);
  const variable = /\$\{?([A-Za-z_]\w*)?$/.exec(c.word);
  if (variable && c.quote !== "'") return completeVariable(sh, c, variable);
  const found = await candidates(sh, c, before);
  const unique = new Map(found.filter((x) => x.text.startsWith(c.word)).map((x) => [x.text, x]));
  const list = [...unique.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  return { start: c.start, replacement: replacement(c, list), candidates: list };
}

function completeVariable(sh: Shell, c: Context, m: RegExpExecArray): Completion {
  const braced = m[0].startsWith("${");
  const head = c.raw.slice(0, c.raw.length - m[0].length) + (braced ? "${" : "$");
  const names = sh.vars.names(m[1] ?? "");
  const common = commonPrefix(names);
  const tail = names.length === 1 ? (braced ? "}" : "") + (c.quote === "" ? " " : "") : "";
  return {
    start: c.start,
    replacement: names.length === 0 ? c.raw : head + common + tail,
    candidates: names.map(word),
  };
}

function commonPrefix(texts: readonly string[]): string {
  let out = texts[0] ?? "";
  for (const t of texts) while (!t.startsWith(out)) out = out.slice(0, -1);
  return out;
}

function replacement(c: Context, list: Candidate[]): string {
  if (list.length === 0) return c.raw;
  const common = commonPrefix(list.map((x) => x.text));
  if (common.length < c.word.length) return c.raw;
  const end = list.length === 1 && !list[0]!.open ? c.quote + (list[0]!.text.endsWith("=") ? "" : " ") : "";
  return quoted(common, c) + end;
}

function quoted(text: string, c: Context): string {
  if (c.quote === '"') return `"${text.replace(/[\\"$`]/g, "\\$&")}`;
  if (c.quote === "'") return `'${text}`;
  const tilde = /^~[^/]*/.exec(text)?.[0] ?? "";
  return (
    tilde +
    text
      .slice(tilde.length)
      .replace(/[\s\\"'`$&|;<>()*?[\]{}!#~]/g, (ch) => (ch === "~" || ch === "#" ? ch : `\\${ch}`))
  );
}

/** Finds the last word with the quoting it is in. */
function analyse(before: string): Context {
  let words: string[] = [];
  let start = 0;
  let value = "";
  let quote = "";
  let inWord = false;
  let redirect = false;
  let pendingRedirect = false;
  const end = (): void => {
    if (inWord) {
      if (!redirect) words.push(value);
      redirect = false;
    }
    inWord = false;
    value = "";
  };
  for (let i = 0; i < before.length; i++) {
    const ch = before[i]!;
    if (quote !== "") {
      if (ch === quote) quote = "";
      else if (ch === "\\" && quote === '"' && i + 1 < before.length) value += before[++i]!;
      else value += ch;
      continue;
    }
    if (/\s/.test(ch)) {
      end();
      if (ch === "\n") words = [];
      continue;
    }
    if (/[;|&()`]/.test(ch)) {
      end();
      words = [];
      continue;
    }
    if (ch === "<" || ch === ">") {
      if (/^\d+$/.test(value)) inWord = false;
      end();
      pendingRedirect = true;
      continue;
    }
    if (!inWord) {
      inWord = true;
      start = i;
      value = "";
      redirect = pendingRedirect;
      pendingRedirect = false;
    }
    if (ch === "'" || ch === '"') quote = ch;
    else if (ch === "\\" && i + 1 < before.length) value += before[++i]!;
    else value += ch;
  }
  if (!inWord) start = before.length;
  const raw = inWord ? before.slice(start) : "";
  return {
    start,
    raw,
    word: inWord ? value : "",
    quote,
    words: commandWords(words),
    redirect: inWord ? redirect : pendingRedirect,
  };
}

const BEFORE_COMMAND = new Set([
  "if",
  "then",
  "else",
  "elif",
  "do",
  "while",
  "until",
  "!",
  "{",
  "time",
  "sudo",
]);

/** Leaves out keywords and assignments before the command's name. */
function commandWords(words: string[]): string[] {
  let i = 0;
  while (i < words.length && (BEFORE_COMMAND.has(words[i]!) || /^\w+=/.test(words[i]!))) i++;
  return words.slice(i);
}

async function candidates(sh: Shell, c: Context, before: string): Promise<Candidate[]> {
  if (c.redirect) return files(sh, c.word);
  if (c.words.length === 0) {
    if (/^\w+=/.test(c.word)) return assignedFiles(sh, c.word);
    return c.word.includes("/") || c.word.startsWith("~") ? files(sh, c.word) : commands(sh, c.word);
  }
  const own = await argumentCandidates(
    sh,
    { words: c.words, word: c.word, line: before },
    (w) => commands(sh, w),
    (w, dirs, ext) => files(sh, w, dirs, ext),
  );
  return own ?? files(sh, c.word);
}

async function assignedFiles(sh: Shell, text: string): Promise<Candidate[]> {
  const at = text.indexOf("=") + 1;
  return (await files(sh, text.slice(at))).map((x) => ({ ...x, text: text.slice(0, at) + x.text }));
}

async function commands(sh: Shell, prefix: string): Promise<Candidate[]> {
  const names = new Set<string>([...BUILTINS.keys(), ...sh.funcs.keys(), ...sh.aliases.keys(), ...KEYWORDS]);
  const seen = new Set<string>();
  for (const dir of (sh.vars.get("PATH") ?? "").split(":")) {
    const st = await attempt(sh.sys.stat(dir || "."));
    if (!st.ok || seen.has(`${st.value.dev}:${st.value.ino}`)) continue;
    seen.add(`${st.value.dev}:${st.value.ino}`);
    for (const e of await entries(sh.sys, dir)) if (e.name.startsWith(prefix)) names.add(e.name);
  }
  return [...names].filter((n) => n.startsWith(prefix)).map(word);
}

/** Files whose path begins with `path`; only directories, or only some endings, when asked. */
export async function files(
  sh: Shell,
  path: string,
  dirsOnly = false,
  ending: string | null = null,
): Promise<Candidate[]> {
  const slash = path.lastIndexOf("/") + 1;
  const shownDir = path.slice(0, slash);
  const real = shownDir.replace(/^~(?=\/)/, sh.vars.get("HOME") ?? "/root");
  const prefix = path.slice(slash);
  if (path === "~") return [{ text: "~/", shown: "~/", open: true }];
  const out: Candidate[] = [];
  for (const e of await entries(sh.sys, real === "" ? "." : real)) {
    if (!e.name.startsWith(prefix) || (e.name.startsWith(".") && !prefix.startsWith("."))) continue;
    const dir = e.type === 4 || (e.type === 10 && (await isDirectory(sh, real + e.name)));
    if (!dir && (dirsOnly || (ending !== null && !e.name.endsWith(ending)))) continue;
    out.push({ text: shownDir + e.name + (dir ? "/" : ""), shown: e.name + (dir ? "/" : ""), open: dir });
  }
  return out;
}

async function isDirectory(sh: Shell, path: string): Promise<boolean> {
  const st = await attempt(sh.sys.stat(path));
  return st.ok && (st.value.mode & 0o170000) === 0o040000;
}
