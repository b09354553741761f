// sysctl.ts - /proc/sys by dotted names, with procps' words.
import { Errno } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError } from "../sys.ts";
import { getopt } from "./getopt.ts";
import { isDir, listDir, readText, writeAttr } from "./io.ts";
import { tool, type Tool } from "./tool.ts";

const ROOT = "/proc/sys";

const OPTIONS = [
  { short: "a", long: "all" },
  { short: "A" },
  { short: "w", long: "write" },
  { short: "n", long: "values" },
  { short: "N", long: "names" },
  { short: "e", long: "ignore" },
  { short: "q", long: "quiet" },
];

interface Request {
  tool: Tool;
  has: (name: string) => boolean;
}

export const sysctl = tool("sysctl", async (tool) => {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) {
    await tool.err(`sysctl: ${parsed.error}`);
    return 1;
  }
  const request: Request = { tool, has: (name) => parsed.options.some((option) => option.name === name) };
  if (request.has("all") || request.has("A")) return readTree(request, ROOT);
  if (parsed.operands.length === 0) {
    await tool.err("sysctl: no variables specified\nTry `sysctl --help' for more information.");
    return 1;
  }
  let status = 0;
  for (const operand of parsed.operands) {
    if ((await setOrShow(request, operand)) !== 0) status = 1;
  }
  return status;
});

async function setOrShow(request: Request, operand: string): Promise<number> {
  const equals = operand.indexOf("=");
  if (equals >= 0) return write(request, operand.slice(0, equals).trim(), operand.slice(equals + 1).trim());
  if (request.has("write")) {
    await request.tool.err(`sysctl: "${operand}" must be of the form name=value`);
    return 1;
  }
  return readTree(request, pathOf(operand));
}

/** Whichever of `.` and `/` comes first separates. */
function pathOf(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  return `${ROOT}/${separator === "/" ? name : name.replaceAll(".", "/")}`;
}

const nameOf = (path: string): string => path.slice(ROOT.length + 1).replaceAll("/", ".");

async function readTree(request: Request, path: string): Promise<number> {
  if (!(await isDir(request.tool.sys, path))) return read(request, path);
  let status = 0;
  for (const name of await listDir(request.tool.sys, path)) {
    if ((await readTree(request, `${path}/${name}`)) !== 0) status = 1;
  }
  return status;
}

async function read(request: Request, path: string): Promise<number> {
  const { tool, has } = request;
  const name = nameOf(path);
  try {
    const lines = (await readText(tool.sys, path)).replace(/\n$/, "").split("\n");
    if (has("names")) await tool.out(name);
    else for (const line of lines) await tool.out(has("values") ? line : `${name} = ${line}`);
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return complain(request, path, error.code, `reading key "${name}": `);
  }
}

async function write(request: Request, key: string, value: string): Promise<number> {
  const { tool, has } = request;
  const path = pathOf(key);
  const name = nameOf(path);
  try {
    await writeAttr(tool.sys, path, value);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return complain(request, path, error.code, `setting key "${name}": `);
  }
  if (!has("quiet")) await tool.out(has("values") ? value : `${name} = ${value}`);
  return 0;
}

async function complain({ tool, has }: Request, path: string, code: number, act: string): Promise<number> {
  if (code === Errno.ENOENT) {
    if (has("ignore")) return 0;
    await tool.err(`sysctl: cannot stat ${path}: ${strerror(code)}`);
  } else if (code === Errno.EACCES || code === Errno.EPERM) {
    await tool.err(`sysctl: permission denied on key "${nameOf(path)}"`);
  } else await tool.err(`sysctl: ${act}${strerror(code)}`);
  return 1;
}
