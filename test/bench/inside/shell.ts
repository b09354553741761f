import type { SysCalls } from "../../../src/user/sys.ts";
import { interleaveAsync, type AsyncContender, type Series } from "./interleave.ts";
import type { LoadFile } from "./kernels.ts";
import { asInit } from "./machine.ts";

export interface ShellInput {
  /** Scripts by what they are called. */
  scripts: Record<string, string>;
  rounds: number;
}

/** Microseconds per script, from fork to wait4 of a shell that runs it. */
export function shell(input: ShellInput, load: LoadFile): Promise<Series> {
  return asInit(load, (sys) => {
    const contenders: AsyncContender[] = Object.entries(input.scripts).map(([name, script]) => ({
      name,
      ops: 1,
      run: () => runScript(sys, script),
    }));
    return interleaveAsync(contenders, input.rounds, 2);
  });
}

async function runScript(sys: SysCalls, script: string): Promise<void> {
  const env = new Map([["PATH", "/usr/sbin:/usr/bin"]]);
  const child = await sys.fork((own) => own.execve("/bin/bash", ["bash", "-c", script], env));
  const dead = await sys.wait4(child, 0);
  if (dead?.status !== 0) throw new Error(`${script}: status ${dead?.status}`);
}
