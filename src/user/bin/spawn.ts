// spawn.ts - running another program from a program.

import { attempt, strerror } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import { decode, encode } from "../text.ts";
import { exitCode } from "../waitStatus.ts";
import type { Command } from "./command.ts";

/** Runs a program to its end; its status. */
export async function spawn(
  c: Command,
  argv: string[],
  stdin: string | null = null,
  env = c.env,
): Promise<number> {
  await c.flush();
  const pid = await c.sys.fork((sys) => exec(sys, c.name, argv, stdin, env));
  const r = await c.sys.wait4(pid, 0);
  return r ? exitCode(r.status) : 127;
}

/** Runs a program to its end; what it wrote. */
export async function capture(
  c: Command,
  argv: string[],
  errors: boolean,
): Promise<{ text: string; status: number }> {
  await c.flush();
  const [r, w] = await c.sys.pipe2(0);
  const pid = await c.sys.fork(async (sys) => {
    await sys.close(r);
    await sys.dup2(w, 1);
    if (errors) await sys.dup2(w, 2);
    await sys.close(w);
    return exec(sys, c.name, argv, null, c.env);
  });
  await c.sys.close(w);
  const text = decode(await c.readAll(r));
  await c.sys.close(r);
  const done = await c.sys.wait4(pid, 0);
  return { text, status: done ? exitCode(done.status) : 127 };
}

export async function exec(
  sys: SysCalls,
  who: string,
  argv: string[],
  stdin: string | null,
  env: Map<string, string>,
): Promise<number> {
  if (stdin !== null) {
    const fd = await attempt(sys.open(stdin, 0));
    if (fd.ok) await sys.dup2(fd.value, 0);
  }
  const name = argv[0]!;
  const dirs = name.includes("/")
    ? [""]
    : (env.get("PATH") ?? "/usr/bin:/bin:/usr/sbin:/sbin").split(":").map((d) => `${d || "."}/`);
  let code = 2;
  for (const dir of dirs) {
    const r = await attempt<never>(sys.execve(dir + name, argv, env));
    if (!r.ok && r.code !== 2) code = r.code;
  }
  const text =
    who === "find"
      ? `find: ‘${name}’: ${strerror(code)}\n`
      : `${who}: ${who === "timeout" ? `failed to run command ‘${name}’` : name}: ${strerror(code)}\n`;
  await attempt(sys.write(2, encode(text)));
  return code === 2 ? 127 : 126;
}
