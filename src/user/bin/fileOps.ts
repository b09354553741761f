// fileOps.ts - mkdir, rmdir, rm, touch, ln, chmod, chown, chgrp, truncate.

import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import type { Program } from "../sys.ts";
import { BACKUP_OPTIONS, backUp, checkBackup } from "./backup.ts";
import { directoryOf, lastComponent } from "./basic.ts";
import { type Command, parseSize, utility } from "./command.ts";
import { parseDate } from "./dates.ts";
import { groupId, userId } from "./users.ts";

/** `755` or `u+x,g=rw` applied to a mode; null when malformed. */
export function applyMode(spec: string, mode: number, isDir: boolean, umask = 0): number | null {
  if (/^0*[0-7]{1,4}$/.test(spec)) return parseInt(spec, 8);
  let out = mode & 0o7777;
  for (const clause of spec.split(",")) {
    const m = /^([ugoa]*)((?:[-+=][rwxXst]*|[-+=][ugo])+)$/.exec(clause);
    if (!m) return null;
    const who = m[1] === "" || m[1]!.includes("a") ? "ugo" : m[1]!;
    const masked = m[1] === "" ? umask : 0;
    for (const [, op, perms] of m[2]!.matchAll(/([-+=])([rwxXstugo]*)/g)) {
      for (const w of who) out = applyClause(out, w, op!, perms!, isDir, masked);
      if (perms!.includes("t")) out = op === "-" ? out & ~0o1000 : out | 0o1000;
    }
  }
  return out;
}

function applyClause(
  mode: number,
  who: string,
  op: string,
  perms: string,
  isDir: boolean,
  umask: number,
): number {
  const shift = who === "u" ? 6 : who === "g" ? 3 : 0;
  let bits = 0;
  for (const p of perms) {
    if (p === "r") bits |= 4;
    else if (p === "w") bits |= 2;
    else if (p === "x" || (p === "X" && (isDir || mode & 0o111))) bits |= 1;
    else if ("ugo".includes(p)) bits |= (mode >> (p === "u" ? 6 : p === "g" ? 3 : 0)) & 7;
  }
  const set =
    ((bits << shift) & ~umask) |
    (perms.includes("s") ? (who === "u" ? 0o4000 : who === "g" ? 0o2000 : 0) : 0);
  if (op === "+") return mode | set;
  if (op === "-") return mode & ~set;
  return (mode & ~((7 << shift) | (who === "u" ? 0o4000 : who === "g" ? 0o2000 : 0))) | set;
}

const mkdir = utility(
  "mkdir",
  {
    help: "Usage: mkdir [OPTION]... DIRECTORY...\nCreate the DIRECTORY(ies), if they do not already exist.\n\n  -m, --mode=MODE  set file mode (as in chmod)\n  -p, --parents    no error if existing, make parent directories as needed\n  -v, --verbose    print a message for each created directory",
    options: "m:,mode p,parents v,verbose",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    const mode = c.has("m") ? applyMode(c.value("m")!, 0o777, true) : 0o777;
    if (mode === null) await c.die(`invalid mode ‘${c.value("m")}’`);
    for (const dir of c.operands) {
      if (c.has("p") && dir !== "") await makeParents(c, dir, mode!);
      else {
        const r = await attempt(c.sys.mkdir(dir, mode!));
        if (!r.ok) await c.warn(`cannot create directory ‘${dir}’: ${strerror(r.code)}`);
        else await made(c, dir, mode!);
      }
    }
  },
);

async function made(c: Command, dir: string, mode: number): Promise<void> {
  if (c.has("m")) await c.sys.chmod(dir, mode);
  if (c.has("v")) await c.out(`mkdir: created directory '${dir}'\n`);
}

async function makeParents(c: Command, dir: string, mode: number): Promise<void> {
  let path = dir.startsWith("/") ? "/" : "";
  const parts = dir.split("/").filter(Boolean);
  for (const [i, part] of parts.entries()) {
    path += (path === "" || path === "/" ? "" : "/") + part;
    const r = await attempt(c.sys.mkdir(path, i === parts.length - 1 ? mode : 0o777));
    if (r.ok) {
      if (i === parts.length - 1) await made(c, path, mode);
      else if (c.has("v")) await c.out(`mkdir: created directory '${path}'\n`);
      continue;
    }
    const st = await attempt(c.sys.stat(path));
    if (st.ok && (st.value.mode & 0o170000) === 0o040000) continue;
    const why = st.ok && r.code === 17 && i < parts.length - 1 ? 20 : r.code;
    return c.warn(`cannot create directory ‘${path}’: ${strerror(why)}`);
  }
}

