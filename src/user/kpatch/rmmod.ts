// rmmod.ts - remove modules by name.
import { Open } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError } from "../sys.ts";
import { getopt } from "./getopt.ts";
import { holders, initState, refcount } from "./kmod.ts";
import { moduleNameOf } from "./ko.ts";
import { tool, type Tool } from "./tool.ts";

const OPTIONS = [
  { short: "f", long: "force" },
  { short: "s", long: "syslog" },
  { short: "v", long: "verbose" },
];

export const rmmod = tool("rmmod", async (tool) => {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) {
    await tool.err(`rmmod: ${parsed.error}`);
    return 1;
  }
  if (parsed.operands.length === 0) {
    await tool.err("rmmod: ERROR: missing module name.");
    return 1;
  }
  const force = parsed.options.some(({ name }) => name === "force");
  const verbose = parsed.options.some(({ name }) => name === "verbose");
  let status = 0;
  for (const arg of parsed.operands) {
    const name = moduleNameOf(arg);
    if (verbose) await tool.out(`rmmod ${name}`);
    const complaint = (await objection(tool, name, force)) ?? (await remove(tool, name, force));
    if (complaint === null) continue;
    await tool.err(`rmmod: ERROR: ${complaint}`);
    status = 1;
  }
  return status;
});

/** Why it is no use to ask the kernel. */
async function objection({ sys }: Tool, name: string, force: boolean): Promise<string | null> {
  const state = await initState(sys, name);
  if (state === "absent") return `Module ${name} is not currently loaded`;
  if (state === "builtin") return `Module ${name} is builtin.`;
  if (force) return null;
  const users = await holders(sys, name);
  if (users.length > 0) return `Module ${name} is in use by: ${users.join(" ")}`;
  return (await refcount(sys, name)) > 0 ? `Module ${name} is in use` : null;
}

async function remove({ sys }: Tool, name: string, force: boolean): Promise<string | null> {
  try {
    await sys.delete_module(name, Open.NONBLOCK | (force ? Open.TRUNC : 0));
    return null;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return `could not remove module ${name}: ${strerror(error.code)}`;
  }
}
