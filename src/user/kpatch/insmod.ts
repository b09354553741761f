// insmod.ts - insert one module file, with parameters.
import { Open } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError } from "../sys.ts";
import { getopt } from "./getopt.ts";
import { insertText } from "./kmod.ts";
import { tool, type Tool } from "./tool.ts";

const USAGE = `Usage:
\tinsmod [options] filename [module options]
Options:
\t-f, --force           DANGEROUS: forces a module load, may cause
\t                      data corruption and crash your machine
\t-s, --syslog          print to syslog, not stderr
\t-v, --verbose         enables more messages
\t-V, --version         show version
\t-h, --help            show this help`;

/** MODULE_INIT_IGNORE_MODVERSIONS | MODULE_INIT_IGNORE_VERMAGIC */
const FORCE = 3;

const OPTIONS = [
  { short: "f", long: "force" },
  { short: "s", long: "syslog" },
  { short: "v", long: "verbose" },
  { short: "V", long: "version" },
  { short: "h", long: "help" },
];

export const KMOD_VERSION = "kmod version 34";

export const insmod = tool("insmod", async (tool) => {
  const parsed = getopt(tool.args, OPTIONS, true);
  const chosen = new Set(parsed.options.map(({ name }) => name));
  if (parsed.error) {
    await tool.err(`insmod: ${parsed.error}`);
    return 1;
  }
  if (chosen.has("help")) return say(tool, USAGE);
  if (chosen.has("version")) return say(tool, KMOD_VERSION);
  const [file, ...params] = parsed.operands;
  if (file === undefined) {
    await tool.err("insmod: ERROR: missing filename.");
    return 1;
  }
  return insert(tool, file, params.map(quoted).join(" "), chosen.has("force") ? FORCE : 0);
});

async function say(tool: Tool, text: string): Promise<number> {
  await tool.out(text);
  return 0;
}

/** The kernel splits at blanks; a value that has one goes in double quotes. */
function quoted(param: string): string {
  const [, key, value] = /^([^=]*=)?([\s\S]*)$/.exec(param) as RegExpExecArray;
  return key && /\s/.test(value) && !value.startsWith('"') ? `${key}"${value}"` : param;
}

async function insert(tool: Tool, file: string, params: string, flags: number): Promise<number> {
  let fd: number;
  try {
    fd = await tool.sys.open(file, Open.RDONLY | Open.CLOEXEC);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    await tool.err(`insmod: ERROR: could not load module ${file}: ${strerror(error.code)}`);
    return 1;
  }
  try {
    await tool.sys.finit_module(fd, params, flags);
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    await tool.err(`insmod: ERROR: could not insert module ${file}: ${insertText(error.code)}`);
    return 1;
  } finally {
    await tool.sys.close(fd);
  }
}
