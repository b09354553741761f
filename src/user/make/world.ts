// world.ts - make's view of files and commands.
import { Errno, Mode, Open } from "../../../kernel-as/abi.ts";
import { readFd, readText } from "../kpatch/io.ts";
import { hasGlob, matches } from "../sh/pattern.ts";
import { attempt } from "../errno.ts";
import { SysError, type SysCalls } from "../sys.ts";
import { decode, encode } from "../text.ts";
import type { World } from "./expansion.ts";
import { abspath } from "./words.ts";

/** Modification time in ns; -1 when there is no such file. */
export async function mtimeOf(sys: SysCalls, path: string): Promise<number> {
  const found = await attempt(sys.stat(path));
  return found.ok ? found.value.mtimeNs : -1;
}

/** Text of a file, null when there is none. */
export async function readIfThere(sys: SysCalls, path: string): Promise<string | null> {
  try {
    return await readText(sys, path);
  } catch (error) {
    if (error instanceof SysError && error.code === Errno.ENOENT) return null;
    throw error;
  }
}

const STYLE = { path: true, ignoreCase: false, extglob: false };

async function globIn(sys: SysCalls, base: string, [segment, ...rest]: string[]): Promise<string[]> {
  if (segment === undefined) return (await mtimeOf(sys, base)) >= 0 ? [base] : [];
  const slash = base === "" || base.endsWith("/") ? "" : "/";
  if (!hasGlob(segment)) return globIn(sys, `${base}${slash}${segment}`, rest);
  const names = (await allNames(sys, base || ".")).filter((name) => {
    return matches(segment, name, STYLE) && (segment.startsWith(".") || !name.startsWith("."));
  });
  const found: string[] = [];
  for (const name of names.sort()) found.push(...(await globIn(sys, `${base}${slash}${name}`, rest)));
  return found;
}

async function allNames(sys: SysCalls, dir: string): Promise<string[]> {
  const fd = await attempt(sys.open(dir, Open.RDONLY | Open.DIRECTORY));
  if (!fd.ok) return [];
  const names: string[] = [];
  for (let some = await sys.getdents(fd.value); some.length > 0; some = await sys.getdents(fd.value)) {
    names.push(...some.map(({ name }) => name));
  }
  await sys.close(fd.value);
  return names.filter((name) => name !== "." && name !== "..");
}

/** The path without links; empty when it leads nowhere. */
async function realpath(sys: SysCalls, path: string, depth = 0): Promise<string> {
  const parts = abspath(await sys.getcwd(), path)
    .split("/")
    .slice(1);
  let at = "";
  for (const [i, part] of parts.entries()) {
    const found = await attempt(sys.lstat(`${at}/${part}`));
    if (!found.ok || depth > 16) return "";
    if ((found.value.mode & Mode.IFMT) === Mode.IFLNK) {
      const target = await sys.readlink(`${at}/${part}`);
      const whole = target.startsWith("/") ? target : `${at}/${target}`;
      return realpath(sys, [whole, ...parts.slice(i + 1)].join("/"), depth + 1);
    }
    at += `/${part}`;
  }
  return at || "/";
}

/** What a command prints, without its last newlines, the others as spaces. */
async function shell(sys: SysCalls, command: string, env: Map<string, string>): Promise<string> {
  const [reader, writer] = await sys.pipe2(Open.CLOEXEC);
  const pid = await sys.fork(async (child) => {
    await child.dup2(writer, 1);
    return child.execve("/bin/sh", ["/bin/sh", "-c", command], env);
  });
  await sys.close(writer);
  const text = decode(await readFd(sys, reader));
  await sys.close(reader);
  await sys.wait4(pid, 0);
  return text.replace(/\n+$/, "").replaceAll("\n", " ");
}

export function worldOf(sys: SysCalls, env: Map<string, string>, where: () => string): World {
  return {
    shell: (command) => shell(sys, command, env),
    glob: (pattern) => globIn(sys, pattern.startsWith("/") ? "/" : "", pattern.split("/").filter(Boolean)),
    realpath: (path) => realpath(sys, path),
    say: async (kind, text) => {
      const line = kind === "info" ? `${text}\n` : `${where()}: ${text}\n`;
      await sys.write(kind === "info" ? 1 : 2, encode(line));
    },
  };
}
