// directory.ts - cd, pwd.

import { attempt, strerror } from "../../errno.ts";
import type { Shell } from "../shell.ts";
import { Attr } from "../vars.ts";
import { badOption, options, type Table } from "./types.ts";

/** Resolves `.` and `..` in the text, as `cd -L` does; null when `..` follows what is no directory. */
async function normalize(sh: Shell, path: string): Promise<string | null> {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      const st = await attempt(sh.sys.stat(`/${out.join("/")}`));
      if (!st.ok || (st.value.mode & 0o170000) !== 0o040000) return null;
      out.pop();
    } else out.push(part);
  }
  return `/${out.join("/")}`;
}

function setPwd(sh: Shell, dir: string): void {
  const old = sh.vars.get("PWD");
  if (old !== undefined) sh.vars.set("OLDPWD", old);
  sh.directory = dir;
  sh.vars.set("PWD", dir);
  for (const name of ["PWD", "OLDPWD"]) {
    const v = sh.vars.find(name);
    if (v) v.attrs |= Attr.EXPORT;
  }
  sh.vars.envVersion++;
}

/** Changes directory; the errno on failure. */
export async function change(sh: Shell, target: string, physical: boolean): Promise<number> {
  const whole = target.startsWith("/") ? target : `${sh.directory}/${target}`;
  const logical = physical ? null : await normalize(sh, whole);
  const r = await attempt(sh.sys.chdir(logical === null || target === "" ? target || "." : logical));
  if (!r.ok) return r.code;
  setPwd(sh, logical ?? (await sh.sys.getcwd()));
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
    if (base === "")
      return (await byVariable(sh, dir, physical)) ? 0 : sh.complain(`cd: ${dir}: ${strerror(code)}`);
  }
  return 1;
}

/** `shopt -s cdable_vars`: what is no directory may name a variable that holds one. */
async function byVariable(sh: Shell, name: string, physical: boolean): Promise<boolean> {
  const dir = sh.shopts["cdable_vars"] ? sh.vars.get(name) : undefined;
  if (!dir || (await change(sh, dir, physical)) !== 0) return false;
  await sh.out(`${dir}\n`);
  return true;
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
  await sh.out(`${physical ? await sh.sys.getcwd() : sh.directory}\n`);
  return 0;
}

export const directory: Table = { cd, pwd };
