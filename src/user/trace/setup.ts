// setup.ts - from the options of record, start and stream to tracefs.
import { Open } from "../../../kernel-as/abi.ts";
import { getopt, type Option } from "../kpatch/getopt.ts";
import { Exit, type Tool } from "../kpatch/tool.ts";
import { addTracing, readTracing, setTracing, writeTracing } from "./tracefs.ts";

const OPTIONS: Option[] = [
  { short: "p", arg: "required" },
  { short: "l", arg: "required" },
  { short: "n", arg: "required" },
  { short: "g", arg: "required" },
  { short: "e", arg: "required" },
  { short: "O", arg: "required" },
  { short: "P", arg: "required" },
  { short: "b", arg: "required" },
  { short: "o", arg: "required" },
  { short: "F" },
  { short: "c" },
  { long: "max-graph-depth", arg: "required" },
];

/** Options whose values are words of a list file. */
const LISTS: [option: string, file: string][] = [
  ["l", "set_ftrace_filter"],
  ["n", "set_ftrace_notrace"],
  ["g", "set_graph_function"],
  ["P", "set_ftrace_pid"],
];

export interface Request {
  plugin: string;
  /** trace.dat, or what -o says. */
  output: string;
  /** -F: only the command is traced. */
  onlyCommand: boolean;
  /** -c: and its children. */
  children: boolean;
  command: string[];
  values(option: string): string[];
}

export async function parseRequest(tool: Tool, args: string[]): Promise<Request> {
  const { options, operands, error } = getopt(args, OPTIONS, true);
  if (error !== null) {
    await tool.err(`trace-cmd: ${error}`);
    throw new Exit(1);
  }
  const values = (name: string) => options.filter((o) => o.name === name).map((o) => o.value);
  const plugin = values("p").at(-1) ?? "nop";
  if (plugin === "nop" && values("e").length === 0) {
    await tool.err("trace-cmd: No such file or directory\n  no event or plugin was specified... aborting");
    throw new Exit(1);
  }
  return {
    plugin,
    output: values("o").at(-1) ?? "trace.dat",
    onlyCommand: values("F").length > 0,
    children: values("c").length > 0,
    command: operands,
    values,
  };
}

/** Tracing off, every choice forgotten, the buffer empty. */
export async function resetTracing(tool: Tool): Promise<void> {
  await setTracing(tool, "tracing_on", "0\n");
  await setTracing(tool, "current_tracer", "nop\n");
  await setTracing(tool, "events/enable", "0\n");
  for (const [, file] of LISTS) await setTracing(tool, file, "");
  await setTracing(tool, "set_ftrace_notrace_pid", "");
  await setTracing(tool, "set_graph_notrace", "");
  await setTracing(tool, "max_graph_depth", "0\n");
  await setTracing(tool, "trace", "");
}

/** `-e kprobes`, `-e kprobes:myp` or `-e myp`. */
async function enableEvent(tool: Tool, event: string): Promise<void> {
  try {
    await writeTracing(tool.sys, "set_event", `${event}\n`, Open.APPEND);
  } catch {
    await tool.err(`trace-cmd: No such file or directory\n  No events enabled with ${event}`);
    throw new Exit(1);
  }
}

/** Everything but the switch: what is traced, and by whom. */
export async function applyRequest(tool: Tool, request: Request): Promise<void> {
  await resetTracing(tool);
  const plugins = (await readTracing(tool.sys, "available_tracers")).trim().split(/\s+/);
  if (!plugins.includes(request.plugin)) {
    await tool.err(`trace-cmd: Invalid argument\n  Plugin '${request.plugin}' does not exist`);
    throw new Exit(1);
  }
  for (const [option, file] of LISTS) {
    for (const value of request.values(option)) await addTracing(tool, file, `${value}\n`);
  }
  for (const value of request.values("max-graph-depth")) {
    await setTracing(tool, "max_graph_depth", `${value}\n`);
  }
  for (const value of request.values("b")) await setTracing(tool, "buffer_size_kb", `${value}\n`);
  for (const value of request.values("O")) await addTracing(tool, "trace_options", `${value}\n`);
  await addTracing(tool, "trace_options", request.children ? "function-fork" : "nofunction-fork");
  await setTracing(tool, "current_tracer", `${request.plugin}\n`);
  for (const event of request.values("e")) await enableEvent(tool, event);
}
