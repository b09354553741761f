// copy.ts - cp, mv, install.

import { Errno, Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import type { Program, Stat } from "../sys.ts";
import { BACKUP_HELP, BACKUP_OPTIONS, backUp, checkBackup, wasBackedUp } from "./backup.ts";
import { lastComponent } from "./basic.ts";
import { type Command, utility, writeFully } from "./command.ts";
import { applyMode } from "./fileOps.ts";

const isDir = (st: Stat): boolean => (st.mode & 0o170000) === 0o040000;
const isLink = (st: Stat): boolean => (st.mode & 0o170000) === 0o120000;
const join = (dir: string, name: string): string => `${dir.replace(/\/+$/, "")}/${name}`;

/** Sources and where each of them goes; null after a complaint. */
async function targets(c: Command, verb: string): Promise<[string, string][]> {
  const dirOption = c.value("t");
  if (c.operands.length === 0) await c.usage("missing file operand");
  if (c.operands.length === 1 && dirOption === undefined) {
    await c.usage(`missing destination file operand after '${c.operands[0]}'`);
  }
  const dest = dirOption ?? c.operands.at(-1)!;
  const sources = dirOption === undefined ? c.operands.slice(0, -1) : c.operands;
  const st = await attempt(c.sys.stat(dest));
  if (!st.ok && st.code !== Errno.ENOENT) await c.die(`cannot stat '${dest}': ${strerror(st.code)}`);
  const into = !c.has("T") && st.ok && isDir(st.value);
  if (!into && (sources.length > 1 || dirOption !== undefined)) {
    await c.die(
      st.ok || verb === "" ? `target '${dest}' is not a directory` : `target '${dest}': ${strerror(st.code)}`,
    );
  }
  return sources.map((s) => [s, into ? join(dest, lastComponent(s)) : dest]);
}

async function copyData(c: Command, from: string, to: string, mode: number): Promise<boolean> {
  const input = await attempt(c.sys.open(from, Open.RDONLY));
  if (!input.ok) {
    await c.warn(`cannot open '${from}' for reading: ${strerror(input.code)}`);
    return false;
  }
  const flags = Open.WRONLY | Open.CREAT | Open.TRUNC;
  let output = await attempt(c.sys.open(to, flags, mode & 0o777));
  if (!output.ok && c.has("f")) {
    await attempt(c.sys.unlink(to));
    output = await attempt(c.sys.open(to, flags, mode & 0o777));
  }
  if (!output.ok) {
    await c.warn(`cannot create regular file '${to}': ${strerror(output.code)}`);
    await c.sys.close(input.value);
    return false;
  }
  const done = await attempt(pump(c, input.value, output.value));
  if (!done.ok) await c.warn(`error copying '${from}' to '${to}': ${strerror(done.code)}`);
  await c.sys.close(input.value);
  await c.sys.close(output.value);
  return done.ok;
}

async function pump(c: Command, from: number, to: number): Promise<void> {
  for (;;) {
    const chunk = await c.sys.read(from, 65536);
    if (chunk.length === 0) return;
    await writeFully(c.sys, to, chunk);
  }
}

async function preserve(c: Command, st: Stat, to: string): Promise<void> {
  await attempt(c.sys.chown(to, st.uid, st.gid));
  await attempt(c.sys.chmod(to, st.mode & 0o7777));
  await attempt(c.sys.utimens(to, st.atimeNs, st.mtimeNs));
}

async function copy(c: Command, from: string, to: string, top: boolean): Promise<void> {
  const recursive = c.has("r") || c.has("R") || c.has("a");
  const keepLinks = c.has("P") || c.has("d") || (recursive && !c.has("L") && !(top && c.has("H")));
  const st = await attempt(keepLinks ? c.sys.lstat(from) : c.sys.stat(from));
  if (!st.ok) return c.warn(`cannot stat '${from}': ${strerror(st.code)}`);
  if (isDir(st.value)) {
    if (!recursive) return c.warn(`-r not specified; omitting directory '${from}'`);
    return copyTree(c, from, to, st.value);
  }
  const old = await attempt(c.sys.lstat(to));
  let saved = "";
  if (old.ok) {
    if (old.value.ino === st.value.ino && old.value.dev === st.value.dev)
      return c.warn(`'${from}' and '${to}' are the same file`);
    if (c.has("n")) return;
    if (c.has("u") && old.value.mtimeNs >= st.value.mtimeNs) return;
    if (isDir(old.value)) return c.warn(`cannot overwrite directory '${to}' with non-directory`);
    const aside = await backUp(c, from, to);
    if (aside === null) return;
    saved = aside;
  }
  if (to.endsWith("/") && !old.ok) return c.warn(`cannot create regular file '${to}': Not a directory`);
  if (isLink(st.value)) {
    if (old.ok && saved === "") await attempt(c.sys.unlink(to));
    if (
      (await c.try(c.sys.symlink(await c.sys.readlink(from), to), `cannot create symbolic link '${to}'`)) ===
      null
    )
      return;
  } else if (c.has("s") || c.has("l")) {
    const call = c.has("s") ? c.sys.symlink(from, to) : c.sys.link(from, to);
    await c.try(call, `cannot create ${c.has("s") ? "symbolic" : "hard"} link '${to}'`);
    return;
  } else {
    if (!(await copyData(c, from, to, st.value.mode))) return;
    if (c.has("p") || c.has("a") || c.has("preserve")) await preserve(c, st.value, to);
  }
  if (c.has("v")) await c.out(`'${from}' -> '${to}'${wasBackedUp(saved)}\n`);
}

async function copyTree(c: Command, from: string, to: string, st: Stat): Promise<void> {
  if (`${to}/`.startsWith(`${from.replace(/\/+$/, "")}/`) && to !== from) {
    return c.warn(`cannot copy a directory, '${from}', into itself, '${to}'`);
  }
  const old = await attempt(c.sys.stat(to));
  if (old.ok && !isDir(old.value))
    return c.warn(`cannot overwrite non-directory '${to}' with directory '${from}'`);
  if (
    !old.ok &&
    (await c.try(c.sys.mkdir(to, (st.mode & 0o777) | 0o700), `cannot create directory '${to}'`)) === null
  )
    return;
  if (c.has("v") && !old.ok) await c.out(`'${from}' -> '${to}'\n`);
  for (const e of await entries(c.sys, from)) await copy(c, join(from, e.name), join(to, e.name), false);
  if (c.has("p") || c.has("a")) await preserve(c, st, to);
}

const cp = utility(
  "cp",
  {
    help: `Usage: cp [OPTION]... SOURCE DEST
  or:  cp [OPTION]... SOURCE... DIRECTORY
Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.

  -a, --archive         same as -dR --preserve=all
  -f, --force           if an existing destination file cannot be opened, remove it and try again
  -l, --link            hard link files instead of copying
  -L, --dereference     always follow symbolic links in SOURCE
  -n, --no-clobber      do not overwrite an existing file
  -P, --no-dereference  never follow symbolic links in SOURCE
  -p                    preserve mode, ownership, timestamps
  -R, -r, --recursive   copy directories recursively
  -s, --symbolic-link   make symbolic links instead of copying
  -t, --target-directory=DIRECTORY
  -u, --update          copy only when the SOURCE file is newer
  -v, --verbose         explain what is being done
${BACKUP_HELP}`,
    options: `a,archive d f,force H i l,link L,dereference n,no-clobber P,no-dereference p ,preserve? R,recursive r s,symbolic-link t:,target-directory T u,update v,verbose ${BACKUP_OPTIONS}`,
  },
  async (c) => {
    await checkBackup(c);
    for (const [from, to] of await targets(c, "cp")) await copy(c, from, to, true);
  },
);

async function move(c: Command, from: string, to: string): Promise<void> {
  const st = await attempt(c.sys.lstat(from));
  if (!st.ok) return c.warn(`cannot stat '${from}': ${strerror(st.code)}`);
  const old = await attempt(c.sys.lstat(to));
  if (old.ok) {
    if (c.has("n")) return;
    if (old.value.ino === st.value.ino && old.value.dev === st.value.dev)
      return c.warn(`'${from}' and '${to}' are the same file`);
    if (isDir(old.value) && !isDir(st.value))
      return c.warn(`cannot overwrite directory '${to}' with non-directory`);
    if (!isDir(old.value) && isDir(st.value))
      return c.warn(`cannot overwrite non-directory '${to}' with directory '${from}'`);
  }
  const saved = old.ok ? await backUp(c, from, to) : "";
  if (saved === null) return;
  if (isDir(st.value) && `${to}/`.startsWith(`${from.replace(/\/+$/, "")}/`)) {
    return c.warn(`cannot move '${from}' to a subdirectory of itself, '${to}'`);
  }
  const r = await attempt(c.sys.rename(from, to));
  if (!r.ok && r.code === 18) await moveAcross(c, from, to);
  else if (!r.ok) return c.warn(`cannot move '${from}' to '${to}': ${strerror(r.code)}`);
  if (c.has("v")) await c.out(`renamed '${from}' -> '${to}'${wasBackedUp(saved)}\n`);
}

/** Another file system: copy, then remove. */
async function moveAcross(c: Command, from: string, to: string): Promise<void> {
  const before = c.status;
  const given = c.has.bind(c);
  c.has = (o) => o === "a" || given(o);
  await copy(c, from, to, true);
  c.has = given;
  if (c.status === before) await removeTree(c, from);
}

async function removeTree(c: Command, path: string): Promise<void> {
  const st = await c.sys.lstat(path);
  if (isDir(st)) for (const e of await entries(c.sys, path)) await removeTree(c, join(path, e.name));
  await c.try(isDir(st) ? c.sys.rmdir(path) : c.sys.unlink(path), `cannot remove '${path}'`);
}

const mv = utility(
  "mv",
  {
    help: `Usage: mv [OPTION]... SOURCE DEST
  or:  mv [OPTION]... SOURCE... DIRECTORY
Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.

  -f, --force           do not prompt before overwriting
  -n, --no-clobber      do not overwrite an existing file
  -t, --target-directory=DIRECTORY
  -v, --verbose         explain what is being done
${BACKUP_HELP}`,
    options: `f,force i n,no-clobber t:,target-directory T u,update v,verbose ${BACKUP_OPTIONS}`,
  },
  async (c) => {
    await checkBackup(c);
    for (const [from, to] of await targets(c, "mv")) await move(c, from, to);
  },
);

const install = utility(
  "install",
  {
    help: "Usage: install [OPTION]... SOURCE DEST\n  or:  install -d DIRECTORY...\nCopy files and set attributes.\n\n  -d, --directory  create all components of the directories\n  -D               create all leading components of DEST\n  -m, --mode=MODE  set permission mode, instead of rwxr-xr-x",
    options: `c d,directory D m:,mode o:,owner g:,group t:,target-directory T v,verbose p ${BACKUP_OPTIONS}`,
  },
  async (c) => {
    await checkBackup(c);
    const mode = applyMode(c.value("m") ?? "755", 0, false) ?? 0o755;
    if (c.has("d")) {
      for (const dir of c.operands) await makeDirs(c, dir, mode);
      return;
    }
    if (c.has("D")) await makeDirs(c, c.operands.at(-1)!.replace(/\/?[^/]*$/, ""), 0o755);
    for (const [from, to] of await targets(c, "")) {
      const saved = (await attempt(c.sys.lstat(to))).ok ? await backUp(c, from, to) : "";
      if (saved === null) continue;
      if (await copyData(c, from, to, mode)) await c.sys.chmod(to, mode);
    }
  },
);

async function makeDirs(c: Command, dir: string, mode: number): Promise<void> {
  let path = dir.startsWith("/") ? "/" : "";
  for (const part of dir.split("/").filter(Boolean)) {
    path = path === "" ? part : join(path, part);
    const r = await attempt(c.sys.mkdir(path, mode));
    if (!r.ok && r.code !== 17) return c.warn(`cannot create directory '${path}': ${strerror(r.code)}`);
  }
}

export const copying: Record<string, Program> = { cp, mv, install };
