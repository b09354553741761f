// guest.ts - runs shell text on a booted machine, as `bash -c` in a clean /tmp.
import { Open } from "../../kernel-as/abi.ts";
import { mountAll } from "../../src/user/init.ts";
import { programs } from "../../src/user/programs.ts";
import type { SysCalls } from "../../src/user/sys.ts";
import { asInit, type TestFile } from "../boot.ts";

export interface Result {
  stdout: string;
  stderr: string;
  status: number;
}

const ENV = new Map([
  ["HOME", "/root"],
  ["PATH", "/usr/bin:/bin"],
  ["LC_ALL", "C"],
]);

export function files(extra: Record<string, TestFile>): Record<string, TestFile> {
  const out: Record<string, TestFile> = {
    "etc/passwd":
      "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
  };
  for (const name of programs.keys()) if (name !== "init") out[`bin/${name}`] = { program: name };
  return { ...out, ...extra };
}

async function contents(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, Open.RDONLY);
  let text = "";
  const decoder = new TextDecoder();
  for (;;) {
    const chunk = await sys.read(fd, 65536);
    if (chunk.length === 0) break;
    text += decoder.decode(chunk, { stream: true });
  }
  await sys.close(fd);
  return text;
}

/** Runs one program to its end with its output in files. */
export async function runIn(sys: SysCalls, argv: string[], dir: string): Promise<Result> {
  await sys.mkdir(dir, 0o755);
  const pid = await sys.fork(async (child) => {
    await child.chdir(dir);
    for (const [fd, path, flags] of [
      [0, "/dev/null", 0],
      [1, `${dir}.out`, 0o1101],
      [2, `${dir}.err`, 0o1101],
    ] as const) {
      const opened = await child.open(path, flags, 0o644);
      if (opened === fd) continue;
      await child.dup2(opened, fd);
      await child.close(opened);
    }
    await child.setpgid(0, 0);
    return child.execve(`/bin/${argv[0]}`, argv, ENV);
  });
  let ended = await sys.wait4(pid, 0);
  while (ended?.pid !== pid) ended = await sys.wait4(pid, 0);
  const status = (ended.status & 127) !== 0 ? 128 + (ended.status & 127) : ended.status >> 8;
  return { stdout: await contents(sys, `${dir}.out`), stderr: await contents(sys, `${dir}.err`), status };
}

/** Runs each text with `bash -c` in its own directory, on one machine. */
export function runSnippets(texts: string[], extra: Record<string, TestFile> = {}): Promise<Result[]> {
  return asInit(
    async (sys) => {
      await mountAll(sys);
      const results: Result[] = [];
      for (const [i, text] of texts.entries())
        results.push(await runIn(sys, ["bash", "-c", text], `/tmp/t${i}`));
      return results;
    },
    { files: files(extra), programs },
  );
}
