// history.ts - history, fc.

import { loadHistory, saveHistory } from "../historyFile.ts";
import type { Shell } from "../shell.ts";
import { badOption, options, type Table } from "./types.ts";

const HISTORY = "history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]";
const FC = "fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]";

async function history(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "canrwps", "d");
  if (o.bad) return badOption(sh, "history", o.bad, HISTORY);
  const h = sh.history;
  const has = (c: string): boolean => o.set.has(c);
  if (has("c")) h.clear();
  if (has("s")) {
    h.dropCurrent();
    h.add(o.rest.join(" "), "");
    h.current = false;
  } else if (has("p")) return printExpanded(sh, o.rest);
  else if (has("d")) return remove(sh, o.value.get("d")!);
  else if (has("w") || has("a")) return saveHistory(sh, o.rest[0]);
  else if (has("r") || has("n")) return loadHistory(sh, o.rest[0]);
  else if (!has("c")) return list(sh, o.rest);
  return 0;
}

async function printExpanded(sh: Shell, args: string[]): Promise<number> {
  sh.history.dropCurrent();
  for (const arg of args) {
    const e = sh.history.expand(arg);
    if ("error" in e) return sh.complain(`history: ${arg}: history expansion failed`);
    await sh.out(`${e.text}\n`);
  }
  return 0;
}

/** One line by its number, or all from one to another. */
async function remove(sh: Shell, given: string): Promise<number> {
  const h = sh.history;
  const m = /^([-+]?\d+)(?:-(-?\d+))?$/.exec(given);
  const [from, to] = [m?.[1], m?.[2] ?? m?.[1]].map((n) => h.position(Number(n ?? 0)));
  if (!m || from! < 0 || to! < from!) return sh.complain(`history: ${given}: history position out of range`);
  h.lines.splice(from!, to! - from! + 1);
  return 0;
}

async function list(sh: Shell, args: string[]): Promise<number> {
  const h = sh.history;
  if (args[0] !== undefined && !/^[-+]?\d+$/.test(args[0]))
    return sh.complain(`history: ${args[0]}: numeric argument required`);
  if (args.length > 1) {
    sh.flow = { kind: "abort", status: 1 };
    return sh.complain("history: too many arguments");
  }
  const from = args[0] === undefined ? 0 : Math.max(0, h.lines.length - Number(args[0]));
  const shown = h.lines.slice(from).map((l, i) => `${String(h.base + from + i).padStart(5)}  ${l}\n`);
  await sh.out(shown.join(""));
  return 0;
}

async function fc(sh: Shell, argv: string[]): Promise<number> {
  // A negative number is a position, not an option.
  const at = argv.findIndex((a, i) => i > 0 && /^-\d+$/.test(a));
  const o = options(at < 0 ? argv : [...argv.slice(0, at), "--", ...argv.slice(at)], "lnrs", "e");
  if (o.bad) return badOption(sh, "fc", o.bad, FC);
  if (o.set.has("s") || o.value.get("e") === "-") return again(sh, o.rest);
  const h = sh.history;
  const last = Math.max(0, h.lines.length - (h.current ? 2 : 1));
  const listing = o.set.has("l");
  if (h.lines.length === 0) return 0;
  const whole = listing ? Math.max(0, last - 15) : last;
  let from = o.rest[0] === undefined ? whole : lineNamed(sh, o.rest[0], last, 0);
  let to = o.rest[1] === undefined ? (listing ? last : from) : lineNamed(sh, o.rest[1], last, last);
  if (from === null || to === null) return sh.complain("fc: no command found");
  const reverse = o.set.has("r") || to < from;
  if (to < from) [from, to] = [to, from];
  const lines = h.lines.slice(from, to + 1).map((l, i) => ({ n: h.base + from! + i, l }));
  if (reverse) lines.reverse();
  if (!listing) return edit(sh, o.value.get("e"), lines.map(({ l }) => `${l}\n`).join(""));
  await sh.out(lines.map(({ n, l }) => `${o.set.has("n") ? "" : n}\t ${l}\n`).join(""));
  return 0;
}

/** A number, an offset from the last line, or how the line begins; `beyond` for a number too high. */
function lineNamed(sh: Shell, name: string, last: number, beyond: number): number | null {
  const h = sh.history;
  if (!/^[-+]?\d+$/.test(name)) {
    const found = h.lines.slice(0, last + 1).findLastIndex((l) => l.startsWith(name));
    return found < 0 ? null : found;
  }
  const n = Number(name);
  if (n === 0) return last;
  const i = n < 0 ? last + 1 + n : n - h.base;
  return i > last ? beyond : Math.max(0, i);
}

/** The lines go through an editor and are run as it leaves them. */
async function edit(sh: Shell, editor: string | undefined, text: string): Promise<number> {
  const file = `/tmp/bash-fc.${sh.sys.pid}`;
  const status = await saveHistory(sh, file, text);
  if (status !== 0) return status;
  sh.history.dropCurrent();
  const command = editor ?? sh.vars.get("FCEDIT") ?? sh.vars.get("EDITOR") ?? "vi";
  if ((await sh.hooks.evalText(sh, `${command} ${file}`, null)) !== 0) return 1;
  const before = sh.history.lines.length;
  await loadHistory(sh, file);
  const edited = sh.history.lines.slice(before).join("\n");
  await sh.err(`${edited}\n`);
  await sh.sys.unlink(file);
  return sh.hooks.evalText(sh, edited, null);
}

/** `fc -s [old=new …] [command]`: an earlier command, changed, takes the place of this one. */
async function again(sh: Shell, args: string[]): Promise<number> {
  const h = sh.history;
  const changes = args.filter((a) => /.=/.test(a));
  const name = args.find((a) => !/.=/.test(a));
  const last = h.lines.length - (h.current ? 2 : 1);
  const at = name === undefined ? last : lineNamed(sh, name, last, last);
  let line = at === null ? undefined : h.lines[at];
  if (line === undefined) return sh.complain("fc: no command found");
  for (const c of changes) {
    const eq = c.indexOf("=", 1);
    line = line.replaceAll(c.slice(0, eq), () => c.slice(eq + 1));
  }
  await sh.err(`${line}\n`);
  h.dropCurrent();
  h.add(line, "");
  return sh.hooks.evalText(sh, line, null);
}

export const historyBuiltins: Table = { history, fc };
