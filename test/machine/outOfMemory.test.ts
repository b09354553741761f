import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SysError, type SysCalls } from "../../src/user/sys.ts";
import { asInit } from "../boot.ts";

const ENOMEM = 12;
const EAGAIN = 11;
const ENOSPC = 28;
const MODULE = new URL("../../build/modules/test_klp_livepatch.ko", import.meta.url);

async function codeOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 0,
    (error: unknown) => (error instanceof SysError ? error.code : -1),
  );
}

/** Writes until the kernel has no more; the errno it ends with. */
async function fill(sys: SysCalls, path: string): Promise<number> {
  const fd = await sys.open(path, 0o101);
  const block = new Uint8Array(65536).fill(1);
  let code = 0;
  while (code === 0) code = await codeOf(sys.write(fd, block));
  const small = new Uint8Array(1000).fill(1);
  for (let last = 0; last === 0;) last = await codeOf(sys.write(fd, small));
  await sys.close(fd);
  return code;
}

/** MemFree of /proc/meminfo in kB. */
async function memFree(sys: SysCalls): Promise<number> {
  const fd = await sys.open("/proc/meminfo", 0);
  const text = new TextDecoder().decode(await sys.read(fd, 4096));
  await sys.close(fd);
  return Number(/MemFree:\s+(\d+)/.exec(text)?.[1]);
}

describe("a machine without memory", () => {
  it("answers ENOMEM to a file, a fork and a module, and is well when memory is back", async () => {
    const seen = await asInit(
      async (sys) => {
        const ko = new Uint8Array(readFileSync(MODULE));
        await sys.mount("proc", "/proc", "proc", 0, "").catch(() => 0);
        const fork = () => sys.fork(async (own) => own.pause());
        const before = await memFree(sys);
        const file = await fill(sys, "/big");
        const children: number[] = [];
        let forked = 0;
        while (forked === 0) forked = await codeOf(fork().then((pid) => children.push(pid)));
        const module = await codeOf(sys.init_module(ko, ""));
        for (const pid of children) {
          await sys.kill(pid, 9);
          await sys.wait4(pid, 0);
        }
        await sys.unlink("/big");
        const after = await memFree(sys);
        const again = await codeOf(sys.init_module(ko, ""));
        return { before, after, file, forked, module, again };
      },
      { cmdline: "mem=8M" },
    );
    expect([ENOMEM, ENOSPC]).toContain(seen.file);
    expect([ENOMEM, EAGAIN]).toContain(seen.forked);
    expect(seen.module).toBe(ENOMEM);
    expect(seen.again).toBe(0);
    // Slabs keep a page each; nothing else may be gone.
    expect(seen.before - seen.after).toBeLessThan(120);
  });
});
