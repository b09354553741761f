// file.ts - reading a file to edit, and writing it so that nothing is lost.
//
// The new text is written beside the file and takes its place when all of it
// is there: a full disk or a killed editor leaves the old text.

import { Mode, Open } from "../../../../kernel-as/abi.ts";
import { attempt } from "../../errno.ts";
import type { Stat, SysCalls } from "../../sys.ts";
import { concat, decode, encode } from "../../text.ts";
import { writeFully } from "../command.ts";

const ENOENT = 2;
const ENOSPC = 28;
const EISDIR = 21;

export type Loaded = { kind: "text"; text: string } | { kind: "new" } | { kind: "failed"; code: number };

export async function load(sys: SysCalls, path: string): Promise<Loaded> {
  const fd = await attempt(sys.open(path, Open.RDONLY | Open.CLOEXEC));
  if (!fd.ok) return fd.code === ENOENT ? { kind: "new" } : { kind: "failed", code: fd.code };
  const chunks: Uint8Array[] = [];
  const directory = ((await sys.fstat(fd.value)).mode & Mode.IFMT) === Mode.IFDIR;
  let code = directory ? EISDIR : 0;
  while (code === 0) {
    const r = await attempt(sys.read(fd.value, 65536));
    if (!r.ok) code = r.code;
    else if (r.value.length === 0) break;
    else chunks.push(r.value);
  }
  await sys.close(fd.value);
  return code === 0 ? { kind: "text", text: decode(concat(chunks)) } : { kind: "failed", code };
}

/** Where a chain of symbolic links ends: a save must not replace the link. */
async function target(sys: SysCalls, path: string): Promise<string> {
  for (let hops = 0; hops < 8; hops++) {
    const link = await attempt(sys.readlink(path));
    if (!link.ok) break;
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    path = link.value.startsWith("/") ? link.value : folder + link.value;
  }
  return path;
}

/** Writes a text into a file opened with these flags; errno, or 0. */
async function put(
  sys: SysCalls,
  path: string,
  flags: number,
  mode: number,
  data: Uint8Array,
): Promise<number> {
  const fd = await attempt(sys.open(path, Open.WRONLY | Open.CLOEXEC | flags, mode));
  if (!fd.ok) return fd.code;
  const written = data.length === 0 ? { ok: true as const } : await attempt(writeFully(sys, fd.value, data));
  const closed = await attempt(sys.close(fd.value));
  return written.ok ? (closed.ok ? 0 : closed.code) : written.code;
}

/** Whether another file may take this one's place without anybody noticing. */
const replaceable = (st: Stat): boolean => (st.mode & Mode.IFMT) === Mode.IFREG && st.nlink === 1;

async function replace(sys: SysCalls, path: string, st: Stat, data: Uint8Array): Promise<number | null> {
  const slash = path.lastIndexOf("/") + 1;
  const beside = `${path.slice(0, slash)}.${path.slice(slash)}.new`;
  const code = await put(sys, beside, Open.CREAT | Open.EXCL, 0o600, data);
  const owned = code === 0 && (await attempt(sys.chown(beside, st.uid, st.gid))).ok;
  if (owned && (await attempt(sys.chmod(beside, st.mode & 0o7777))).ok) {
    if ((await attempt(sys.rename(beside, path))).ok) return 0;
  }
  const EEXIST = 17;
  if (code !== EEXIST) await attempt(sys.unlink(beside));
  return code === ENOSPC ? ENOSPC : null;
}

/** Errno, or 0 when the file holds the text. */
export async function save(sys: SysCalls, path: string, text: string): Promise<number> {
  const data = encode(text);
  const real = await target(sys, path);
  const st = await attempt(sys.stat(real));
  if (!st.ok) {
    const code = await put(sys, real, Open.CREAT | Open.EXCL, 0o666, data);
    if (code === ENOSPC) await attempt(sys.unlink(real));
    return code;
  }
  const allowed = await attempt(sys.access(real, 2));
  if (!allowed.ok) return allowed.code;
  const replaced = replaceable(st.value) ? await replace(sys, real, st.value, data) : null;
  return replaced ?? overwrite(sys, real, data);
}

/** In place; a disk that fills up gets the old text back. */
async function overwrite(sys: SysCalls, path: string, data: Uint8Array): Promise<number> {
  const old = await load(sys, path);
  const code = await put(sys, path, Open.TRUNC, 0o666, data);
  if (code === ENOSPC && old.kind === "text") await put(sys, path, Open.TRUNC, 0o666, encode(old.text));
  return code;
}

/** For a text that would be lost otherwise: the first of PATH.save, PATH.save.1, ... that is free. */
export async function rescue(sys: SysCalls, path: string, text: string): Promise<string | null> {
  for (let n = 0; n < 100; n++) {
    const name = `${path}.save${n === 0 ? "" : `.${n}`}`;
    const EEXIST = 17;
    const code = await put(sys, name, Open.CREAT | Open.EXCL, 0o600, encode(text));
    if (code === 0) return name;
    if (code !== EEXIST) return null;
  }
  return null;
}
