// traceCmd.ts - trace-cmd: ftrace without knowing its files.
import { tool, type Tool } from "../kpatch/tool.ts";
import { record } from "./record.ts";
import { report } from "./report.ts";
import { applyRequest, parseRequest, resetTracing } from "./setup.ts";
import { stream } from "./stream.ts";
import { readTracing, setTracing } from "./tracefs.ts";

const USAGE = `
trace-cmd usage:
  trace-cmd [COMMAND] ...

  commands:
     record - record a trace into a trace.dat file
     start - start tracing without recording into a file
     stop - stop the kernel from recording trace data
     stream - start tracing and read the output directly
     show - show the contents of the kernel tracing buffer
     reset - disable all kernel tracing and clear the trace buffers
     report - read out the trace stored in a trace.dat file
     list - list the available events, plugins or functions

  record, start and stream take
     -p plugin  -l function  -n not_this  -g graph_function  -e event
     -O option  -P pid  -F (only the command)  -c (its children too)
     -b buffer_kb  -o file  --max-graph-depth n
`;

async function start(tool: Tool, args: string[]): Promise<number> {
  const request = await parseRequest(tool, args);
  await applyRequest(tool, request);
  await tool.out(`  plugin '${request.plugin}'`);
  await setTracing(tool, "tracing_on", "1\n");
  return 0;
}

async function stop(tool: Tool): Promise<number> {
  await setTracing(tool, "tracing_on", "0\n");
  return 0;
}

async function show(tool: Tool): Promise<number> {
  await tool.out((await readTracing(tool.sys, "trace")).replace(/\n$/, ""));
  return 0;
}

async function reset(tool: Tool): Promise<number> {
  await resetTracing(tool);
  await setTracing(tool, "tracing_on", "1\n");
  return 0;
}

const LISTS: Record<string, string> = {
  "-t": "available_tracers",
  "-p": "available_tracers",
  "-f": "available_filter_functions",
  "-e": "available_events",
  "-o": "trace_options",
};

function regexOf(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern);
  } catch {
    return null;
  }
}

async function list(tool: Tool, [what = "-t", pattern = ""]: string[]): Promise<number> {
  const file = LISTS[what];
  if (file === undefined) {
    await tool.err(`trace-cmd: Invalid argument\n  list: invalid option '${what}'`);
    return 1;
  }
  const lines = (await readTracing(tool.sys, file)).replace(/\n$/, "").split("\n");
  const wanted = regexOf(pattern);
  if (wanted === null) {
    await tool.err(`trace-cmd: Invalid argument\n  list: invalid regular expression '${pattern}'`);
    return 1;
  }
  const shown = lines.filter((line) => wanted.test(line));
  if (shown.length > 0) await tool.out(shown.join("\n"));
  return 0;
}

const COMMANDS: Record<string, (tool: Tool, args: string[]) => Promise<number>> = {
  record,
  report,
  stream,
  start,
  stop,
  show,
  reset,
  list,
};

export const traceCmd = tool("trace-cmd", async (tool) => {
  const [name = "", ...args] = tool.args;
  if (name === "" || name === "-h" || name === "--help") {
    await tool.out(USAGE);
    return name === "" ? 1 : 0;
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    await tool.err(`trace-cmd: Invalid argument\n  unknown command: ${name}`);
    return 1;
  }
  return COMMANDS[name](tool, args);
});