const rmdir = utility(
  "rmdir",
  {
    help: "Usage: rmdir [OPTION]... DIRECTORY...\nRemove the DIRECTORY(ies), if they are empty.\n\n  -p, --parents  remove DIRECTORY and its ancestors\n  -v, --verbose  output a diagnostic for every directory processed\n      --ignore-fail-on-non-empty",
    options: "p,parents v,verbose ,ignore-fail-on-non-empty",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    for (const dir of c.operands) {
      for (let path = dir; ; path = directoryOf(path)) {
        if (c.has("v")) await c.out(`rmdir: removing directory, '${path}'\n`);
        const r = await attempt(c.sys.rmdir(path));
        if (!r.ok) {
          if (!(c.has("ignore-fail-on-non-empty") && r.code === 39))
            await c.warn(`failed to remove '${path}': ${strerror(r.code)}`);
          break;
        }
        if (!c.has("p") || directoryOf(path) === "." || directoryOf(path) === "/") break;
      }
    }
  },
);

const rm = utility(
  "rm",
  {
    help: "Usage: rm [OPTION]... [FILE]...\nRemove (unlink) the FILE(s).\n\n  -f, --force      ignore nonexistent files and arguments, never prompt\n  -i               prompt before every removal\n  -r, -R, --recursive  remove directories and their contents recursively\n  -d, --dir        remove empty directories\n  -v, --verbose    explain what is being done",
    options: "f,force i I r,recursive R d,dir v,verbose ,preserve-root? ,no-preserve-root",
  },
  async (c) => {
    if (c.operands.length === 0 && !c.has("f")) await c.missingOperand();
    for (const path of c.operands) {
      const name = lastComponent(path);
      if (name === "." || name === "..") {
        await c.warn(`refusing to remove '.' or '..' directory: skipping '${path}'`);
      } else if (name === "/" && (c.has("r") || c.has("R")) && !c.has("no-preserve-root")) {
        await c.warn(
          "it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe",
        );
      } else await remove(c, path);
    }
  },
);

async function confirm(c: Command, question: string): Promise<boolean> {
  if (!c.has("i") || c.has("f")) return true;
  await c.errText(`rm: ${question} `);
  let answer = "";
  for (;;) {
    const b = await c.sys.read(0, 1);
    if (b.length === 0 || b[0] === 10) return /^[yY]/.test(answer);
    answer += String.fromCharCode(b[0]!);
  }
}

async function remove(c: Command, path: string): Promise<void> {
  const st = await attempt(c.sys.lstat(path));
  if (!st.ok) {
    if (!(c.has("f") && (st.code === 2 || st.code === 20)))
      await c.warn(`cannot remove '${path}': ${strerror(st.code)}`);
    return;
  }
  const isDir = (st.value.mode & 0o170000) === 0o040000;
  const recursive = c.has("r") || c.has("R");
  if (isDir && !recursive && !c.has("d")) return c.warn(`cannot remove '${path}': Is a directory`);
  if (isDir && recursive) {
    if (!(await confirm(c, `descend into directory '${path}'?`))) return;
    for (const e of await entries(c.sys, path)) await remove(c, `${path.replace(/\/+$/, "")}/${e.name}`);
  }
  if (!(await confirm(c, `remove ${isDir ? "directory" : "regular file"} '${path}'?`))) return;
  const r = await attempt(isDir ? c.sys.rmdir(path) : c.sys.unlink(path));
  if (!r.ok) await c.warn(`cannot remove '${path}': ${strerror(r.code)}`);
  else if (c.has("v")) await c.out(`removed ${isDir ? "directory " : ""}'${path}'\n`);
}

