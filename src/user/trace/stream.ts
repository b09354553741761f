// stream.ts - trace-cmd stream: prints events while the command runs.
import { Errno, Open, Wait } from "../../../kernel-as/abi.ts";
import { exitCode } from "../waitStatus.ts";
import { SysError, type SysCalls, type WaitResult } from "../sys.ts";
import { print } from "../kpatch/io.ts";
import { Exit, type Tool } from "../kpatch/tool.ts";
import { startTraced } from "./command.ts";
import { applyRequest, parseRequest, resetTracing } from "./setup.ts";
import { setTracing, tracingFile } from "./tracefs.ts";

const POLLIN = 1;
const POLL_MS = 100;
const CHUNK = 65536;

/** Prints what is in the pipe now. */
async function drain(sys: SysCalls, pipe: number): Promise<void> {
  const decoder = new TextDecoder();
  for (;;) {
    try {
      const bytes = await sys.read(pipe, CHUNK);
      if (bytes.length === 0) return;
      await print(sys, 1, decoder.decode(bytes, { stream: true }));
    } catch (error) {
      if (error instanceof SysError && error.code === Errno.EAGAIN) return;
      throw error;
    }
  }
}

/** Until the command ends; tracing stops with it, so that the pipe runs dry. */
async function follow(tool: Tool, pid: number, pipe: number): Promise<WaitResult> {
  for (;;) {
    const result = await tool.sys.wait4(pid, Wait.NOHANG);
    if (result !== null) {
      await setTracing(tool, "tracing_on", "0\n");
      await drain(tool.sys, pipe);
      return result;
    }
    const ready = await tool.sys.poll([{ fd: pipe, events: POLLIN, revents: 0 }], POLL_MS);
    if (ready > 0) await drain(tool.sys, pipe);
  }
}

export async function stream(tool: Tool, args: string[]): Promise<number> {
  const request = await parseRequest(tool, args);
  if (request.command.length === 0) {
    await tool.err("trace-cmd: Invalid argument\n  stream needs a command");
    throw new Exit(1);
  }
  // Its own reading would be traced, and traced again: only the command is.
  request.onlyCommand = request.children = true;
  await applyRequest(tool, request);
  const pipe = await tool.sys.open(tracingFile("trace_pipe"), Open.RDONLY | Open.NONBLOCK);
  const pid = await startTraced(tool, request);
  const result = await follow(tool, pid, pipe);
  await tool.sys.close(pipe);
  await resetTracing(tool);
  await setTracing(tool, "tracing_on", "1\n");
  return exitCode(result.status);
}
