// stream.ts - trace-cmd stream: prints events while the command runs.
import { Errno, Open, Wait } from "../../../kernel-as/abi.ts";
import { exitCode } from "../waitStatus.ts";
import { SysError, type SysCalls } from "../sys.ts";
import { print } from "../kpatch/io.ts";
import type { Tool } from "../kpatch/tool.ts";
import { startTraced } from "./command.ts";
import { catchInterrupt, unlessInterrupted, type Interrupt } from "./interrupt.ts";
import { applyRequest, parseRequest, resetTracing, type Request } from "./setup.ts";
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

/** The command's status once it has ended, or 0 after Ctrl-C when there is none; null: not yet. */
async function ended(sys: SysCalls, pid: number, interrupt: Interrupt): Promise<number | null> {
  if (pid === 0) return interrupt.pressed ? 0 : null;
  const result = await sys.wait4(pid, Wait.NOHANG);
  return result === null ? null : exitCode(result.status);
}

/** Tracing stops with the command, so that the pipe runs dry. */
async function follow(tool: Tool, pid: number, pipe: number, interrupt: Interrupt): Promise<number> {
  for (;;) {
    const status = await ended(tool.sys, pid, interrupt);
    if (status !== null) {
      await setTracing(tool, "tracing_on", "0\n");
      await drain(tool.sys, pipe);
      return status;
    }
    const wanted = [{ fd: pipe, events: POLLIN, revents: 0 }];
    if ((await unlessInterrupted(tool.sys.poll(wanted, POLL_MS))) !== 0) await drain(tool.sys, pipe);
  }
}

/** Starts the command, if there is one; its pid or 0. */
async function startStream(tool: Tool, request: Request): Promise<number> {
  if (request.command.length > 0) return startTraced(tool, request);
  await setTracing(tool, "set_ftrace_notrace_pid", `${await tool.sys.getpid()}\n`);
  await setTracing(tool, "tracing_on", "1\n");
  return 0;
}

export async function stream(tool: Tool, args: string[]): Promise<number> {
  const request = await parseRequest(tool, args);
  const interrupt = await catchInterrupt(tool.sys);
  // Its own reading would be traced, and traced again: only the command is.
  if (request.command.length > 0) request.onlyCommand = request.children = true;
  await applyRequest(tool, request);
  const pipe = await tool.sys.open(tracingFile("trace_pipe"), Open.RDONLY | Open.NONBLOCK);
  const pid = await startStream(tool, request);
  const status = await follow(tool, pid, pipe, interrupt);
  await tool.sys.close(pipe);
  await resetTracing(tool);
  await setTracing(tool, "tracing_on", "1\n");
  return status;
}
