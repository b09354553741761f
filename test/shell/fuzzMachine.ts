/**
 * A machine to throw rubbish at: cases run one after the other, each ended by
 * force when it takes too long, and what is left over is counted.
 */

import { mountAll } from "../../src/user/init.ts";
import { programs } from "../../src/user/programs.ts";
import { SysError, type SysCalls } from "../../src/user/sys.ts";
import { bootWith, type TestFile } from "../boot.ts";
import { memoryInUse } from "../livepatch/fuzz/memory.ts";

export const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
export const SEED = Number(process.env.FUZZ_SEED ?? 20261121);

const ENV = new Map([
  ["HOME", "/tmp/w"],
  ["PATH", "/bin"],
  ["LC_ALL", "C.UTF-8"],
]);

/** What one kernel holds: objects, open files, tasks. */
export interface Holdings {
  memory: Record<string, number>;
  openFiles: string;
  tasks: string[];
}

export class FuzzMachine {
  constructor(
    readonly sys: SysCalls,
    private readonly inUse: () => Record<string, number>,
    /** What programs threw since the last case. */
    private readonly thrown: unknown[],
  ) {}

  async read(path: string): Promise<string> {
    const fd = await this.sys.open(path, 0);
    let text = "";
    for (;;) {
      const chunk = await this.sys.read(fd, 65536);
      if (chunk.length === 0) break;
      text += new TextDecoder().decode(chunk);
    }
    await this.sys.close(fd);
    return text;
  }

  async tasks(): Promise<string[]> {
    const fd = await this.sys.open("/proc", 0);
    const names: string[] = [];
    for (let list = await this.sys.getdents(fd); list.length > 0; list = await this.sys.getdents(fd))
      names.push(...list.map((e) => e.name).filter((n) => /^\d+$/.test(n)));
    await this.sys.close(fd);
    return names;
  }

  async holdings(): Promise<Holdings> {
    const openFiles = (await this.read("/proc/sys/fs/file-nr")).split("\t")[0]!;
    const tasks = await this.tasks();
    // A size none is in use of may have an empty slab or none.
    const memory = Object.fromEntries(Object.entries(this.inUse()).filter(([, n]) => n !== 0));
    return { memory, openFiles, tasks };
  }

  /** Runs a program in a clean /tmp/w with these files on 0, 1 and 2. */
  start(argv: string[], stdin = "/dev/null"): Promise<number> {
    return this.sys.fork(async (child) => {
      await child.setsid();
      await child.mkdir("/tmp/w", 0o755);
      await child.chdir("/tmp/w");
      for (const [fd, path, flags] of [
        [0, stdin, 0],
        [1, "/tmp/out", 0o1101],
        [2, "/tmp/out", 0o2101],
      ] as const) {
        const opened = await child.open(path, flags, 0o644);
        if (opened === fd) continue;
        await child.dup2(opened, fd);
        await child.close(opened);
      }
      return child.execve(`/bin/${argv[0]}`, argv, ENV);
    });
  }

  /** Waits for a task, so many milliseconds at most. */
  async wait(pid: number, ms: number): Promise<void> {
    for (let left = ms; left > 0; left--) {
      const ended = await this.sys.wait4(-1, 1).catch(() => null);
      if (ended?.pid === pid) return;
      if (ended === null) await this.sys.nanosleep(1e6);
    }
  }

  /** Ends every task and takes away what the case wrote. */
  async clear(): Promise<void> {
    const { sys } = this;
    await ignore(sys.kill(-1, 9));
    for (;;) {
      const ended = await sys.wait4(-1, 0).catch((error: unknown) => {
        if (error instanceof SysError) return null;
        throw error;
      });
      if (ended === null) break;
    }
    await this.removeAll("/tmp");
    if (this.thrown.length > 0) throw new Error(`a program threw: ${text(this.thrown[0])}`);
  }

  private async removeAll(dir: string): Promise<void> {
    const { sys } = this;
    const fd = await sys.open(dir, 0);
    const found = [];
    for (let list = await sys.getdents(fd); list.length > 0; list = await sys.getdents(fd))
      found.push(...list);
    await sys.close(fd);
    for (const { name } of found.filter((e) => e.name !== "." && e.name !== "..")) {
      const path = `${dir}/${name}`;
      const folder = ((await sys.lstat(path)).mode & 0o170000) === 0o040000;
      if (folder) await this.removeAll(path);
      await (folder ? sys.rmdir(path) : sys.unlink(path));
    }
  }

  async writeFile(path: string, data: Uint8Array): Promise<void> {
    const fd = await this.sys.open(path, 0o1101, 0o755);
    for (let at = 0; at < data.length;) at += await this.sys.write(fd, data.subarray(at));
    await this.sys.close(fd);
  }
}

const text = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** A failed system call is an answer here. */
export async function ignore(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof SysError)) throw error;
  });
}

/** They end the machine, as they should. */
const HARMFUL = new Set(["init", "reboot", "halt", "poweroff", "shutdown", "kexec", "systemctl"]);

export const programNames = [...programs.keys()].filter((name) => !HARMFUL.has(name));

function files(): Record<string, TestFile> {
  const out: Record<string, TestFile> = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
    "etc/group": "root:x:0:\n",
  };
  for (const name of programNames) out[`bin/${name}`] = { program: name };
  return out;
}

/** Boots, runs `body` as pid 1; what goes wrong in the machine fails the test. */
export function inFuzzMachine(body: (m: FuzzMachine) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const thrown: unknown[] = [];
    const { machine, output } = bootWith(
      async ({ sys }) => {
        try {
          await mountAll(sys);
          await sys.chdir("/tmp");
          await body(new FuzzMachine(sys, () => memoryInUse(machine), thrown));
          resolve();
        } catch (error) {
          reject(error as Error);
        }
        await sys.reboot("power-off");
        return 0;
      },
      { files: files(), programs },
    );
    machine.onCrash = (error) => thrown.push(error);
    const stuck = (why: string) => reject(new Error(`${why}\n${output()}`));
    machine.onQuiet = () => stuck("every task waits for ever");
    machine.onHalt = (reason) => stuck(`the machine stopped: ${reason}`);
  });
}
