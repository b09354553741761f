// lookup.ts - type, command, builtin, enable, history, fc, help.

import { attempt } from "../../errno.ts";
import { programsNamed, runExternal } from "../external.ts";
import { functionText } from "../printCommand.ts";
import type { Shell } from "../shell.ts";
import { loadHistory, saveHistory } from "../historyFile.ts";
import { BUILTINS, KEYWORDS } from "./registry.ts";
import { badOption, options, type Table } from "./types.ts";

interface Meaning {
  kind: "alias" | "keyword" | "function" | "builtin" | "file";
  /** What `type` says. */
  long: string;
  /** What `command -v` says. */
  short: string;
}

async function meanings(sh: Shell, name: string, all: boolean, skipFunctions: boolean): Promise<Meaning[]> {
  const out: Meaning[] = [];
  const alias = sh.aliases.get(name);
  if (alias !== undefined && (sh.interactive || sh.shopts["expand_aliases"])) {
    out.push({ kind: "alias", long: `${name} is aliased to \`${alias}'`, short: `alias ${name}='${alias}'` });
  }
  if (KEYWORDS.includes(name)) out.push({ kind: "keyword", long: `${name} is a shell keyword`, short: name });
  const f = skipFunctions ? undefined : sh.funcs.get(name);
  if (f)
    out.push({ kind: "function", long: `${name} is a function\n${functionText(f).trimEnd()}`, short: name });
  if (BUILTINS.has(name) && !sh.disabledBuiltins.has(name)) {
    out.push({ kind: "builtin", long: `${name} is a shell builtin`, short: name });
  }
  if (out.length > 0 && !all) return out.slice(0, 1);
  return [...out, ...(await files(sh, name, all))];
}

async function files(sh: Shell, name: string, all: boolean): Promise<Meaning[]> {
  if (name.includes("/")) {
    const ok = await attempt(sh.sys.access(name, 1));
    return ok.ok ? [{ kind: "file", long: `${name} is ${name}`, short: name }] : [];
  }
  const hashed = all ? undefined : sh.hash.get(name);
  if (hashed !== undefined) return [{ kind: "file", long: `${name} is hashed (${hashed})`, short: hashed }];
  const paths = await programsNamed(sh, name, all);
  return paths.map((p) => ({ kind: "file", long: `${name} is ${p}`, short: p }));
}

async function type(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "afptP");
  if (o.bad) return badOption(sh, "type", o.bad, "type [-afptP] name [name ...]");
  let status = 0;
  for (const name of o.rest) {
    const forced = o.set.has("P");
    const all = o.set.has("a");
    const found = forced ? await files(sh, name, all) : await meanings(sh, name, all, o.set.has("f"));
    if (found.length === 0) {
      status = 1;
      if (!o.set.has("t") && !o.set.has("p") && !forced) await sh.complain(`type: ${name}: not found`);
      continue;
    }
    for (const m of found) {
      if (o.set.has("t")) await sh.out(`${m.kind}\n`);
      else if (o.set.has("p") || forced) await sh.out(m.kind === "file" ? `${m.short}\n` : "");
      else await sh.out(`${m.long}\n`);
    }
  }
  return status;
}

async function command(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "pvV");
  if (o.bad) return badOption(sh, "command", o.bad, "command [-pVv] command [arg ...]");
  if (!o.set.has("v") && !o.set.has("V")) return runWithoutFunctions(sh, o.rest);
  let status = o.rest.length > 0 ? 1 : 0;
  for (const name of o.rest) {
    const [m] = await meanings(sh, name, false, false);
    if (m) status = 0;
    if (!m) {
      if (o.set.has("V")) await sh.complain(`command: ${name}: not found`);
    } else await sh.out(`${o.set.has("v") ? m.short : m.long}\n`);
  }
  return status;
}

async function runWithoutFunctions(sh: Shell, argv: string[]): Promise<number> {
  if (argv.length === 0) return 0;
  sh.declared = sh.declared?.slice(sh.declared.indexOf(argv[0]!)) ?? null;
  const b = BUILTINS.get(argv[0]!);
  if (b) return b(sh, argv);
  return runExternal(sh, { argv, env: sh.environment(), plans: [], text: () => argv.join(" ") });
}

