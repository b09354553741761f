// kpatch.ts - the command `kpatch`: load, install and inspect patch modules.
//
// Everything it knows it reads from sysfs, procfs and files, as the bash
// script of that name does; texts, waits and exit codes are the script's.
import { install, uninstall } from "./install.ts";
import { info, list } from "./list.ts";
import { load, loadAll } from "./load.ts";
import { find, die, VERSION } from "./patchModule.ts";
import { signalStalled } from "./transition.ts";
import { tool, type Tool } from "./tool.ts";
import { unload, unloadAll } from "./unload.ts";
import { USAGE } from "./usage.ts";
import { transitionPatch } from "./sysfs.ts";

async function usage(tool: Tool): Promise<number> {
  await tool.err(USAGE);
  return 1;
}

const oneArgument = (run: (tool: Tool, arg: string) => Promise<number>) => async (tool: Tool) =>
  tool.args.length === 2 ? run(tool, tool.args[1]) : usage(tool);

const loadOne = async (tool: Tool, arg: string): Promise<number> => {
  const path = await find(tool, arg);
  if (path === null) return die(tool, `can't find ${arg}`);
  return load(tool, path);
};

async function signal(tool: Tool): Promise<number> {
  const patch = await transitionPatch(tool.sys);
  if (patch !== null) await signalStalled(tool, patch);
  return 0;
}

async function version(tool: Tool): Promise<number> {
  await tool.out(VERSION);
  return 0;
}

const COMMANDS: Record<string, (tool: Tool) => Promise<number>> = {
  load: oneArgument((tool, arg) => (arg === "--all" ? loadAll(tool) : loadOne(tool, arg))),
  unload: oneArgument((tool, arg) => (arg === "--all" ? unloadAll(tool) : unload(tool, arg))),
  install: (tool) => install(tool, tool.args.slice(1)),
  uninstall: (tool) => uninstall(tool, tool.args.slice(1)),
  list: (tool) => (tool.args.length === 1 ? list(tool) : usage(tool)),
  info: oneArgument(info),
  signal: (tool) => (tool.args.length === 1 ? signal(tool) : usage(tool)),
  version,
  "-v": version,
  "--version": version,
  help: usage,
  "-h": usage,
  "--help": usage,
};

export const kpatch = tool("kpatch", async (tool) => {
  const [name] = tool.args;
  if (name === undefined) return usage(tool);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(tool);
  await tool.out(`subcommand ${name} not recognized`);
  return usage(tool);
});
