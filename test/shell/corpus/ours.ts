// ours.ts - what our shell does with a case, on a machine of its own.
import { readFileSync } from "node:fs";
import { Open } from "../../../kernel-as/abi.ts";
import { mountAll } from "../../../src/user/init.ts";
import { programs } from "../../../src/user/programs.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { asInit, type TestFile } from "../../boot.ts";
import type { Result } from "../guest.ts";
import type { Case } from "./cases.ts";
import { CASE_DIR, environment } from "./place.ts";
import { corpusPrograms } from "./programs.ts";

declare const __ROOT__: string;
const vmlinux = new WebAssembly.Module(readFileSync(`${__ROOT__}build/vmlinux.wasm`));

function files(c: Case): Record<string, TestFile> {
  const out: Record<string, TestFile> = {
    "etc/passwd":
      "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "case.in": c.stdin ? c.text : "",
  };
  for (const name of [...programs.keys(), ...corpusPrograms.keys()])
    if (name !== "init") out[`bin/${name}`] = out[`usr/bin/${name}`] = { program: name };
  return out;
}

async function contents(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, Open.RDONLY);
  const chunks: Uint8Array[] = [];
  for (let chunk = await sys.read(fd, 65536); chunk.length > 0; chunk = await sys.read(fd, 65536))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function put(sys: SysCalls, path: string, data: Uint8Array): Promise<void> {
  const fd = await sys.open(path, Open.WRONLY | Open.CREAT, 0o755);
  for (let at = 0; at < data.length;) at += await sys.write(fd, data.subarray(at, at + 32768));
  await sys.close(fd);
}

export function ourBash(c: Case): Promise<Result> {
  return asInit(
    async (sys) => {
      await mountAll(sys);
      await sys.mkdir(CASE_DIR, 0o755);
      await sys.mkdir(`${CASE_DIR}/_tmp`, 0o755);
      for (const [name, text] of Object.entries(c.files))
        await put(sys, `${CASE_DIR}/${name}`, Buffer.from(text, "latin1"));
      const pid = await sys.fork(async (child) => {
        await child.chdir(CASE_DIR);
        for (const [fd, path, flags] of [
          [0, "/case.in", 0],
          [1, "/tmp/case.out", 0o1101],
          [2, "/tmp/case.err", 0o1101],
        ] as const) {
          const opened = await child.open(path, flags, 0o644);
          if (opened === fd) continue;
          await child.dup2(opened, fd);
          await child.close(opened);
        }
        await child.setpgid(0, 0);
        return child.execve("/bin/bash", c.stdin ? ["bash"] : ["bash", `./${c.name}`], environment());
      });
      let ended = await sys.wait4(pid, 0);
      while (ended?.pid !== pid) ended = await sys.wait4(pid, 0);
      const status = (ended.status & 127) !== 0 ? 128 + (ended.status & 127) : ended.status >> 8;
      return {
        stdout: await contents(sys, "/tmp/case.out"),
        stderr: await contents(sys, "/tmp/case.err"),
        status,
      };
    },
    { files: files(c), programs: new Map([...programs, ...corpusPrograms]), vmlinux },
  );
}
