// report.ts - trace-cmd report: prints what was recorded, a line an event.
//
// Difference from the real one: trace.dat is text, the kernel's own rows
// behind a first line that names the format; there is no ring buffer to parse.
import { SysError } from "../sys.ts";
import { strerror } from "../strerror.ts";
import { getopt } from "../kpatch/getopt.ts";
import { readText } from "../kpatch/io.ts";
import { Exit, type Tool } from "../kpatch/tool.ts";

export const MAGIC = "patchbay-trace 1";

/** `  cat-59  [000] .....  6.262306: what happened` */
const ROW = /^\s*(.+-\d+)\s+\[(\d+)\] (?:\S{5} )?\s*(\d+\.\d+): (.*)$/;
/** `  0.000016 |   0)    cat-59    |   0.100 us    |  fd_entry();` */
const GRAPH = /^\s*(\d+\.\d+) \|\s+(\d+)\)\s+(.+-\d+)\s+\| (.{13,16})\|(.*)$/;

function event(task: string, cpu: string, time: string, name: string, text: string): string {
  return `${task.padStart(20)} [${cpu.padStart(3, "0")}] ${time.padStart(12)}: ${`${name}:`.padEnd(21)} ${text}`;
}

/** A row as trace-cmd shows it; null for the header and the task switches. */
export function reportLine(line: string): string | null {
  const graph = GRAPH.exec(line);
  if (graph) {
    const [, time, cpu, task, duration, call] = graph;
    const exit = /^\s*\}/.test(call);
    const text = `${duration.padStart(15)}|${call}`;
    return event(task, cpu, time, exit ? "funcgraph_exit" : "funcgraph_entry", text);
  }
  const row = ROW.exec(line);
  if (!row) return /^ => |^<stack/.test(line) ? line : null;
  const [, task, cpu, time, what] = row;
  const call = /^(\S.*) <-(\S+)$/.exec(what);
  if (call) return event(task, cpu, time, "function", `${call[1]} <-- ${call[2]}`);
  const probe = /^(\w+): (.*)$/.exec(what);
  return probe ? event(task, cpu, time, probe[1], probe[2]) : event(task, cpu, time, "print", what);
}

export async function report(tool: Tool, args: string[]): Promise<number> {
  const { options, operands } = getopt(args, [{ short: "i", arg: "required" }]);
  const path = options.at(-1)?.value ?? operands[0] ?? "trace.dat";
  let text: string;
  try {
    text = await readText(tool.sys, path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    await tool.err(`trace-cmd: ${strerror(error.code)}\n  opening '${path}'`);
    throw new Exit(1);
  }
  const [magic, ...lines] = text.split("\n");
  if (magic !== MAGIC) {
    await tool.err(`trace-cmd: Invalid argument\n  not a trace.dat file '${path}'`);
    throw new Exit(1);
  }
  const rows = lines.map(reportLine).filter((line) => line !== null);
  await tool.out(["cpus=1", ...rows].join("\n"));
  return 0;
}
