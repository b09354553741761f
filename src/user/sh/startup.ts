// startup.ts - the variables a shell begins with.

import { attempt } from "../errno.ts";
import { parseScript } from "./parse.ts";
import type { Shell } from "./shell.ts";
import { Attr, isName, type Var } from "./vars.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export async function startVariables(sh: Shell, env: Map<string, string>): Promise<void> {
  const scope = sh.vars.scopes[0]!;
  for (const [name, value] of env) {
    if (isName(name)) scope.set(name, { value, list: null, map: null, attrs: Attr.EXPORT });
    else if (name.startsWith("BASH_FUNC_") && value.startsWith("() {"))
      takeFunction(sh, name.slice(10, -2), value);
  }
  const preset = (name: string, value: string, attrs = 0): void => {
    if (!scope.has(name)) scope.set(name, { value, list: null, map: null, attrs });
  };
  takeOptions(scope.get("SHELLOPTS"), sh.opts);
  takeOptions(scope.get("BASHOPTS"), sh.shopts);
  preset("PATH", DEFAULT_PATH);
  preset("SHELL", "/bin/bash");
  scope.set("IFS", { value: " \t\n", list: null, map: null, attrs: 0 });
  scope.set("PPID", {
    value: String(await sh.sys.getppid()),
    list: null,
    map: null,
    attrs: Attr.READONLY | Attr.INTEGER,
  });
  const uid = String(await sh.sys.getuid());
  scope.set("UID", { value: uid, list: null, map: null, attrs: Attr.READONLY | Attr.INTEGER });
  scope.set("EUID", {
    value: String(await sh.sys.geteuid()),
    list: null,
    map: null,
    attrs: Attr.READONLY | Attr.INTEGER,
  });
  scope.set("OPTIND", { value: "1", list: null, map: null, attrs: 0 });
  scope.set("OPTERR", { value: "1", list: null, map: null, attrs: 0 });
  preset("PS4", "+ ");
  const level = Number(scope.get("SHLVL")?.value ?? 0) || 0;
  scope.set("SHLVL", { value: String(level + 1), list: null, map: null, attrs: Attr.EXPORT });
  scope.set("BASH", { value: "/bin/bash", list: null, map: null, attrs: 0 });
  scope.set("BASH_VERSION", { value: "5.2.15(1)-release", list: null, map: null, attrs: 0 });
  const versionList = ["5", "2", "15", "1", "release", "wasm32-unknown-patchbay"];
  scope.set("BASH_VERSINFO", { value: undefined, list: versionList, map: null, attrs: Attr.READONLY });
  preset("HOSTTYPE", "wasm32");
  preset("MACHTYPE", "wasm32-unknown-patchbay");
  preset("OSTYPE", "linux-gnu");
  const name = await attempt(sh.sys.uname());
  if (name.ok) preset("HOSTNAME", name.value.nodename);
  await startDirectory(sh);
  sh.secondsBase = Math.floor((await sh.sys.clockGettime(1)) / 1e9);
}

/** A function that the shell above exported; a text that is more than one is no function. */
function takeFunction(sh: Shell, name: string, text: string): void {
  const { body, error } = parseScript(`function ${name} ${text}`);
  const def = body.items[0]?.node;
  if (error || body.items.length !== 1 || def?.t !== "function" || def.name !== name) return;
  sh.funcs.set(name, { ...def, source: "environment" });
  sh.exportedFuncs.add(name);
}

/** An exported $SHELLOPTS switches on what it names, here and in the shells below. */
function takeOptions(given: Var | undefined, options: object): void {
  if (!given) return;
  for (const name of given.value!.split(":")) if (name in options) Object.assign(options, { [name]: true });
  given.value = undefined;
}

/** $PWD is believed when it names the directory we are in. */
async function startDirectory(sh: Shell): Promise<void> {
  const scope = sh.vars.scopes[0]!;
  const given = scope.get("PWD")?.value;
  const here = await attempt(sh.sys.stat("."));
  const there = given?.startsWith("/") ? await attempt(sh.sys.stat(given)) : null;
  const same =
    here.ok && there?.ok && here.value.ino === there.value.ino && here.value.dev === there.value.dev;
  const dir = same ? given! : await attempt(sh.sys.getcwd()).then((r) => (r.ok ? r.value : "/"));
  sh.directory = dir;
  scope.set("PWD", { value: dir, list: null, map: null, attrs: Attr.EXPORT });
  if (!scope.has("OLDPWD"))
    scope.set("OLDPWD", { value: undefined, list: null, map: null, attrs: Attr.EXPORT });
}
