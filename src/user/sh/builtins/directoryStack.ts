// directoryStack.ts - pushd, popd, dirs.

import { strerror } from "../../errno.ts";
import type { Shell } from "../shell.ts";
import { change } from "./directory.ts";
import { type Table, usage } from "./types.ts";

const USAGE: Record<string, string> = {
  pushd: "pushd [-n] [+N | -N | dir]",
  popd: "popd [-n] [+N | -N]",
  dirs: "dirs [-clpv] [+N] [-N]",
};

/** The current directory and the stack below it. */
function all(sh: Shell): string[] {
  return [sh.directory, ...sh.directoryStack];
}

function withTilde(sh: Shell, dir: string): string {
  const home = sh.vars.get("HOME");
  return home && (dir === home || dir.startsWith(`${home}/`)) ? `~${dir.slice(home.length)}` : dir;
}

async function show(sh: Shell): Promise<number> {
  await sh.out(
    `${all(sh)
      .map((d) => withTilde(sh, d))
      .join(" ")}\n`,
  );
  return 0;
}

/** `+N` counts from the left, `-N` from the right; null for anything else. */
function position(arg: string, count: number): number | null {
  const m = /^([-+])(\d+)$/.exec(arg);
  if (!m) return null;
  return m[1] === "+" ? Number(m[2]) : count - 1 - Number(m[2]);
}

async function wrong(sh: Shell, name: string, what: string): Promise<number> {
  await sh.complain(`${name}: ${what}`);
  return usage(sh, name, USAGE[name]!);
}

const badNumber = (sh: Shell, name: string, arg: string): Promise<number> =>
  wrong(sh, name, `${arg}: invalid number`);

const outOfRange = (sh: Shell, name: string, arg: string): Promise<number> =>
  sh.complain(
    sh.directoryStack.length === 0
      ? `${name}: directory stack empty`
      : `${name}: ${arg}: directory stack index out of range`,
  );

async function enter(sh: Shell, name: string, dir: string): Promise<number> {
  const code = await change(sh, dir, false);
  return code === 0 ? 0 : sh.complain(`${name}: ${dir}: ${strerror(code)}`);
}

async function pushd(sh: Shell, argv: string[]): Promise<number> {
  let stay = false;
  let dir: string | null = null;
  let at: number | null = null;
  const dirs = all(sh);
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === "-n") stay = true;
    else if (arg === "--") dir = argv[++i] ?? null;
    else if (position(arg, dirs.length) !== null) {
      at = position(arg, dirs.length)!;
      if (at < 0 || at >= dirs.length) return outOfRange(sh, "pushd", arg);
    } else if (/^[-+]./.test(arg)) return badNumber(sh, "pushd", arg);
    else {
      if (i + 1 < argv.length) return sh.complain("pushd: too many arguments");
      dir = arg === "-" ? (sh.vars.get("OLDPWD") ?? "") : arg;
    }
  }
  if (dir !== null) return pushNew(sh, dir, stay);
  if (at === null && dirs.length === 1) return sh.complain("pushd: no other directory");
  at ??= 1;
  const turned = [...dirs.slice(at), ...dirs.slice(0, at)];
  if (!stay && (await enter(sh, "pushd", turned[0]!)) !== 0) return 1;
  sh.directoryStack = turned.slice(1);
  return show(sh);
}

async function pushNew(sh: Shell, dir: string, stay: boolean): Promise<number> {
  const here = sh.directory;
  if (stay) sh.directoryStack.unshift(dir);
  else {
    if ((await enter(sh, "pushd", dir)) !== 0) return 1;
    sh.directoryStack.unshift(here);
  }
  return show(sh);
}

async function popd(sh: Shell, argv: string[]): Promise<number> {
  let stay = false;
  let at = 0;
  let given = "";
  for (const arg of argv.slice(1)) {
    if (arg === "--") continue;
    if (arg === "-n") {
      stay = true;
      continue;
    }
    const n = position(arg, sh.directoryStack.length + 1);
    if (n === null && !arg.startsWith("-")) return wrong(sh, "popd", `${arg}: invalid argument`);
    if (n === null) return badNumber(sh, "popd", arg);
    given = arg;
    at = n;
  }
  if (sh.directoryStack.length === 0 || at < 0 || at > sh.directoryStack.length)
    return outOfRange(sh, "popd", given);
  if (at > 0) sh.directoryStack.splice(at - 1, 1);
  else {
    if (!stay && (await enter(sh, "popd", sh.directoryStack[0]!)) !== 0) return 1;
    sh.directoryStack.shift();
  }
  return show(sh);
}

async function dirs(sh: Shell, argv: string[]): Promise<number> {
  const how = new Set<string>();
  let at: number | null = null;
  const list = all(sh);
  for (const arg of argv.slice(1)) {
    const n = position(arg, list.length);
    if (arg === "--") break;
    if (n !== null) {
      at = n;
      if (n < 0 || n >= list.length) return outOfRange(sh, "dirs", /\d+/.exec(arg)![0]);
    } else if (/^-[clpv]+$/.test(arg)) for (const c of arg.slice(1)) how.add(c);
    else if (/^-/.test(arg)) return badNumber(sh, "dirs", arg);
    else return usage(sh, "dirs", USAGE["dirs"]!);
  }
  if (how.has("c")) {
    sh.directoryStack = [];
    return 0;
  }
  const shown = how.has("l") ? list : list.map((d) => withTilde(sh, d));
  if (at !== null)
    await sh.out(how.has("v") ? `${String(at).padStart(2)}  ${shown[at]}\n` : `${shown[at]}\n`);
  else if (how.has("v")) await sh.out(shown.map((d, i) => `${String(i).padStart(2)}  ${d}\n`).join(""));
  else await sh.out(shown.join(how.has("p") ? "\n" : " ") + "\n");
  return 0;
}

export const directoryStack: Table = { pushd, popd, dirs };
