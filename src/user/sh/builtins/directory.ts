// directory.ts - cd, pwd.

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
export async function change(sh: Shell, target: string, physical: boolean): Promise<number> {
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

export const directory: Table = { cd, pwd };
