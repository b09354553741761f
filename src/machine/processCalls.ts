import { Errno, Limits, RegsField, Sys, TaskField } from "../../kernel-as/abi.ts";
import { SysError, type SigAction, type SysCalls, type WaitResult } from "../user/sys.ts";
import { FileCalls } from "./fileCalls.ts";
import { encodeBlock, putRegs, sizeOf } from "./marshal.ts";

/** Whether wait4 reported a stop or a continuation: the child lives. */
function isStopped(status: number): boolean {
  return (status & 0xff) === 0x7f || status === 0xffff;
}

/** System calls on processes and signals. */
export class ProcessCalls extends FileCalls {
  async fork(entry: (sys: SysCalls) => Promise<number>): Promise<number> {
    putRegs(this.mem, this.user.task, Sys.FORK, []);
    this.machine.nextChild(this.user, entry);
    const made = this.machine.syscall(this.user);
    const pid = typeof made === "number" ? made : await made;
    if (pid < 0) throw new SysError(-pid, "fork");
    return pid;
  }

  async execve(path: string, argv: string[], env: Map<string, string>): Promise<never> {
    const block = encodeBlock(argv);
    const environ = encodeBlock([...env].map(([name, value]) => `${name}=${value}`));
    if (Math.max(block.length + path.length, environ.length) > 2 * Limits.UBUF_SIZE) {
      throw new SysError(Errno.E2BIG, "execve");
    }
    const size = sizeOf(path) + block.length + environ.length + 2 * Limits.PATH_MAX;
    const b = this.bounce(size, "execve");
    const pathAt = b.string(path);
    const before = this.user.env;
    this.user.env = new Map(env);
    try {
      await this.call(
        "execve",
        Sys.EXECVE,
        pathAt,
        b.bytes(block),
        block.length,
        b.bytes(environ),
        environ.length,
      );
    } catch (error) {
      this.user.env = before;
      throw error;
    }
    throw new Error("execve returned");
  }

  async exit(status: number): Promise<never> {
    await this.call("exit", Sys.EXIT, status);
    throw new Error("exit returned");
  }

  async wait4(pid: number, options: number): Promise<WaitResult | null> {
    const found = await this.call("wait4", Sys.WAIT4, pid, options);
    if (found === 0) return null;
    const status = this.mem.i32(this.user.task + TaskField.REGS + RegsField.R10);
    if (!isStopped(status)) this.machine.forget(found);
    return { pid: found, status };
  }

  async kill(pid: number, sig: number): Promise<void> {
    await this.call("kill", Sys.KILL, pid, sig);
  }

  async sigaction(sig: number, action: SigAction): Promise<void> {
    const how = action === "default" ? 0 : action === "ignore" ? 1 : 2;
    await this.call("rt_sigaction", Sys.RT_SIGACTION, sig, how);
    if (typeof action === "function") this.user.handlers.set(sig, action);
    else this.user.handlers.delete(sig);
  }

  async sigprocmask(how: 0 | 1 | 2, mask: number): Promise<number> {
    const old = await this.call("rt_sigprocmask", Sys.RT_SIGPROCMASK, how, mask);
    return old >>> 0;
  }

  async pause(): Promise<never> {
    await this.call("pause", Sys.PAUSE);
    throw new Error("pause returned");
  }

  alarm(seconds: number): Promise<number> {
    return this.call("alarm", Sys.ALARM, seconds);
  }

  async nanosleep(ns: number): Promise<void> {
    await this.call("nanosleep", Sys.NANOSLEEP, Math.round(ns));
  }

  async sched_yield(): Promise<void> {
    await this.call("sched_yield", Sys.SCHED_YIELD);
  }

  getpid(): Promise<number> {
    return this.call("getpid", Sys.GETPID);
  }

  getppid(): Promise<number> {
    return this.call("getppid", Sys.GETPPID);
  }

  getuid(): Promise<number> {
    return this.call("getuid", Sys.GETUID);
  }

  geteuid(): Promise<number> {
    return this.call("geteuid", Sys.GETEUID);
  }

  getgid(): Promise<number> {
    return this.call("getgid", Sys.GETGID);
  }

  async setuid(uid: number): Promise<void> {
    await this.call("setuid", Sys.SETUID, uid);
  }

  async setgid(gid: number): Promise<void> {
    await this.call("setgid", Sys.SETGID, gid);
  }

  async setpgid(pid: number, pgid: number): Promise<void> {
    await this.call("setpgid", Sys.SETPGID, pid, pgid);
  }

  getpgid(pid: number): Promise<number> {
    return this.call("getpgid", Sys.GETPGID, pid);
  }

  setsid(): Promise<number> {
    return this.call("setsid", Sys.SETSID);
  }

  getsid(pid: number): Promise<number> {
    return this.call("getsid", Sys.GETSID, pid);
  }
}
