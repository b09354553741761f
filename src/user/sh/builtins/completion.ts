// completion.ts - compgen, complete, compopt.

import { ACTION_LETTERS, ACTIONS, type CompletionSpec, OPTIONS, parseSpec } from "../completionSpec.ts";
import { generate } from "../completionWords.ts";
import { singleQuote } from "../quote.ts";
import type { Shell } from "../shell.ts";
import { badOption, type Table, usage } from "./types.ts";

const OPTION_LIST =
  "[-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix]";
const COMPGEN = `compgen [-abcdefgjksuv] ${OPTION_LIST} [word]`;
const COMPLETE = `complete [-abcdefgjksuv] [-pr] [-DEI] ${OPTION_LIST} [name ...]`;

function wrong(sh: Shell, name: string, bad: string, text: string): Promise<number> {
  if (/^-.$/.test(bad)) return badOption(sh, name, bad, text);
  const lacks = bad.endsWith("an argument") ? `\n${name}: usage: ${text}` : "";
  return sh.complain(`${name}: ${bad}${lacks}`, 2);
}

async function compgen(sh: Shell, argv: string[]): Promise<number> {
  const { spec, rest, bad } = parseSpec(argv);
  if (bad !== null) return wrong(sh, "compgen", bad, COMPGEN);
  for (const c of ["F", "C"])
    if (spec.values.has(c))
      await sh.err(`${sh.prefix()}compgen: warning: -${c} option may not work as you expect\n`);
  const found = await generate(sh, spec, {
    command: "compgen",
    word: rest[0] ?? "",
    previous: "",
    words: [],
    line: "",
  });
  if (found.length === 0 || sh.flow) return 1;
  await sh.out(found.map((w) => `${w}\n`).join(""));
  return 0;
}

const SPECIAL: Record<string, string> = { D: "_DefaultCmD_", E: "_EmptycmD_", I: "_InitialWorD_" };

async function complete(sh: Shell, argv: string[]): Promise<number> {
  const { spec, flags, rest, bad } = parseSpec(argv);
  if (bad !== null) return wrong(sh, "complete", bad, COMPLETE);
  const names = [...rest];
  for (const [flag, name] of Object.entries(SPECIAL)) if (flags.has(flag)) names.push(name);
  if (flags.has("p") || argv.length === 1) return printSpecs(sh, names);
  if (flags.has("r")) return removeSpecs(sh, names);
  if (names.length === 0) return usage(sh, "complete", COMPLETE);
  for (const name of names) sh.completionSpecs.set(name, spec);
  return 0;
}

async function removeSpecs(sh: Shell, names: string[]): Promise<number> {
  let status = 0;
  if (names.length === 0) sh.completionSpecs.clear();
  for (const name of names) {
    if (!sh.completionSpecs.delete(name))
      status = await sh.complain(`complete: ${name}: no completion specification`);
  }
  return status;
}

async function printSpecs(sh: Shell, names: string[]): Promise<number> {
  let status = 0;
  for (const name of names.length > 0 ? names : sh.completionSpecs.keys()) {
    const spec = sh.completionSpecs.get(name);
    const flag = Object.keys(SPECIAL).find((f) => SPECIAL[f] === name);
    if (spec) await sh.out(`complete ${specText(spec)}${flag ? `-${flag}` : name}\n`);
    else status = await sh.complain(`complete: ${name}: no completion specification`);
  }
  return status;
}

function specText(spec: CompletionSpec): string {
  const parts = OPTIONS.filter((o) => spec.options.includes(o)).map((o) => `-o ${o}`);
  const lettered = new Map(ACTION_LETTERS.map(([letter, action]) => [action, letter]));
  for (const [action, letter] of lettered) if (spec.actions.includes(action)) parts.push(`-${letter}`);
  for (const action of ACTIONS)
    if (spec.actions.includes(action) && !lettered.has(action)) parts.push(`-A ${action}`);
  for (const c of "GWPSXC") if (spec.values.has(c)) parts.push(`-${c} ${singleQuote(spec.values.get(c)!)}`);
  if (spec.values.has("F")) parts.push(`-F ${spec.values.get("F")}`);
  return parts.map((p) => `${p} `).join("");
}

/** Changes the options of a specification, or of the completion being made. */
async function compopt(sh: Shell, argv: string[]): Promise<number> {
  const changes: [string, boolean][] = [];
  let i = 1;
  for (; /^[-+]/.test(argv[i] ?? "") && argv[i] !== "--"; i++) {
    const arg = argv[i]!;
    if (!/^[-+][oDEI]$/.test(arg))
      return badOption(sh, "compopt", arg.slice(0, 2), "compopt [-o|+o option] [-DEI] [name ...]");
    if (arg[1] !== "o") continue;
    const option = argv[++i] ?? "";
    if (!OPTIONS.includes(option)) return sh.complain(`compopt: ${option}: invalid option name`, 2);
    changes.push([option, arg[0] === "-"]);
  }
  const names = argv.slice(argv[i] === "--" ? i + 1 : i);
  if (names.length === 0) return sh.complain("compopt: not currently executing completion function");
  let status = 0;
  for (const name of names) {
    const spec = sh.completionSpecs.get(name);
    if (!spec) status = await sh.complain(`compopt: ${name}: no completion specification`);
    for (const [option, on] of changes)
      if (spec) spec.options = [...spec.options.filter((o) => o !== option), ...(on ? [option] : [])];
  }
  return status;
}

export const completion: Table = { compgen, complete, compopt };
