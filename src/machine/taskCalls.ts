import { Ioctl, Sys, Termios } from "../../kernel-as/abi.ts";
import type { HostJob, RawArg, SysCalls, Utsname } from "../user/sys.ts";
import { sizeOf, sizeOfRaw } from "./marshal.ts";
import { ProcessCalls } from "./processCalls.ts";

const REBOOT_MAGIC = 0xfee1dead;
const REBOOT_COMMANDS = {
  restart: 0x01234567,
  halt: 0xcdef0123,
  "power-off": 0x4321fedc,
  kexec: 0x45584543,
} as const;
const UTSNAME_FIELD = 65;

/** All system calls of a task: files, processes, and here terminals and the system. */
export class TaskCalls extends ProcessCalls implements SysCalls {
  // Terminals.

  async tcgetattr(fd: number): Promise<Uint8Array> {
    const at = this.bounce(64, "tcgetattr").room(Termios.SIZEOF);
    await this.call("tcgetattr", Sys.IOCTL, fd, Ioctl.TCGETS, at);
    return this.mem.copy(at, Termios.SIZEOF);
  }

  async tcsetattr(fd: number, when: 0 | 1 | 2, termios: Uint8Array): Promise<void> {
    const at = this.bounce(64, "tcsetattr").bytes(termios);
    await this.call("tcsetattr", Sys.IOCTL, fd, Ioctl.TCSETS + when, at);
  }

  /** struct winsize: four u16, rows and columns first. */
  async winsize(fd: number): Promise<{ rows: number; cols: number }> {
    const at = this.bounce(64, "ioctl").room(8);
    await this.call("ioctl", Sys.IOCTL, fd, Ioctl.TIOCGWINSZ, at);
    const word = this.mem.u32(at);
    return { rows: word & 0xffff, cols: word >>> 16 };
  }

  async setWinsize(fd: number, rows: number, cols: number): Promise<void> {
    const at = this.bounce(64, "ioctl").room(8);
    this.mem.setU32(at, (cols << 16) | rows);
    this.mem.setU32(at + 4, 0);
    await this.call("ioctl", Sys.IOCTL, fd, Ioctl.TIOCSWINSZ, at);
  }

  async tcgetpgrp(fd: number): Promise<number> {
    const at = this.bounce(64, "tcgetpgrp").room(8);
    await this.call("tcgetpgrp", Sys.IOCTL, fd, Ioctl.TIOCGPGRP, at);
    return this.mem.i32(at);
  }

  async tcsetpgrp(fd: number, pgrp: number): Promise<void> {
    const at = this.bounce(64, "tcsetpgrp").room(8);
    this.mem.setU32(at, pgrp);
    await this.call("tcsetpgrp", Sys.IOCTL, fd, Ioctl.TIOCSPGRP, at);
  }

  // The system.

  async uname(): Promise<Utsname> {
    const at = this.bounce(512, "uname").room(6 * UTSNAME_FIELD);
    await this.call("uname", Sys.UNAME, at);
    const field = (i: number) => this.mem.cstring(at + i * UTSNAME_FIELD);
    return {
      sysname: field(0),
      nodename: field(1),
      release: field(2),
      version: field(3),
      machine: field(4),
    };
  }

  async clockGettime(clock: 0 | 1 | 7): Promise<number> {
    const at = this.bounce(64, "clock_gettime").room(16);
    await this.call("clock_gettime", Sys.CLOCK_GETTIME, clock, at);
    return this.mem.f64FromI64(at) * 1e9 + this.mem.u32(at + 8);
  }

  async syslog(type: number, arg: number): Promise<Uint8Array> {
    const size = type >= 2 && type <= 4 ? Math.min(arg, 1 << 20) : 0;
    const at = this.bounce(size + 16, "syslog").room(size);
    const n = await this.call("syslog", Sys.SYSLOG, type, size > 0 ? at : 0, arg);
    if (size > 0) return this.mem.copy(at, n);
    return new TextEncoder().encode(String(n));
  }

  async finit_module(fd: number, params: string, flags: number): Promise<void> {
    const b = this.bounce(sizeOf(params), "finit_module");
    await this.call("finit_module", Sys.FINIT_MODULE, fd, b.string(params), flags);
  }

  async init_module(image: Uint8Array, params: string): Promise<void> {
    const b = this.bounce(image.length + sizeOf(params), "init_module");
    const at = b.bytes(image);
    await this.call("init_module", Sys.INIT_MODULE, at, image.length, b.string(params));
  }

  async delete_module(name: string, flags: number): Promise<void> {
    await this.path("delete_module", Sys.DELETE_MODULE, name, flags);
  }

  async sync(): Promise<void> {
    await this.call("sync", Sys.SYNC);
  }

  async reboot(cmd: keyof typeof REBOOT_COMMANDS): Promise<void> {
    await this.call("reboot", Sys.REBOOT, REBOOT_MAGIC, 0, REBOOT_COMMANDS[cmd]);
  }

  async kexec_file_load(fd: number, cmdline: string, flags: number): Promise<void> {
    const b = this.bounce(sizeOf(cmdline), "kexec_file_load");
    const at = b.string(cmdline);
    const length = new TextEncoder().encode(cmdline).length + 1;
    await this.call("kexec_file_load", Sys.KEXEC_FILE_LOAD, fd, -1, length, at, flags);
  }

  async raw(nr: number, ...args: RawArg[]): Promise<number> {
    const name = `syscall ${nr}`;
    const lent: [number, Uint8Array][] = [];
    const b = args.some((arg) => typeof arg !== "number") ? this.bounce(sizeOfRaw(args), name) : null;
    const place = (arg: RawArg): number => {
      if (typeof arg === "number") return arg;
      if (arg instanceof Uint8Array) {
        const at = b!.bytes(arg);
        lent.push([at, arg]);
        return at;
      }
      const words = arg.map(place);
      const at = b!.room(8 * words.length);
      words.forEach((word, i) => this.mem.setI64(at + 8 * i, word));
      return at;
    };
    const ax = await this.call(name, nr, ...args.map(place));
    for (const [at, bytes] of lent) bytes.set(this.mem.copy(at, bytes.length));
    return ax;
  }

  awaitCode(program: string): Promise<void> {
    this.machine.checkTurn(this.user);
    return this.machine.awaitCode(program);
  }

  async hostJob(job: HostJob): Promise<unknown> {
    const { user } = this;
    user.job = job;
    user.jobError = null;
    try {
      await this.call("host_job", Sys.HOST_JOB);
    } catch (error) {
      if (user.jobError !== null) throw new Error(user.jobError);
      throw error;
    } finally {
      user.job = null;
    }
    return user.jobResult;
  }
}
