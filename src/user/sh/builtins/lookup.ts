// lookup.ts - type, command, builtin, hash, enable, help.

import { attempt } from "../../errno.ts";
import { findProgram, programsNamed, runExternal, STANDARD_PATH } from "../external.ts";
import { functionText } from "../printCommand.ts";
import type { Shell } from "../shell.ts";
import { BUILTINS, KEYWORDS } from "./registry.ts";
import { badOption, options, type Table } from "./types.ts";

interface Meaning {
  kind: "alias" | "keyword" | "function" | "builtin" | "file";
  /** What `type` says. */
  long: string;
  /** What `command -v` says. */
  short: string;
}

async function meanings(
  sh: Shell,
  name: string,
  all: boolean,
  skipFunctions: boolean,
  dirs?: string,
): Promise<Meaning[]> {
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
  return [...out, ...(await files(sh, name, all, dirs))];
}

async function files(sh: Shell, name: string, all: boolean, dirs?: string): Promise<Meaning[]> {
  if (name.includes("/")) {
    const ok = await attempt(sh.sys.access(name, 1));
    return ok.ok ? [{ kind: "file", long: `${name} is ${name}`, short: name }] : [];
  }
  const hashed = all || dirs !== undefined ? undefined : sh.hash.get(name);
  if (hashed !== undefined) return [{ kind: "file", long: `${name} is hashed (${hashed})`, short: hashed }];
  const paths = await programsNamed(sh, name, all, dirs);
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
  const dirs = o.set.has("p") ? STANDARD_PATH : undefined;
  if (!o.set.has("v") && !o.set.has("V")) return runWithoutFunctions(sh, o.rest, dirs);
  let status = o.rest.length > 0 ? 1 : 0;
  for (const name of o.rest) {
    const [m] = await meanings(sh, name, false, false, dirs);
    if (m) status = 0;
    if (!m) {
      if (o.set.has("V")) await sh.complain(`command: ${name}: not found`);
    } else await sh.out(`${o.set.has("v") ? m.short : m.long}\n`);
  }
  return status;
}

async function runWithoutFunctions(sh: Shell, argv: string[], dirs?: string): Promise<number> {
  if (argv.length === 0) return 0;
  sh.declared = sh.declared?.slice(sh.declared.indexOf(argv[0]!)) ?? null;
  const b = BUILTINS.get(argv[0]!);
  if (b) return b(sh, argv);
  return runExternal(sh, { argv, env: sh.environment(), plans: [], text: () => argv.join(" "), dirs });
}

async function builtin(sh: Shell, argv: string[]): Promise<number> {
  const args = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  if (args.length === 0) return 0;
  const b = BUILTINS.get(args[0]!);
  if (!b) return sh.complain(`builtin: ${args[0]}: not a shell builtin`);
  sh.declared = sh.declared?.slice(1) ?? null;
  return b(sh, args);
}

async function hash(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "rlt", "pd");
  if (o.set.has("r")) sh.hash.clear();
  if (o.set.has("p")) {
    for (const name of o.rest) sh.hash.set(name, o.value.get("p")!);
    return 0;
  }
  if (o.set.has("t")) {
    const path = sh.hash.get(o.rest[0] ?? "");
    if (path === undefined) return sh.complain(`hash: ${o.rest[0]}: not found`);
    await sh.out(`${path}\n`);
    return 0;
  }
  let status = 0;
  for (const name of o.rest) {
    sh.hash.delete(name);
    if ((await findProgram(sh, name)) === null) status = await sh.complain(`hash: ${name}: not found`);
  }
  if (o.rest.length === 0 && !o.set.has("r")) {
    if (sh.hash.size === 0) await sh.out("hash: hash table empty\n");
    else await sh.out("hits\tcommand\n" + [...sh.hash.values()].map((p) => `   1\t${p}\n`).join(""));
  }
  return status;
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
  hash,
  help,
  logout: (sh, argv) => BUILTINS.get("exit")!(sh, argv),
};
