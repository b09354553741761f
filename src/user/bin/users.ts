// users.ts - /etc/passwd and /etc/group; id, whoami, groups, su.

import { attempt, strerror } from "../errno.ts";
import type { Program, SysCalls } from "../sys.ts";
import { decode } from "../text.ts";
import { utility } from "./command.ts";

export interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

async function rows(sys: SysCalls, path: string): Promise<string[][]> {
  const fd = await attempt(sys.open(path, 0));
  if (!fd.ok) return [];
  let text = "";
  for (;;) {
    const chunk = await sys.read(fd.value, 65536);
    if (chunk.length === 0) break;
    text += decode(chunk);
  }
  await sys.close(fd.value);
  return text
    .split("\n")
    .filter(Boolean)
    .map((l) => l.split(":"));
}

export async function findUser(sys: SysCalls, key: string | number): Promise<User | null> {
  const row = (await rows(sys, "/etc/passwd")).find((r) =>
    typeof key === "number" ? Number(r[2]) === key : r[0] === key,
  );
  if (!row) return null;
  return {
    name: row[0]!,
    uid: Number(row[2]),
    gid: Number(row[3]),
    home: row[5] ?? "/",
    shell: row[6] ?? "/bin/sh",
  };
}

async function findGroup(sys: SysCalls, key: string | number): Promise<{ name: string; gid: number } | null> {
  const row = (await rows(sys, "/etc/group")).find((r) =>
    typeof key === "number" ? Number(r[2]) === key : r[0] === key,
  );
  return row ? { name: row[0]!, gid: Number(row[2]) } : null;
}

export async function userName(sys: SysCalls, uid: number): Promise<string> {
  return (await findUser(sys, uid))?.name ?? String(uid);
}

export async function groupName(sys: SysCalls, gid: number): Promise<string> {
  return (await findGroup(sys, gid))?.name ?? String(gid);
}

/** A number or a name; null when it is neither. */
export async function userId(sys: SysCalls, text: string): Promise<number | null> {
  return (await findUser(sys, text))?.uid ?? (/^\d+$/.test(text) ? Number(text) : null);
}

export async function groupId(sys: SysCalls, text: string): Promise<number | null> {
  return (await findGroup(sys, text))?.gid ?? (/^\d+$/.test(text) ? Number(text) : null);
}

const id = utility(
  "id",
  {
    help: "Usage: id [OPTION]... [USER]...\nPrint user and group information.\n\n  -g, --group   print only the effective group ID\n  -G, --groups  print all group IDs\n  -n, --name    print a name instead of a number\n  -u, --user    print only the effective user ID",
    options: "g,group G,groups n,name r,real u,user a Z,context z",
  },
  async (c) => {
    const named = c.operands[0] === undefined ? null : await findUser(c.sys, c.operands[0]);
    if (c.operands[0] !== undefined && !named) return void (await c.warn(`‘${c.operands[0]}’: no such user`));
    const uid = named?.uid ?? (await c.sys.geteuid());
    const gid = named?.gid ?? (await c.sys.getgid());
    const [user, group] = [await userName(c.sys, uid), await groupName(c.sys, gid)];
    if (c.has("u")) return c.out(`${c.has("n") ? user : uid}\n`);
    if (c.has("g") || c.has("G")) return c.out(`${c.has("n") ? group : gid}\n`);
    if (c.has("n")) await c.die("cannot print only names or real IDs in default format");
    await c.out(`uid=${uid}(${user}) gid=${gid}(${group}) groups=${gid}(${group})\n`);
  },
);

const whoami = utility(
  "whoami",
  { help: "Usage: whoami\nPrint the user name associated with the current effective user ID." },
  async (c) => c.out(`${await userName(c.sys, await c.sys.geteuid())}\n`),
);

const groups = utility(
  "groups",
  { help: "Usage: groups [USERNAME]...\nPrint group memberships." },
  async (c) => c.out(`${await groupName(c.sys, await c.sys.getgid())}\n`),
);

const su = utility(
  "su",
  {
    help: "Usage: su [options] [-] [user [argument...]]\nChange the effective user ID and group ID to that of user.\n\n  -, -l, --login         make the shell a login shell\n  -c, --command COMMAND  pass a single command to the shell with -c\n  -s, --shell SHELL      run SHELL",
    options: "l,login c:,command s:,shell m,preserve-environment p",
  },
  async (c) => {
    const dash = c.operands[0] === "-";
    const [name = "root", ...args] = dash ? c.operands.slice(1) : c.operands;
    const user = await findUser(c.sys, name);
    if (!user)
      await c.die(`user ${name} does not exist or the user entry does not contain all the required fields`);
    const u = user!;
    const gid = await attempt(c.sys.setgid(u.gid));
    const uid = await attempt(c.sys.setuid(u.uid));
    if (!gid.ok || !uid.ok)
      await c.die(uid.ok ? "cannot set groups: Operation not permitted" : "Authentication failure");
    const env = new Map(c.env);
    const login = dash || c.has("l");
    const shell = c.value("s") ?? (u.shell.endsWith("nologin") ? "/bin/bash" : u.shell);
    env.set("HOME", u.home).set("SHELL", shell).set("USER", u.name).set("LOGNAME", u.name);
    if (login) {
      const moved = await attempt(c.sys.chdir(u.home));
      if (!moved.ok)
        await c.warn(`warning: cannot change directory to ${u.home}: ${strerror(moved.code)}`, 0);
    }
    const command = c.has("c") ? ["-c", c.value("c")!] : [];
    const r = await attempt<never>(c.sys.execve(shell, [login ? "-bash" : "bash", ...command, ...args], env));
    if (!r.ok) await c.die(`failed to execute ${shell}: ${strerror(r.code)}`, 126);
  },
);

export const users: Record<string, Program> = { id, whoami, groups, su };
