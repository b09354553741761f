// settings.ts - set, shopt, alias, umask, ulimit, times, hash, enable.

import { attempt } from "../../errno.ts";
import { findProgram } from "../external.ts";
import { LETTERS, type Options } from "../options.ts";
import { singleQuote } from "../quote.ts";
import type { Shell } from "../shell.ts";
import { setText } from "./declare.ts";
import { badOption, options, type Table, usage } from "./types.ts";

const SET_USAGE = "set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]";

function setOption(sh: Shell, name: keyof Options, on: boolean): void {
  sh.opts[name] = on;
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

async function umask(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "Sp");
  const mask = await sh.sys.umask(0);
  await sh.sys.umask(mask);
  const arg = o.rest[0];
  if (arg === undefined) {
    const octal = mask.toString(8).padStart(4, "0");
    const text = o.set.has("S") ? symbolic(mask) : octal;
    await sh.out(`${o.set.has("p") ? `umask ${o.set.has("S") ? "-S " : ""}` : ""}${text}\n`);
    return 0;
  }
  if (/^[0-7]+$/.test(arg)) {
    await sh.sys.umask(parseInt(arg, 8) & 0o777);
    return 0;
  }
  if (/^\d/.test(arg)) return sh.complain(`umask: ${arg}: octal number out of range`);
  const next = applySymbolic(~mask & 0o777, arg);
  if (next === null) return sh.complain(`umask: \`${arg}': invalid symbolic mode operator`);
  await sh.sys.umask(~next & 0o777);
  return 0;
}

function symbolic(mask: number): string {
  const bits = (shift: number): string => {
    const m = ~mask >> shift;
    return (m & 4 ? "r" : "") + (m & 2 ? "w" : "") + (m & 1 ? "x" : "");
  };
  return `u=${bits(6)},g=${bits(3)},o=${bits(0)}`;
}

function applySymbolic(mode: number, text: string): number | null {
  let out = mode;
  for (const clause of text.split(",")) {
    const m = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (!m) return null;
    const who = m[1] === "" || m[1]!.includes("a") ? "ugo" : m[1]!;
    const bits =
      (m[3]!.includes("r") ? 4 : 0) | (m[3]!.includes("w") ? 2 : 0) | (m[3]!.includes("x") ? 1 : 0);
    for (const [c, shift] of [
      ["u", 6],
      ["g", 3],
      ["o", 0],
    ] as const) {
      if (!who.includes(c)) continue;
      if (m[2] === "=") out = (out & ~(7 << shift)) | (bits << shift);
      else out = m[2] === "+" ? out | (bits << shift) : out & ~(bits << shift);
    }
  }
  return out;
}

/** Limits that exist in our kernel; the others are unlimited. */
const LIMITS: Record<string, [string, string]> = {
  c: ["core file size              (blocks, -c)", "0"],
  d: ["data seg size               (kbytes, -d)", "unlimited"],
  f: ["file size                   (blocks, -f)", "unlimited"],
  n: ["open files                          (-n)", "256"],
  p: ["pipe size                (512 bytes, -p)", "8"],
  s: ["stack size                  (kbytes, -s)", "8"],
  t: ["cpu time                   (seconds, -t)", "unlimited"],
  u: ["max user processes                  (-u)", "32768"],
  v: ["virtual memory              (kbytes, -v)", "unlimited"],
};

async function ulimit(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, `aHS${Object.keys(LIMITS).join("")}`);
  if (o.bad) return badOption(sh, "ulimit", o.bad, "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]");
  if (o.set.has("a")) {
    await sh.out(
      Object.values(LIMITS)
        .map(([text, value]) => `${text} ${value}\n`)
        .join(""),
    );
    return 0;
  }
  const which = [...o.set].find((c) => c in LIMITS) ?? "f";
  if (o.rest.length > 0) {
    if (o.rest[0] === LIMITS[which]![1] || (o.rest[0] === "unlimited" && LIMITS[which]![1] === "unlimited"))
      return 0;
    return sh.complain("ulimit: limits of this kernel are fixed");
  }
  await sh.out(`${LIMITS[which]![1]}\n`);
  return 0;
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

async function times(sh: Shell): Promise<number> {
  const fd = await attempt(sh.sys.open("/proc/self/stat", 0));
  let ticks = [0, 0, 0, 0];
  if (fd.ok) {
    const text = new TextDecoder().decode(await sh.sys.read(fd.value, 4096));
    await sh.sys.close(fd.value);
    const f = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    ticks = [11, 12, 13, 14].map((i) => f[i] || 0);
  }
  const t = (n: number): string => `${Math.floor(n / 6000)}m${((n % 6000) / 100).toFixed(3)}s`;
  await sh.out(`${t(ticks[0]!)} ${t(ticks[1]!)}\n${t(ticks[2]!)} ${t(ticks[3]!)}\n`);
  return 0;
}

export const settings: Table = { set, shopt, alias, unalias, umask, ulimit, hash, times };
