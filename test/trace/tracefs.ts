// tracefs.ts - a machine with tracefs mounted, and its files as text.
import { Open } from "../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../../src/user/sys.ts";
import { asInit } from "../boot.ts";

export const TRACING = "/sys/kernel/tracing";
const encoder = new TextEncoder();

export async function readAll(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, Open.RDONLY);
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const bytes = await sys.read(fd, 65536);
    if (bytes.length === 0) break;
    text += decoder.decode(bytes, { stream: true });
  }
  await sys.close(fd);
  return text;
}

async function put(sys: SysCalls, path: string, text: string, flags: number): Promise<number> {
  try {
    const fd = await sys.open(path, flags);
    try {
      const bytes = encoder.encode(text);
      if (bytes.length > 0) await sys.write(fd, bytes);
      return 0;
    } finally {
      await sys.close(fd);
    }
  } catch (error) {
    if (error instanceof SysError) return error.code;
    throw error;
  }
}

/** Files of tracefs by their names in it. `echo` and `append` answer an errno, 0 for success. */
export class Tracefs {
  constructor(readonly sys: SysCalls) {}
  read(name: string): Promise<string> {
    return readAll(this.sys, `${TRACING}/${name}`);
  }
  async lines(name: string): Promise<string[]> {
    return (await this.read(name)).split("\n").slice(0, -1);
  }
  /** `echo text > name` */
  echo(name: string, text: string): Promise<number> {
    return put(this.sys, `${TRACING}/${name}`, `${text}\n`, Open.WRONLY | Open.TRUNC);
  }
  /** `echo text >> name` */
  append(name: string, text: string): Promise<number> {
    return put(this.sys, `${TRACING}/${name}`, `${text}\n`, Open.WRONLY | Open.APPEND);
  }
}

/** Runs body as pid 1; the kernel has mounted everything. */
export function withTracefs<T>(body: (t: Tracefs, sys: SysCalls) => Promise<T>): Promise<T> {
  return asInit((sys) => body(new Tracefs(sys), sys));
}
