// tracefs.ts - the kernel's tracing files, as trace-cmd uses them.
import { Open } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError, type SysCalls } from "../sys.ts";
import { readText } from "../kpatch/io.ts";
import { Exit, type Tool } from "../kpatch/tool.ts";

const TRACING = "/sys/kernel/tracing";

export const tracingFile = (name: string): string => `${TRACING}/${name}`;

export const readTracing = (sys: SysCalls, name: string): Promise<string> => readText(sys, tracingFile(name));

/** Throws what the kernel answers. */
export async function writeTracing(sys: SysCalls, name: string, text: string, flags: number): Promise<void> {
  const fd = await sys.open(tracingFile(name), Open.WRONLY | flags);
  try {
    if (text !== "") await sys.write(fd, new TextEncoder().encode(text));
  } finally {
    await sys.close(fd);
  }
}

/** Writes a file anew; when the kernel refuses, the tool says so and ends. */
export async function setTracing(tool: Tool, name: string, text: string): Promise<void> {
  await refusing(tool, name, () => writeTracing(tool.sys, name, text, Open.TRUNC));
}

/** Adds to a list file. */
export async function addTracing(tool: Tool, name: string, text: string): Promise<void> {
  await refusing(tool, name, () => writeTracing(tool.sys, name, text, Open.APPEND));
}

async function refusing(tool: Tool, name: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    await tool.err(`trace-cmd: ${strerror(error.code)}\n  Failed to write '${tracingFile(name)}'`);
    throw new Exit(1);
  }
}
