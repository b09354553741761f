// directory.ts - cd, pwd, pushd, popd, dirs.

import { attempt, strerror } from "../../errno.ts";
import type { Shell } from "../shell.ts";
import { Attr } from "../vars.ts";
import { badOption, options, type Table } from "./types.ts";

/** Resolves `.` and `..` in the text alone, as `cd -L` does. */
export function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") out.pop();
    else out.push(part);
  }
  return `/${out.join("/")}`;
}

function setPwd(sh: Shell, dir: string): void {
  const old = sh.vars.get("PWD");
  if (old !== undefined) sh.vars.set("OLDPWD", old);
  sh.vars.set("PWD", dir);
  for (const name of ["PWD", "OLDPWD"]) {
    const v = sh.vars.find(name);
    if (v) v.attrs |= Attr.EXPORT;
  }
  sh.vars.envVersion++;
}

/** Changes directory; the errno on failure. */
async function change(sh: Shell, target: string, physical: boolean): Promise<number> {
  const pwd = sh.vars.get("PWD") ?? (await sh.sys.getcwd());
  const logical = normalize(target.startsWith("/") ? target : `${pwd}/${target}`);
  const r = await attempt(sh.sys.chdir(physical || target === "" ? target || "." : logical));
  if (!r.ok) return r.code;
  setPwd(sh, physical ? await sh.sys.getcwd() : logical);
  return 0;
}

async function cd(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "LPe@");
  if (o.bad) return badOption(sh, "cd", o.bad, "cd [-L|[-P [-e]] [-@]] [dir]");
  if (o.rest.length > 1) return sh.complain("cd: too many arguments");
  const given = o.rest[0];
  const show = given === "-";
  const from = given === undefined ? "HOME" : show ? "OLDPWD" : null;
  const dir = from === null ? given : sh.vars.get(from);
  if (dir === undefined) return sh.complain(`cd: ${from} not set`);
  const physical = o.set.has("P") || sh.opts.physical;
  for (const base of searchPath(sh, dir)) {
    const code = await change(sh, base === "" ? dir : `${base}/${dir}`, physical);
    if (code === 0) {
      if (show || base !== "") await sh.out(`${sh.vars.get("PWD")}\n`);
      return 0;
    }
    if (base === "") return sh.complain(`cd: ${dir}: ${strerror(code)}`);
  }
  return 1;
}

/** $CDPATH for relative names, then the directory itself. */
function searchPath(sh: Shell, dir: string): string[] {
  const cdpath = sh.vars.get("CDPATH");
  if (!cdpath || /^(\/|\.{1,2}(\/|$))/.test(dir)) return [""];
  return [...cdpath.split(":").filter((d) => d !== "" && d !== "."), ""];
}

async function pwd(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "LP");
  if (o.bad) return badOption(sh, "pwd", o.bad, "pwd [-LP]");
  const physical = o.set.has("P") || sh.opts.physical;
  const dir = physical ? await sh.sys.getcwd() : (sh.vars.get("PWD") ?? (await sh.sys.getcwd()));
  await sh.out(`${dir}\n`);
  return 0;
}

function stackText(sh: Shell, how: Set<string>): string {
  const home = sh.vars.get("HOME");
  const all = [sh.vars.get("PWD") ?? "/", ...sh.directoryStack];
  const shown =
    how.has("l") || !home
      ? all
      : all.map((d) => (d === home || d.startsWith(`${home}/`) ? `~${d.slice(home.length)}` : d));
  if (how.has("v")) return shown.map((d, i) => `${String(i).padStart(2)}  ${d}\n`).join("");
  return shown.join(how.has("p") ? "\n" : " ") + "\n";
}

async function pushd(sh: Shell, argv: string[]): Promise<number> {
  const quiet = argv[1] === "-n";
  const arg = argv[quiet ? 2 : 1];
  const here = sh.vars.get("PWD") ?? "/";
  let target: string;
  if (arg === undefined) {
    if (sh.directoryStack.length === 0) return sh.complain("pushd: no other directory");
    target = sh.directoryStack[0]!;
    sh.directoryStack[0] = here;
  } else if (/^[-+]\d+$/.test(arg)) {
    const all = [here, ...sh.directoryStack];
    const n = arg[0] === "+" ? Number(arg.slice(1)) : all.length - 1 - Number(arg.slice(1));
    if (n < 0 || n >= all.length) return sh.complain(`pushd: ${arg}: directory stack index out of range`);
    const turned = [...all.slice(n), ...all.slice(0, n)];
    target = turned[0]!;
    sh.directoryStack = turned.slice(1);
  } else {
    const code = await change(sh, arg, false);
    if (code !== 0) return sh.complain(`pushd: ${arg}: ${strerror(code)}`);
    sh.directoryStack.unshift(here);
    await sh.out(stackText(sh, new Set()));
    return 0;
  }
  const code = await change(sh, target, false);
  if (code !== 0) return sh.complain(`pushd: ${target}: ${strerror(code)}`);
  await sh.out(stackText(sh, new Set()));
  return 0;
}

async function popd(sh: Shell, argv: string[]): Promise<number> {
  if (sh.directoryStack.length === 0) return sh.complain("popd: directory stack empty");
  const arg = argv[1];
  if (arg !== undefined && /^[-+]\d+$/.test(arg) && arg !== "+0") {
    const n = arg[0] === "+" ? Number(arg.slice(1)) - 1 : sh.directoryStack.length - 1 - Number(arg.slice(1));
    if (n < 0 || n >= sh.directoryStack.length)
      return sh.complain(`popd: ${arg}: directory stack index out of range`);
    sh.directoryStack.splice(n, 1);
  } else {
    const dir = sh.directoryStack[0]!;
    const code = await change(sh, dir, false);
    if (code !== 0) return sh.complain(`popd: ${dir}: ${strerror(code)}`);
    sh.directoryStack.shift();
  }
  await sh.out(stackText(sh, new Set()));
  return 0;
}

async function dirs(sh: Shell, argv: string[]): Promise<number> {
  const o = options(argv, "clpv");
  if (o.bad) return badOption(sh, "dirs", o.bad, "dirs [-clpv] [+N] [-N]");
  if (o.set.has("c")) sh.directoryStack = [];
  else await sh.out(stackText(sh, o.set));
  return 0;
}

export const directory: Table = { cd, pwd, pushd, popd, dirs };
