import { Errno, RegsField, StatField, TaskField } from "../../kernel-as/abi.ts";
import type { Dirent, RawArg, Stat } from "../user/sys.ts";
import { SysError } from "../user/sys.ts";
import type { KernelInstance } from "./instance.ts";
import type { KernelMemory } from "./memory.ts";

const encoder = new TextEncoder();

const ARG_REGS = [
  RegsField.DI,
  RegsField.SI,
  RegsField.DX,
  RegsField.R10,
  RegsField.R8,
  RegsField.R9,
] as const;

/** Writes a system call into a task's registers. */
export function putRegs(mem: KernelMemory, task: number, nr: number, args: number[]): void {
  const regs = task + TaskField.REGS;
  mem.setI64(regs + RegsField.ORIG_AX, nr);
  for (let i = 0; i < args.length; i++) mem.setI64(regs + ARG_REGS[i]!, args[i]!);
}

/** Lays things out in the running task's bounce buffer, one after the other. */
export class Bounce {
  #at: number;
  readonly #end: number;

  /** @param size bytes that will be needed in all */
  constructor(
    private readonly kernel: KernelInstance,
    size: number,
    call: string,
  ) {
    this.#at = kernel.exports.task_ubuf(size);
    if (this.#at === 0) throw new SysError(Errno.ENOMEM, call);
    this.#end = this.#at + size;
  }

  /** Address of a NUL-terminated string. */
  string(text: string): number {
    const at = this.#at;
    this.#at += this.kernel.mem.putCstring(at, text, this.#end - at);
    return at;
  }

  bytes(data: Uint8Array): number {
    const at = this.room(data.length);
    this.kernel.mem.bytes.set(data, at);
    return at;
  }

  /** Room for n bytes, aligned for 64-bit fields. */
  room(n: number): number {
    const at = (this.#at + 7) & ~7;
    this.#at = at + n;
    return at;
  }
}

/** Bytes that strings take in a bounce buffer, NULs and alignment included. */
export function sizeOf(...texts: string[]): number {
  let n = 64;
  for (const text of texts) n += 3 * text.length + 8;
  return n;
}

/** Bytes that arguments of a raw call take, alignment included. */
export function sizeOfRaw(arg: RawArg): number {
  if (typeof arg === "number") return 8;
  return Array.isArray(arg) ? arg.reduce<number>((n, part) => n + sizeOfRaw(part), 8) : arg.length + 8;
}

export function encodeBlock(strings: string[]): Uint8Array {
  return encoder.encode(strings.map((s) => `${s}\0`).join(""));
}

export function readStat(mem: KernelMemory, at: number): Stat {
  const time = (field: number) => mem.f64FromI64(at + field) * 1e9 + mem.f64FromI64(at + field + 8);
  return {
    dev: mem.u32(at + StatField.DEV),
    ino: mem.u32(at + StatField.INO),
    nlink: mem.u32(at + StatField.NLINK),
    mode: mem.u32(at + StatField.MODE),
    uid: mem.u32(at + StatField.UID),
    gid: mem.u32(at + StatField.GID),
    rdev: mem.u32(at + StatField.RDEV),
    size: mem.f64FromI64(at + StatField.SIZE),
    blocks: mem.u32(at + StatField.BLOCKS),
    atimeNs: time(StatField.ATIME),
    mtimeNs: time(StatField.MTIME),
    ctimeNs: time(StatField.CTIME),
  };
}

/** struct linux_dirent64: ino u64, off u64, reclen u16, type u8, name. */
export function readDirents(mem: KernelMemory, at: number, n: number): Dirent[] {
  const entries: Dirent[] = [];
  for (let p = at; p < at + n; p += mem.view.getUint16(p + 16, true)) {
    entries.push({ ino: mem.u32(p), type: mem.bytes[p + 18]!, name: mem.cstring(p + 19) });
  }
  return entries;
}

export interface Exec {
  /** Name of the user program. */
  name: string;
  argv: string[];
}

/** What execve left for the host: program name, then argv; its length in dx. */
export function readExec(mem: KernelMemory, task: number): Exec {
  const buf = mem.u32(task + TaskField.UBUF);
  const name = mem.cstring(buf);
  const argc = mem.i32(task + TaskField.REGS + RegsField.DX);
  const argv: string[] = [];
  let at = buf + encoder.encode(name).length + 1;
  for (let i = 0; i < argc; i++) {
    const arg = mem.cstring(at);
    argv.push(arg);
    at += encoder.encode(arg).length + 1;
  }
  return { name, argv };
}
