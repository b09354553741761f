// modinfo.ts - what a module file says about itself.
import { strerror } from "../strerror.ts";
import { SysError } from "../sys.ts";
import { getopt } from "./getopt.ts";
import { exists, readFile } from "./io.ts";
import { findModules, initState, moduleRoot } from "./kmod.ts";
import { moduleNameOf, readModInfo, type ModInfo } from "./ko.ts";
import { tool, type Tool } from "./tool.ts";

const KEY_WIDTH = 16;

const OPTIONS = [
  { short: "a", long: "author" },
  { short: "d", long: "description" },
  { short: "l", long: "license" },
  { short: "p", long: "parameters" },
  { short: "n", long: "filename" },
  { short: "0", long: "null" },
  { short: "F", long: "field", arg: "required" as const },
];

/** The option's own name is the field's, except here. */
const FIELD_OF: Record<string, string> = { parameters: "parm" };

interface Request {
  field: string | null;
  end: string;
}

export const modinfo = tool("modinfo", async (tool) => {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) {
    await tool.err(`modinfo: ${parsed.error}`);
    return 1;
  }
  if (parsed.operands.length === 0) {
    await tool.err("modinfo: ERROR: missing module or filename.");
    return 1;
  }
  const request: Request = { field: null, end: "\n" };
  for (const { name, value } of parsed.options) {
    if (name === "null") request.end = "\0";
    else request.field = name === "field" ? value : (FIELD_OF[name] ?? name);
  }
  let status = 0;
  for (const arg of parsed.operands) if (!(await show(tool, arg, request))) status = 1;
  return status;
});

async function show(tool: Tool, arg: string, request: Request): Promise<boolean> {
  const path = await locate(tool, arg);
  if (path === null) return showBuiltin(tool, arg, request);
  const info = await readInfo(tool, path);
  if (info === null) return false;
  await print(tool, [["filename", path], ...info], request);
  return true;
}

/** An absolute path; null when it is neither a file nor an installed module. */
async function locate({ sys }: Tool, arg: string): Promise<string | null> {
  if (arg.includes("/") || arg.endsWith(".ko")) {
    if (!(await exists(sys, arg))) return null;
    if (arg.startsWith("/")) return arg;
    return `${(await sys.getcwd()).replace(/\/$/, "")}/${arg.replace(/^(\.\/)+/, "")}`;
  }
  const wanted = moduleNameOf(arg);
  const files = await findModules(sys, await moduleRoot(sys));
  return files.find((file) => moduleNameOf(file) === wanted) ?? null;
}

async function showBuiltin(tool: Tool, arg: string, request: Request): Promise<boolean> {
  const name = moduleNameOf(arg);
  if (/[/.]/.test(arg) || (await initState(tool.sys, name)) !== "builtin") {
    await tool.err(`modinfo: ERROR: Module ${arg} not found.`);
    return false;
  }
  const rows: ModInfo = [
    ["name", name],
    ["filename", "(builtin)"],
  ];
  await print(tool, rows, request);
  return true;
}

async function readInfo(tool: Tool, path: string): Promise<ModInfo | null> {
  let reason = "Exec format error";
  try {
    const info = readModInfo(await readFile(tool.sys, path));
    if (info) return info;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    reason = strerror(error.code);
  }
  await tool.err(`modinfo: ERROR: could not get modinfo from '${moduleNameOf(path)}': ${reason}`);
  return null;
}

/** A parameter and its type are two strings in the file and one line here, after all others. */
export function displayRows(info: ModInfo): ModInfo {
  const types = new Map(info.filter(([key]) => key === "parmtype").map(([, value]) => splitParam(value)));
  const parms: ModInfo = [];
  const rest: ModInfo = [];
  for (const [key, value] of info) {
    if (key === "parmtype") continue;
    if (key !== "parm") rest.push([key, value]);
    else {
      const [name] = splitParam(value);
      const type = types.get(name);
      types.delete(name);
      parms.push(["parm", type ? `${value} (${type})` : value]);
    }
  }
  for (const [name, type] of types) parms.push(["parm", `${name}:${type}`]);
  return [...rest, ...parms];
}

function splitParam(value: string): [name: string, text: string] {
  const colon = value.indexOf(":");
  return colon < 0 ? [value, ""] : [value.slice(0, colon), value.slice(colon + 1)];
}

async function print({ sys, out }: Tool, info: ModInfo, { field, end }: Request): Promise<void> {
  const rows = displayRows(info).filter(([key]) => field === null || key === field);
  const lines = rows.map(([key, value]) =>
    field === null ? `${`${key}:`.padEnd(KEY_WIDTH)}${value}` : value,
  );
  if (lines.length === 0) return;
  if (end === "\n") return out(lines.join("\n"));
  await sys.write(1, new TextEncoder().encode(lines.map((line) => line + end).join("")));
}
