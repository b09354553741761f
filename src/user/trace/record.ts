// record.ts - trace-cmd record: traces while a command runs, into a file.
import { exitCode } from "../waitStatus.ts";
import { writeFile } from "../kpatch/io.ts";
import type { Tool } from "../kpatch/tool.ts";
import { startTraced } from "./command.ts";
import { catchInterrupt, waitFor, waitForInterrupt, type Interrupt } from "./interrupt.ts";
import { MAGIC } from "./report.ts";
import { applyRequest, parseRequest, resetTracing, type Request } from "./setup.ts";
import { addTracing, readTracing, setTracing } from "./tracefs.ts";

/** Options under which a line of the graph says all that report prints. */
const GRAPH_OPTIONS = ["funcgraph-proc", "funcgraph-abstime", "funcgraph-cpu", "funcgraph-duration"];

/** Until the command ends; without one, until Ctrl-C. The command's status. */
async function traceUntilEnd(tool: Tool, request: Request, interrupt: Interrupt): Promise<number> {
  if (request.command.length > 0) {
    return exitCode((await waitFor(tool.sys, await startTraced(tool, request))).status);
  }
  await setTracing(tool, "tracing_on", "1\n");
  await tool.out("Hit Ctrl^C to stop recording");
  await waitForInterrupt(tool.sys, interrupt);
  return 0;
}

export async function record(tool: Tool, args: string[]): Promise<number> {
  const request = await parseRequest(tool, args);
  const interrupt = await catchInterrupt(tool.sys);
  const before = await readTracing(tool.sys, "trace_options");
  await applyRequest(tool, request);
  for (const option of GRAPH_OPTIONS) await addTracing(tool, "trace_options", `${option}\n`);
  if (request.plugin !== "nop") await tool.out(`  plugin '${request.plugin}'`);
  const status = await traceUntilEnd(tool, request, interrupt);
  await setTracing(tool, "tracing_on", "0\n");
  const trace = await readTracing(tool.sys, "trace");
  await writeFile(tool.sys, request.output, `${MAGIC}\n${trace}`);
  await tool.out(`CPU0 data recorded at offset=0x${MAGIC.length + 1}\n    ${trace.length} bytes in size`);
  await resetTracing(tool);
  for (const option of before.trim().split("\n")) await addTracing(tool, "trace_options", `${option}\n`);
  await setTracing(tool, "tracing_on", "1\n");
  return status;
}
