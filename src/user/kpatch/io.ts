// io.ts - whole files, directories and lines of output by system calls.
import { Errno, Mode, Open } from "../../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../sys.ts";

const CHUNK = 65536;
const encoder = new TextEncoder();

/** Writing to a standard stream failed; `runTool` turns it into the tool's last words. */
export class OutputError extends Error {
  constructor(readonly code: number) {
    super(`write error ${code}`);
  }
}

async function writeAll(sys: SysCalls, fd: number, data: Uint8Array): Promise<void> {
  for (let done = 0; done < data.length;) done += await sys.write(fd, data.subarray(done, done + CHUNK));
}

/** Text to standard output (1) or standard error (2), all of it. */
export async function print(sys: SysCalls, fd: 1 | 2, text: string): Promise<void> {
  try {
    await writeAll(sys, fd, encoder.encode(text));
  } catch (error) {
    if (error instanceof SysError) throw new OutputError(error.code);
    throw error;
  }
}

export async function readFd(sys: SysCalls, fd: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = await sys.read(fd, CHUNK);
    if (chunk.length === 0) break;
    chunks.push(chunk);
    size += chunk.length;
  }
  const data = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    data.set(chunk, at);
    at += chunk.length;
  }
  return data;
}

export async function readFile(sys: SysCalls, path: string): Promise<Uint8Array> {
  const fd = await sys.open(path, Open.RDONLY);
  try {
    return await readFd(sys, fd);
  } finally {
    await sys.close(fd);
  }
}

export async function readText(sys: SysCalls, path: string): Promise<string> {
  return new TextDecoder().decode(await readFile(sys, path));
}

/** First line of a sysfs or procfs file; null when it cannot be read. */
export async function readAttr(sys: SysCalls, path: string): Promise<string | null> {
  try {
    return (await readText(sys, path)).replace(/\n[\s\S]*$/, "");
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}

async function openAndWrite(sys: SysCalls, path: string, flags: number, data: Uint8Array): Promise<void> {
  const fd = await sys.open(path, flags, 0o644);
  try {
    await writeAll(sys, fd, data);
  } finally {
    await sys.close(fd);
  }
}

/** Creates or replaces a file. */
export async function writeFile(sys: SysCalls, path: string, data: Uint8Array | string): Promise<void> {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  await openAndWrite(sys, path, Open.WRONLY | Open.CREAT | Open.TRUNC, bytes);
}

/** One write to a file that must exist: an attribute of sysfs. */
export async function writeAttr(sys: SysCalls, path: string, value: string): Promise<void> {
  await openAndWrite(sys, path, Open.WRONLY | Open.TRUNC, encoder.encode(`${value}\n`));
}

/** `st_mode & S_IFMT`, following links; 0 when there is no such file. */
async function fileType(sys: SysCalls, path: string): Promise<number> {
  try {
    return (await sys.stat(path)).mode & Mode.IFMT;
  } catch (error) {
    if (error instanceof SysError) return 0;
    throw error;
  }
}

export const exists = async (sys: SysCalls, path: string) => (await fileType(sys, path)) !== 0;
export const isFile = async (sys: SysCalls, path: string) => (await fileType(sys, path)) === Mode.IFREG;
export const isDir = async (sys: SysCalls, path: string) => (await fileType(sys, path)) === Mode.IFDIR;

/** Names in a directory in byte order, as a shell's glob gives them; empty when it cannot be read. */
export async function listDir(sys: SysCalls, path: string): Promise<string[]> {
  const names: string[] = [];
  let fd: number;
  try {
    fd = await sys.open(path, Open.RDONLY | Open.DIRECTORY);
  } catch (error) {
    if (error instanceof SysError) return names;
    throw error;
  }
  for (;;) {
    const entries = await sys.getdents(fd);
    if (entries.length === 0) break;
    for (const { name } of entries) if (!name.startsWith(".")) names.push(name);
  }
  await sys.close(fd);
  return names.sort((a, b) => (a < b ? -1 : 1));
}

/** mkdir -p. */
export async function makeDirs(sys: SysCalls, path: string): Promise<void> {
  const parts = path.split("/").filter((part) => part !== "");
  let at = path.startsWith("/") ? "" : ".";
  for (const part of parts) {
    at += `/${part}`;
    try {
      await sys.mkdir(at, 0o755);
    } catch (error) {
      if (!(error instanceof SysError && error.code === Errno.EEXIST)) throw error;
    }
  }
}

export const basename = (path: string): string => path.replace(/\/+$/, "").replace(/^.*\//, "");