async function builtin(sh: Shell, argv: string[]): Promise<number> {
  const args = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  if (args.length === 0) return 0;
  const b = BUILTINS.get(args[0]!);
  if (!b) return sh.complain(`builtin: ${args[0]}: not a shell builtin`);
  sh.declared = sh.declared?.slice(1) ?? null;
  return b(sh, args);
}

async function enable(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "anps");
  if (o.rest.length === 0) {
    const names = [...BUILTINS.keys()].sort();
    const off = o.set.has("n");
    await sh.out(
      names
        .filter((n) => o.set.has("a") || sh.disabledBuiltins.has(n) === off)
        .map((n) => `enable ${sh.disabledBuiltins.has(n) ? "-n " : ""}${n}\n`)
        .join(""),
    );
    return 0;
  }
  let status = 0;
  for (const name of o.rest) {
    if (!BUILTINS.has(name)) status = await sh.complain(`enable: ${name}: not a shell builtin`);
    else if (o.set.has("n")) sh.disabledBuiltins.add(name);
    else sh.disabledBuiltins.delete(name);
  }
  return status;
}

async function history(sh: Shell, argv: string[]): Promise<number> {
  const h = sh.history;
  const arg = argv[1];
  if (arg === "-c") h.clear();
  else if (arg === "-d") {
    if (!h.remove(Number(argv[2]))) return sh.complain(`history: ${argv[2]}: history position out of range`);
  } else if (arg === "-s") h.add(argv.slice(2).join(" "), "");
  else if (arg === "-w" || arg === "-a") return saveHistory(sh, argv[2]);
  else if (arg === "-r" || arg === "-n") return loadHistory(sh, argv[2]);
  else if (arg === "-p")
    await sh.out(
      argv
        .slice(2)
        .map((a) => {
          const e = h.expand(a);
          return "text" in e ? `${e.text}\n` : "";
        })
        .join(""),
    );
  else if (arg !== undefined && !/^\d+$/.test(arg))
    return sh.complain(`history: ${arg}: numeric argument required`);
  else {
    const from = arg === undefined ? 0 : Math.max(0, h.lines.length - Number(arg));
    await sh.out(
      h.lines
        .slice(from)
        .map((l, i) => `${String(h.base + from + i).padStart(5)}  ${l}\n`)
        .join(""),
    );
  }
  return 0;
}

async function fc(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "lnrs", "e");
  const h = sh.history;
  if (o.set.has("s")) {
    const last = o.rest[0] ? h.lines.findLast((l) => l.startsWith(o.rest[0]!)) : h.lines.at(-1);
    if (last === undefined) return sh.complain("fc: no command found");
    await sh.err(`${last}\n`);
    return sh.hooks.evalText(sh, last, null);
  }
  if (!o.set.has("l")) return sh.complain("fc: use the line editor to edit a command");
  const lines = h.lines.slice(-16).map((l, i, all) => ({ n: h.base + h.lines.length - all.length + i, l }));
  if (o.set.has("r")) lines.reverse();
  await sh.out(lines.map(({ n, l }) => (o.set.has("n") ? `\t ${l}\n` : `${n}\t ${l}\n`)).join(""));
  return 0;
}

async function help(sh: Shell, argv: string[]): Promise<number> {
  const names = [...BUILTINS.keys()].sort();
  const wanted = argv.slice(1).filter((a) => !a.startsWith("-"));
  if (wanted.length === 0) {
    await sh.out(
      `Shell commands that are built in; \`man bash' tells more.\n\n  ${names.join("  ")}\n\nPrograms: see \`ls /bin'.\n`,
    );
    return 0;
  }
  let status = 0;
  for (const w of wanted) {
    if (BUILTINS.has(w)) await sh.out(`${w}: a shell builtin; see \`man bash'\n`);
    else
      status = await sh.complain(
        `help: no help topics match \`${w}'.  Try \`help help' or \`man -k ${w}' or \`info ${w}'.`,
      );
  }
  return status;
}

export const lookup: Table = {
  type,
  command,
  builtin,
  enable,
  history,
  fc,
  help,
  logout: (sh, argv) => BUILTINS.get("exit")!(sh, argv),
};
