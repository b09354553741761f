import { describe, expect, it } from "vitest";
import type { SysError } from "../../src/user/sys.ts";
import { asInit } from "../boot.ts";

const text = new TextEncoder();
const plain = new TextDecoder();

describe("tasks", () => {
  it("a sleeping child wakes after virtual time and its parent reads what it wrote", async () => {
    const seen = await asInit(async (sys) => {
      const [reader, writer] = await sys.pipe2(0);
      const child = await sys.fork(async (own) => {
        await own.nanosleep(60e9);
        await own.write(writer, text.encode("late"));
        return 7;
      });
      const got = plain.decode(await sys.read(reader, 10));
      const now = await sys.clockGettime(1);
      return { got, now, dead: await sys.wait4(child, 0) };
    });
    expect(seen.got).toBe("late");
    expect(seen.now).toBeGreaterThan(60e9);
    expect(seen.now).toBeLessThan(61e9);
    expect(seen.dead?.status).toBe(7 << 8);
  });

  it("SIGKILL ends a sleeper, SIGSTOP and SIGCONT stop and continue it", async () => {
    const statuses = await asInit(async (sys) => {
      const child = await sys.fork(async (own) => {
        for (;;) await own.nanosleep(1e9);
      });
      const out: (number | undefined)[] = [];
      await sys.kill(child, 19);
      out.push((await sys.wait4(child, 2))?.status);
      await sys.kill(child, 18);
      out.push((await sys.wait4(child, 8))?.status);
      await sys.kill(child, 9);
      out.push((await sys.wait4(child, 0))?.status);
      return out;
    });
    expect(statuses).toEqual([(19 << 8) | 0x7f, 0xffff, 9]);
  });

  it("a caught signal interrupts a sleep and its handler runs in the task", async () => {
    const seen = await asInit(async (sys) => {
      const log: string[] = [];
      const child = await sys.fork(async (own) => {
        await own.sigaction(15, (sig) => log.push(`handler ${sig}`));
        try {
          await own.nanosleep(100e9);
        } catch (error) {
          log.push(`errno ${(error as SysError).code}`);
        }
        return 0;
      });
      await sys.nanosleep(1e9);
      await sys.kill(child, 15);
      await sys.wait4(child, 0);
      return log;
    });
    expect(seen).toEqual(["handler 15", "errno 4"]);
  });

  it("a program that makes a second call before the first came back is a crash", async () => {
    const error = await asInit(async (sys) => {
      const asleep = sys.nanosleep(1e9);
      const second = sys.getcwd().catch((e: unknown) => e);
      await asleep;
      return second;
    });
    expect(String(error)).toContain("pid 1 made a system call while it was not running");
  });
});
