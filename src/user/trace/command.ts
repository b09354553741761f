// command.ts - runs the command that is traced.
import { Errno, Open } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError, type SysCalls } from "../sys.ts";
import { print } from "../kpatch/io.ts";
import type { Tool } from "../kpatch/tool.ts";
import { restoreInterrupt } from "./interrupt.ts";
import type { Request } from "./setup.ts";
import { addTracing, setTracing } from "./tracefs.ts";

async function exec(sys: SysCalls, argv: string[], env: Map<string, string>): Promise<number> {
  const path = env.get("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin";
  const dirs = argv[0].includes("/") ? [""] : path.split(":").map((dir) => `${dir}/`);
  let code: Errno = Errno.ENOENT;
  for (const dir of dirs) {
    try {
      await sys.execve(`${dir}${argv[0]}`, argv, env);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      if (error.code !== Errno.ENOENT) code = error.code;
    }
  }
  await print(sys, 2, `trace-cmd: ${strerror(code)}\n  Failed to exec ${argv[0]}\n`);
  return 255;
}

/**
 * Starts the command. It waits until tracing is on, so that the trace begins
 * with its execve and holds nothing of its making.
 */
export async function startTraced(tool: Tool, request: Request): Promise<number> {
  const [reader, writer] = await tool.sys.pipe2(Open.CLOEXEC);
  const pid = await tool.sys.fork(async (child) => {
    await restoreInterrupt(child);
    await child.close(writer);
    await child.read(reader, 1);
    return exec(child, request.command, tool.env);
  });
  await tool.sys.close(reader);
  if (request.onlyCommand) await addTracing(tool, "set_ftrace_pid", `${pid}\n`);
  await setTracing(tool, "tracing_on", "1\n");
  await tool.sys.close(writer);
  return pid;
}
