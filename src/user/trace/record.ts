// record.ts - trace-cmd record: traces while a command runs, into a file.
import { exitCode } from "../waitStatus.ts";
import { writeFile } from "../kpatch/io.ts";
import { Exit, type Tool } from "../kpatch/tool.ts";
import { startTraced } from "./command.ts";
import { MAGIC } from "./report.ts";
import { applyRequest, parseRequest, resetTracing } from "./setup.ts";
import { addTracing, readTracing, setTracing } from "./tracefs.ts";

/** Options under which a line of the graph says all that report prints. */
const GRAPH_OPTIONS = ["funcgraph-proc", "funcgraph-abstime", "funcgraph-cpu", "funcgraph-duration"];

export async function record(tool: Tool, args: string[]): Promise<number> {
  const request = await parseRequest(tool, args);
  if (request.command.length === 0) {
    await tool.err(
      "trace-cmd: Invalid argument\n  record needs a command here: there is no Ctrl-C to wait for",
    );
    throw new Exit(1);
  }
  const before = await readTracing(tool.sys, "trace_options");
  await applyRequest(tool, request);
  for (const option of GRAPH_OPTIONS) await addTracing(tool, "trace_options", `${option}\n`);
  if (request.plugin !== "nop") await tool.out(`  plugin '${request.plugin}'`);
  const pid = await startTraced(tool, request);
  const result = await tool.sys.wait4(pid, 0);
  await setTracing(tool, "tracing_on", "0\n");
  const trace = await readTracing(tool.sys, "trace");
  await writeFile(tool.sys, request.output, `${MAGIC}\n${trace}`);
  await tool.out(`CPU0 data recorded at offset=0x${MAGIC.length + 1}\n    ${trace.length} bytes in size`);
  await resetTracing(tool);
  for (const option of before.trim().split("\n")) await addTracing(tool, "trace_options", `${option}\n`);
  await setTracing(tool, "tracing_on", "1\n");
  return result === null ? 1 : exitCode(result.status);
}
