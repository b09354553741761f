// tool.ts - what the tools share: their streams, their way out, their children.
import { Errno, Open } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError, type Program, type SysCalls } from "../sys.ts";
import { OutputError, print, readFd } from "./io.ts";

/** The tool ends here with this status; it has said all it wanted to say. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

/** One running tool. */
export interface Tool {
  sys: SysCalls;
  /** Arguments without argv[0]. */
  args: string[];
  env: Map<string, string>;
  /** Each call is one line, or several. */
  out: (line: string) => Promise<void>;
  err: (line: string) => Promise<void>;
}

/** A program from a function that may end early by throwing `Exit`. */
export function tool(name: string, main: (tool: Tool) => Promise<number>): Program {
  return async ({ sys, argv, env }) => {
    const out = (line: string) => print(sys, 1, `${line}\n`);
    const err = (line: string) => print(sys, 2, `${line}\n`);
    try {
      return await main({ sys, args: argv.slice(1), env, out, err });
    } catch (error) {
      if (error instanceof Exit) return error.status;
      if (error instanceof OutputError) return lastWords(sys, name, error.code);
      if (error instanceof SysError) return refused(sys, name, error);
      throw error;
    }
  };
}

/** Nobody may be left to hear that output failed. */
async function lastWords(sys: SysCalls, name: string, code: number): Promise<number> {
  if (code !== Errno.EPIPE) {
    await print(sys, 2, `${name}: write error: ${strerror(code)}\n`).catch(() => undefined);
  }
  return 1;
}

/** The kernel said no where the tool had no words of its own for it. */
async function refused(sys: SysCalls, name: string, { call, code }: SysError): Promise<number> {
  await print(sys, 2, `${name}: ${call}: ${strerror(code)}\n`).catch(() => undefined);
  return 1;
}

export interface Outcome {
  status: number;
  /** Standard output and standard error together, as `$(command 2>&1)` has them. */
  text: string;
}

const SEARCH = ["/usr/sbin", "/usr/bin"];

async function exec(sys: SysCalls, argv: string[], env: Map<string, string>): Promise<number> {
  for (const dir of SEARCH) {
    try {
      await sys.execve(`${dir}/${argv[0]}`, argv, env);
    } catch (error) {
      if (!(error instanceof SysError && error.code === Errno.ENOENT)) throw error;
    }
  }
  await print(sys, 2, `${argv[0]}: command not found\n`);
  return 127;
}

/** Runs another program to its end and collects what it prints. */
export async function capture({ sys, env }: Tool, argv: string[]): Promise<Outcome> {
  const [reader, writer] = await sys.pipe2(Open.CLOEXEC);
  const pid = await sys.fork(async (child) => {
    await child.dup2(writer, 1);
    await child.dup2(writer, 2);
    return exec(child, argv, env);
  });
  await sys.close(writer);
  const text = new TextDecoder().decode(await readFd(sys, reader));
  await sys.close(reader);
  return { status: await waitFor(sys, pid), text: text.replace(/\n+$/, "") };
}

async function waitFor(sys: SysCalls, pid: number): Promise<number> {
  const result = await sys.wait4(pid, 0);
  if (!result) throw new Error("wait4 without WNOHANG returned nothing");
  const signal = result.status & 0x7f;
  return signal ? 128 + signal : (result.status >> 8) & 0xff;
}

export const SECOND = 1_000_000_000;
