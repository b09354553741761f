// settings.ts - set, shopt, alias, unalias.

import { LETTERS, type Options } from "../options.ts";
import { singleQuote } from "../quote.ts";
import type { Shell } from "../shell.ts";
import { setText } from "./declare.ts";
import { badOption, options, type Table, usage } from "./types.ts";

const SET_USAGE = "set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]";

function setOption(sh: Shell, name: keyof Options, on: boolean): void {
  sh.opts[name] = on;
  sh.vars.envVersion++;
  if (name === "monitor") sh.monitor = on;
  if (name === "emacs" && on) sh.opts.vi = false;
  if (name === "vi" && on) sh.opts.emacs = false;
}

/** Applies `-e`, `+x`, `-o name`; the index of the first positional argument, or an error. */
async function set(sh: Shell, argv: string[]): Promise<number> {
  if (argv.length === 1) {
    await sh.out(setText(sh));
    return 0;
  }
  let i = 1;
  for (; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === "--" || arg === "-") {
      if (arg === "-") sh.opts.xtrace = sh.opts.verbose = false;
      if (arg === "--" || i + 1 < argv.length) sh.args = argv.slice(i + 1);
      return 0;
    }
    if (arg === "+") continue;
    if (!/^[-+]./.test(arg)) break;
    const on = arg[0] === "-";
    for (const c of arg.slice(1)) {
      if (c === "o") {
        const name = argv[i + 1];
        if (name === undefined) {
          await listOptions(sh, on);
          continue;
        }
        i++;
        if (!(name in sh.opts)) return sh.complain(`set: ${name}: invalid option name`, 2);
        setOption(sh, name as keyof Options, on);
        continue;
      }
      const option = LETTERS.find(([l]) => l === c)?.[1];
      if (!option) return badOption(sh, "set", arg[0] + c, SET_USAGE);
      setOption(sh, option, on);
    }
  }
  if (i < argv.length) sh.args = argv.slice(i);
  return 0;
}

async function listOptions(sh: Shell, table: boolean): Promise<void> {
  const lines = Object.entries(sh.opts).map(([name, on]) =>
    table ? `${name.padEnd(15)}\t${on ? "on" : "off"}` : `set ${on ? "-" : "+"}o ${name}`,
  );
  await sh.out(lines.join("\n") + "\n");
}

async function shopt(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "opqsu");
  if (o.bad) return badOption(sh, "shopt", o.bad, "shopt [-pqsu] [-o] [optname ...]");
  const table = (o.set.has("o") ? sh.opts : sh.shopts) as unknown as Record<string, boolean>;
  const change = o.set.has("s") ? true : o.set.has("u") ? false : null;
  const names =
    o.rest.length > 0 ? o.rest : Object.keys(table).filter((n) => change === null || table[n] === change);
  let status = 0;
  let out = "";
  for (const name of names) {
    if (!(name in table)) {
      status = await sh.complain(
        `shopt: ${name}: invalid ${o.set.has("o") ? "option" : "shell option"} name`,
      );
      continue;
    }
    if (change !== null && o.rest.length > 0) {
      if (o.set.has("o")) setOption(sh, name as keyof Options, change);
      else table[name] = change;
      sh.vars.envVersion++;
      continue;
    }
    if (o.rest.length > 0 && !table[name]) status = 1;
    if (o.set.has("q")) continue;
    out += o.set.has("p")
      ? shoptLine(name, table[name]!, o.set.has("o"))
      : `${name.padEnd(15)}\t${table[name] ? "on" : "off"}\n`;
  }
  if (out !== "") await sh.out(out);
  return status;
}

function shoptLine(name: string, on: boolean, setOpt: boolean): string {
  return setOpt ? `set ${on ? "-" : "+"}o ${name}\n` : `shopt ${on ? "-s" : "-u"} ${name}\n`;
}

async function alias(sh: Shell, argv: string[]): Promise<number> {
  const args = argv.slice(1).filter((a) => a !== "-p" && a !== "--");
  const line = (name: string): string => `alias ${name}=${singleQuote(sh.aliases.get(name)!)}\n`;
  if (args.length === 0) {
    await sh.out([...sh.aliases.keys()].sort().map(line).join(""));
    return 0;
  }
  let status = 0;
  for (const arg of args) {
    const at = arg.indexOf("=", 1);
    if (at > 0 && /[\s$"'`\\/|&;()<>]/.test(arg.slice(0, at)))
      status = await sh.complain(`alias: \`${arg.slice(0, at)}': invalid alias name`);
    else if (at > 0) sh.aliases.set(arg.slice(0, at), arg.slice(at + 1));
    else if (sh.aliases.has(arg)) await sh.out(line(arg));
    else status = await sh.complain(`alias: ${arg}: not found`);
  }
  return status;
}

async function unalias(sh: Shell, argv: string[]): Promise<number> {
  if (argv[1] === "-a") {
    sh.aliases.clear();
    return 0;
  }
  if (argv.length < 2) return usage(sh, "unalias", "unalias [-a] name [name ...]");
  let status = 0;
  for (const name of argv.slice(1)) {
    if (!sh.aliases.delete(name)) status = await sh.complain(`unalias: ${name}: not found`);
  }
  return status;
}

export const settings: Table = { set, shopt, alias, unalias };
