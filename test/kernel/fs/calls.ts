import { Open } from "../../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../../../src/user/sys.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The errno a call fails with; 0 when it does not fail. */
export async function failure(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 0;
  } catch (error) {
    if (error instanceof SysError) return error.code;
    throw error;
  }
}

/** All that can be read from fd. */
export async function drain(sys: SysCalls, fd: number): Promise<string> {
  let text = "";
  for (let part = await sys.read(fd, 65536); part.length > 0; part = await sys.read(fd, 65536)) {
    text += decoder.decode(part);
  }
  return text;
}

export async function slurp(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, Open.RDONLY);
  const text = await drain(sys, fd);
  await sys.close(fd);
  return text;
}

async function writeTo(sys: SysCalls, path: string, text: string, flags: number): Promise<void> {
  const fd = await sys.open(path, Open.WRONLY | Open.CREAT | flags, 0o644);
  try {
    if (text !== "") await sys.write(fd, encoder.encode(text));
  } finally {
    await sys.close(fd);
  }
}

/** As the shell's `> path`. */
export function spew(sys: SysCalls, path: string, text: string): Promise<void> {
  return writeTo(sys, path, text, Open.TRUNC);
}

/** As the shell's `>> path`. */
export function append(sys: SysCalls, path: string, text: string): Promise<void> {
  return writeTo(sys, path, text, Open.APPEND);
}

export async function exists(sys: SysCalls, path: string): Promise<boolean> {
  return (await failure(sys.lstat(path))) === 0;
}

export async function list(sys: SysCalls, path: string): Promise<string[]> {
  const fd = await sys.open(path, Open.RDONLY | Open.DIRECTORY);
  const names: string[] = [];
  for (let part = await sys.getdents(fd); part.length > 0; part = await sys.getdents(fd)) {
    names.push(...part.map((entry) => entry.name));
  }
  await sys.close(fd);
  return names;
}
