// modprobe.ts - insert or remove an installed module together with what it depends on.
import { Errno, Open } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError } from "../sys.ts";
import { getopt } from "./getopt.ts";
import { readFile } from "./io.ts";
import { findModules, holders, initState, moduleRoot, refcount } from "./kmod.ts";
import { infoField, moduleNameOf, readModInfo } from "./ko.ts";
import { tool, type Tool } from "./tool.ts";

const OPTIONS = [
  { short: "r", long: "remove" },
  { short: "v", long: "verbose" },
  { short: "q", long: "quiet" },
  { short: "n", long: "dry-run" },
  { short: "n", long: "show" },
  { short: "a", long: "all" },
  { long: "first-time" },
];

interface Request {
  tool: Tool;
  verbose: boolean;
  dryRun: boolean;
  quiet: boolean;
  firstTime: boolean;
  /** Installed modules by normalised name. */
  files: Map<string, string>;
}

export const modprobe = tool("modprobe", async (tool) => {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) {
    await tool.err(`modprobe: ${parsed.error}`);
    return 1;
  }
  const has = (name: string) => parsed.options.some((option) => option.name === name);
  const [first, ...rest] = parsed.operands;
  if (first === undefined) return fatal(tool, "missing parameters. See -h.");
  const files = await findModules(tool.sys, await moduleRoot(tool.sys));
  const request: Request = {
    tool,
    dryRun: has("dry-run") || has("show"),
    verbose: has("verbose") || has("dry-run") || has("show"),
    quiet: has("quiet"),
    firstTime: has("first-time"),
    files: new Map(files.map((file) => [moduleNameOf(file), file])),
  };
  const many = has("remove") || has("all");
  const names = (many ? parsed.operands : [first]).map(moduleNameOf);
  const params = many ? "" : rest.join(" ");
  for (const given of names) {
    const name = await nameOf(request, given);
    const status = has("remove") ? await remove(request, name) : await insert(request, name, params);
    if (status !== 0) return status;
  }
  return 0;
});

/** The module that goes by this name or has it as an alias: there is no depmod, so the modules are asked. */
async function nameOf({ tool, files }: Request, given: string): Promise<string> {
  if (files.has(given)) return given;
  for (const [name, file] of files) {
    const info = readModInfo(await readFile(tool.sys, file)) ?? [];
    if (info.some(([key, value]) => key === "alias" && moduleNameOf(value) === given)) return name;
  }
  return given;
}

async function fatal({ err }: Tool, text: string): Promise<number> {
  await err(`modprobe: FATAL: ${text}`);
  return 1;
}

async function unknown({ tool, quiet }: Request, name: string): Promise<number> {
  if (quiet) return 1;
  return fatal(tool, `Module ${name} not found in directory ${await moduleRoot(tool.sys)}`);
}

/** A module that is there already is a success, unless the caller wants to be the first. */
async function insert(request: Request, name: string, params: string): Promise<number> {
  const { tool, files } = request;
  const state = await initState(tool.sys, name);
  if (state === "builtin" || state === "live")
    return request.firstTime ? failInsert(request, name, Errno.EEXIST) : 0;
  const file = files.get(name);
  if (file === undefined) return unknown(request, name);
  const image = await readFile(tool.sys, file);
  const depends = infoField(readModInfo(image) ?? [], "depends") ?? "";
  for (const each of depends.split(",").filter((dependency) => dependency !== "")) {
    const status = await insert({ ...request, firstTime: false }, moduleNameOf(each), "");
    if (status !== 0) return status;
  }
  if (request.verbose) await tool.out(`insmod ${file} ${params}`);
  return request.dryRun ? 0 : init(request, name, file, params);
}

async function init(request: Request, name: string, file: string, params: string): Promise<number> {
  const { sys } = request.tool;
  const fd = await sys.open(file, Open.RDONLY | Open.CLOEXEC);
  try {
    await sys.finit_module(fd, params, 0);
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    // Somebody else was faster.
    if (error.code === Errno.EEXIST && !request.firstTime) return 0;
    return await failInsert(request, name, error.code);
  } finally {
    await sys.close(fd);
  }
}

async function failInsert({ tool }: Request, name: string, code: number): Promise<number> {
  let text = strerror(code);
  if (code === Errno.EEXIST) text = "Module already in kernel";
  if (code === Errno.ENOENT) text = "Unknown symbol in module, or unknown parameter (see dmesg)";
  await tool.err(`modprobe: ERROR: could not insert '${name}': ${text}`);
  return 1;
}

async function remove(request: Request, name: string): Promise<number> {
  const { tool } = request;
  const state = await initState(tool.sys, name);
  if (state === "builtin") return fatal(tool, `Module ${name} is builtin.`);
  if (state === "absent") {
    if (!request.files.has(name)) return unknown(request, name);
    return request.firstTime ? fatal(tool, `Module ${name} is not in kernel.`) : 0;
  }
  const inUse = (await holders(tool.sys, name)).length > 0 || (await refcount(tool.sys, name)) > 0;
  if (inUse) return fatal(tool, `Module ${name} is in use.`);
  if (request.verbose) await tool.out(`rmmod ${name}`);
  if (request.dryRun) return 0;
  try {
    await tool.sys.delete_module(name, Open.NONBLOCK);
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return fatal(tool, `Error removing module ${name}: ${strerror(error.code)}`);
  }
}