const touch = utility(
  "touch",
  {
    help: "Usage: touch [OPTION]... FILE...\nUpdate the access and modification times of each FILE to the current time.\n\n  -a               change only the access time\n  -c, --no-create  do not create any files\n  -d, --date=STRING  parse STRING and use it instead of current time\n  -m               change only the modification time\n  -r, --reference=FILE  use this file's times\n  -t STAMP         use [[CC]YY]MMDDhhmm[.ss]",
    options: "a c,no-create d:,date f h m r:,reference t: ,time:",
  },
  async (c) => {
    if (c.operands.length === 0) await c.usage("missing file operand");
    let [atime, mtime] = [await c.sys.clockGettime(0), 0];
    mtime = atime;
    if (c.has("r")) {
      const st = await attempt(c.sys.stat(c.value("r")!));
      if (!st.ok)
        return void (await c.warn(`failed to get attributes of '${c.value("r")}': ${strerror(st.code)}`));
      [atime, mtime] = [st.value.atimeNs, st.value.mtimeNs];
    } else if (c.has("d") || c.has("t")) {
      const text = c.value("d") ?? stamp(c.value("t")!);
      const t = parseDate(text, mtime / 1e9);
      if (t === null) await c.die(`invalid date format ‘${c.value("d") ?? c.value("t")}’`);
      atime = mtime = Math.round(t! * 1e9);
    }
    for (const path of c.operands) {
      const st = await attempt(c.sys.stat(path));
      if (!st.ok) {
        if (c.has("c")) continue;
        const fd = await attempt(c.sys.open(path, 0o101, 0o666));
        if (!fd.ok) {
          await c.warn(`cannot touch '${path}': ${strerror(fd.code)}`);
          continue;
        }
        await c.sys.close(fd.value);
        if (!c.has("r") && !c.has("d") && !c.has("t")) continue;
      }
      const r = await attempt(
        c.sys.utimens(
          path,
          c.has("m") && !c.has("a") ? null : atime,
          c.has("a") && !c.has("m") ? null : mtime,
        ),
      );
      if (!r.ok) await c.warn(`setting times of '${path}': ${strerror(r.code)}`);
    }
  },
);

function stamp(t: string): string {
  const m = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(t.length < 10 ? `2026${t}` : t);
  return m ? `${m[1] ?? "20"}${m[2]}-${m[3]}-${m[4]} ${m[5]}:${m[6]}:${m[7] ?? "00"}` : t;
}

const ln = utility(
  "ln",
  {
    help: "Usage: ln [OPTION]... TARGET LINK_NAME\n  or:  ln [OPTION]... TARGET... DIRECTORY\nCreate a link to TARGET.\n\n  -f, --force     remove existing destination files\n  -n, --no-dereference  treat LINK_NAME as a normal file if it is a link\n  -r, --relative  with -s, create links relative to link location\n  -s, --symbolic  make symbolic links instead of hard links\n  -v, --verbose   print name of each linked file",
    options: `f,force n,no-dereference s,symbolic v,verbose r,relative T t:,target-directory ${BACKUP_OPTIONS}`,
  },
  async (c) => {
    await checkBackup(c);
    if (c.operands.length === 0) await c.usage("missing file operand");
    const dirTarget = c.value("t");
    const last = dirTarget ?? (c.operands.length > 1 ? c.operands.at(-1)! : ".");
    const st = await attempt(c.has("n") ? c.sys.lstat(last) : c.sys.stat(last));
    const intoDir = !c.has("T") && st.ok && (st.value.mode & 0o170000) === 0o040000;
    const sources = dirTarget !== undefined || c.operands.length === 1 ? c.operands : c.operands.slice(0, -1);
    if (sources.length > 1 && !intoDir) await c.die(`target '${last}' is not a directory`);
    for (const source of sources) {
      const to = intoDir ? `${last.replace(/\/+$/, "")}/${lastComponent(source)}` : last;
      const saved = (await attempt(c.sys.lstat(to))).ok ? await backUp(c, null, to) : "";
      if (saved === null) continue;
      if (c.has("f") && saved === "") await attempt(c.sys.unlink(to));
      const r = await attempt(c.has("s") ? c.sys.symlink(source, to) : c.sys.link(source, to));
      if (!r.ok) {
        const kind = c.has("s") ? "symbolic link" : "hard link";
        const what = r.code === 17 || c.has("s") ? `'${to}'` : `'${to}' => '${source}'`;
        if (r.code === 2 && !c.has("s")) await c.warn(`failed to access '${source}': ${strerror(2)}`);
        else await c.warn(`failed to create ${kind} ${what}: ${strerror(r.code)}`);
      } else if (c.has("v"))
        await c.out(
          `${saved === "" ? "" : `'${saved}' ~ `}'${to}' ${c.has("s") ? "->" : "=>"} '${source}'\n`,
        );
    }
  },
);

async function walk(c: Command, path: string, visit: (path: string) => Promise<void>): Promise<void> {
  await visit(path);
  if (!c.has("R")) return;
  const st = await attempt(c.sys.lstat(path));
  if (!st.ok || (st.value.mode & 0o170000) !== 0o040000) return;
  for (const e of await entries(c.sys, path)) await walk(c, `${path.replace(/\/+$/, "")}/${e.name}`, visit);
}

