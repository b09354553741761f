// cases.ts - shell corpora as lists of cases.
//
// Two forms are read: the spec tests of the Oils shell (`*.test.sh`), and
// folders of small scripts whose expected result is whatever bash does.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** What a case must do; a part that the corpus does not name is not compared. */
export interface Expected {
  stdout?: string;
  stderr?: string;
  status?: number;
}

export interface Case {
  file: string;
  name: string;
  text: string;
  /** Files beside the script, by path from its directory. */
  files: Record<string, string>;
  /** The text comes on standard input; otherwise the shell runs the file. */
  stdin: boolean;
  /** Null: what the real bash does. */
  expected: Expected | null;
  /** The case says that bash does not have the feature. */
  notInBash: boolean;
}

const KEYS =
  /^## (?:(OK|BUG|BUG-2|N-I)(?:-\d)? (\S+) )?(stdout|stderr|status|stdout-json|stderr-json|STDOUT|STDERR):? ?(.*)$/;

/** The cases of one Oils file. */
export function oilsCases(path: string): Case[] {
  const parts = readFileSync(path, "utf8").split(/^#### /m);
  return parts.slice(1).map((part) => oilsCase(basename(path), part));
}

function oilsCase(file: string, part: string): Case {
  const lines = part.split("\n");
  const name = lines.shift()!.trim();
  const code: string[] = [];
  const general: Expected = {};
  const forBash: Expected = {};
  let [notInBash, plainCode] = [false, true];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const key = KEYS.exec(line);
    if (!key) {
      if (/^## code: /.test(line)) code.push(line.slice(9));
      else if (!line.startsWith("## ") && plainCode) code.push(line);
      continue;
    }
    plainCode = false;
    let value = key[4]!;
    if (key[3] === "STDOUT" || key[3] === "STDERR") {
      const body: string[] = [];
      while (++i < lines.length && !/^## (END|OK|BUG|N-I|STDERR|status)/.test(lines[i]!))
        body.push(lines[i]!);
      if (i < lines.length && lines[i] !== "## END") i--;
      value = body.map((l) => `${l}\n`).join("");
    }
    const mine =
      key[2] === undefined ? general : key[2].split("/").some((s) => /^bash/.test(s)) ? forBash : null;
    if (!mine) continue;
    if (mine === forBash && key[1] === "N-I") notInBash = true;
    put(mine, key[3]!, value);
  }
  const expected: Expected = { status: 0, ...general, ...forBash };
  return { file, name, text: `${code.join("\n").trimEnd()}\n`, files: {}, stdin: true, expected, notInBash };
}

function put(to: Expected, key: string, value: string): void {
  const stream = key.toLowerCase().startsWith("stderr") ? "stderr" : "stdout";
  if (key === "status") to.status = Number(value);
  else if (key.endsWith("-json")) to[stream] = JSON.parse(value) as string;
  else if (key === "STDOUT" || key === "STDERR") to[stream] = value;
  else to[stream] = `${value}\n`;
}

/** Every script of a folder whose name ends in one of `ends`, with its folder's other files. */
export function scriptCases(dir: string, ends: string[]): Case[] {
  const out: Case[] = [];
  for (const folder of folders(dir)) {
    const names = readdirSync(folder).filter((n) => statSync(join(folder, n)).isFile());
    const files = Object.fromEntries(names.map((n) => [n, readFileSync(join(folder, n), "latin1")]));
    for (const name of names.filter((n) => ends.some((e) => n.endsWith(e))).sort())
      out.push({
        file: relative(dir, folder) || basename(dir),
        name,
        text: files[name]!,
        files,
        stdin: false,
        expected: null,
        notInBash: false,
      });
  }
  return out;
}

function folders(dir: string): string[] {
  const below = readdirSync(dir).filter((n) => statSync(join(dir, n)).isDirectory());
  return [dir, ...below.flatMap((n) => folders(join(dir, n)))];
}