const chmod = utility(
  "chmod",
  {
    help: "Usage: chmod [OPTION]... MODE[,MODE]... FILE...\n  or:  chmod [OPTION]... OCTAL-MODE FILE...\nChange the mode of each FILE to MODE.\n\n  -R, --recursive  change files and directories recursively\n  -v, --verbose    output a diagnostic for every file processed\n      --reference=RFILE  use RFILE's mode",
    options: "R,recursive v,verbose c,changes f,silent ,reference:",
    rewrite: (args) => {
      const at = args.findIndex((a) => /^-[rwxXst]+$/.test(a) && a !== "-R");
      return at < 0 ? args : [...args.slice(0, at), "--", ...args.slice(at)];
    },
  },
  async (c) => {
    const reference = c.value("reference");
    const [spec, ...files] = reference ? ["", ...c.operands] : c.operands;
    if (spec === undefined) await c.missingOperand();
    if (files.length === 0) await c.usage(`missing operand after ‘${spec}’`);
    const from = reference ? await attempt(c.sys.stat(reference)) : null;
    const umask = await c.sys.umask(0);
    await c.sys.umask(umask);
    for (const file of files) {
      await walk(c, file, async (path) => {
        const st = await attempt(c.sys.stat(path));
        if (!st.ok) return c.warn(`cannot access '${path}': ${strerror(st.code)}`);
        const isDir = (st.value.mode & 0o170000) === 0o040000;
        const mode = from?.ok ? from.value.mode & 0o7777 : applyMode(spec!, st.value.mode, isDir, umask);
        if (mode === null) return void (await c.usage(`invalid mode: ‘${spec}’`));
        const r = await attempt(c.sys.chmod(path, mode));
        if (!r.ok) await c.warn(`changing permissions of '${path}': ${strerror(r.code)}`);
      });
    }
  },
);

function ownerProgram(name: "chown" | "chgrp"): Program {
  return utility(
    name,
    {
      help: `Usage: ${name} [OPTION]... ${name === "chown" ? "[OWNER][:[GROUP]]" : "GROUP"} FILE...\nChange the ${name === "chown" ? "owner and/or group" : "group"} of each FILE.\n\n  -R, --recursive  operate on files and directories recursively`,
      options: "R,recursive v,verbose f h",
    },
    async (c) => {
      const [spec, ...files] = c.operands;
      if (spec === undefined) await c.missingOperand();
      if (files.length === 0) await c.usage(`missing operand after ‘${spec}’`);
      const [u, g] = name === "chgrp" ? ["", spec!] : (spec!.split(/[:.]/) as [string, string?]);
      const uid = u === "" ? -1 : await userId(c.sys, u!);
      const gid = g === undefined || g === "" ? -1 : await groupId(c.sys, g);
      if (uid === null || gid === null) await c.die(`invalid ${uid === null ? "user" : "group"}: ‘${spec}’`);
      for (const file of files) {
        await walk(c, file, async (path) => {
          const r = await attempt(c.sys.chown(path, uid!, gid!));
          if (!r.ok)
            await c.warn(
              r.code === 2
                ? `cannot access '${path}': ${strerror(2)}`
                : `changing ${name === "chown" ? "ownership" : "group"} of '${path}': ${strerror(r.code)}`,
            );
        });
      }
    },
  );
}

const truncate = utility(
  "truncate",
  {
    help: "Usage: truncate OPTION... FILE...\nShrink or extend the size of each FILE to the specified size.\n\n  -c, --no-create  do not create any files\n  -s, --size=SIZE  set or adjust the file size by SIZE bytes",
    options: "c,no-create s:,size",
  },
  async (c) => {
    const spec = c.value("s");
    if (spec === undefined) await c.usage("you must specify either ‘--size’ or ‘--reference’");
    const n = parseSize(spec!.replace(/^[+-]/, ""));
    if (n === null) await c.die(`Invalid number: ‘${spec}’`);
    for (const path of c.operands) {
      const st = await attempt(c.sys.stat(path));
      if (!st.ok && !c.has("c")) {
        const fd = await c.try(c.sys.open(path, 0o101, 0o666), `cannot open '${path}' for writing`);
        if (fd === null) continue;
        await c.sys.close(fd);
      }
      const old = st.ok ? st.value.size : 0;
      const size = spec!.startsWith("+") ? old + n! : spec!.startsWith("-") ? Math.max(0, old - n!) : n!;
      await c.try(c.sys.truncate(path, size), `failed to truncate '${path}' at ${size} bytes`);
    }
  },
);

export const fileOps: Record<string, Program> = {
  mkdir,
  rmdir,
  rm,
  touch,
  ln,
  chmod,
  chown: ownerProgram("chown"),
  chgrp: ownerProgram("chgrp"),
  truncate,
};
