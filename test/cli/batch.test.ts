// batch.test.ts - a command's streams and status on the real kernel, with programs written here.
import { expect, test } from "vitest";
import { batchInit } from "../../src/cli/batch.ts";
import type { Program } from "../../src/user/sys.ts";
import { bootWith } from "../boot.ts";

const encoder = new TextEncoder();

function runProgram(program: Program): Promise<{ status: number; out: string; err: string }> {
  const text = ["", "", ""];
  const decoder = new TextDecoder();
  return new Promise((resolve, reject) => {
    const init = batchInit({
      argv: ["probe", "a b"],
      streams: { write: (fd, data) => (text[fd] += decoder.decode(data)), inputEnded: false },
      finished: (status) => resolve({ status, out: text[1], err: text[2] }),
    });
    const { machine } = bootWith(init, {
      files: { "usr/bin/probe": { program: "probe" } },
      programs: new Map([["probe", program]]),
    });
    machine.onQuiet = () => reject(new Error("every task waits for ever"));
  });
}

test("two streams, kept apart and unchanged, and the status", async () => {
  const result = await runProgram(async ({ sys, argv }) => {
    await sys.write(1, encoder.encode(`${argv[1]}\nno carriage return\n`));
    await sys.write(2, encoder.encode("complaint\n"));
    return 3;
  });
  expect(result).toEqual({ status: 3, out: "a b\nno carriage return\n", err: "complaint\n" });
});

test("more than a pipe holds comes through whole", async () => {
  const size = 300_000;
  const { out } = await runProgram(async ({ sys }) => {
    const data = new Uint8Array(size).fill(120);
    for (let done = 0; done < size;) done += await sys.write(1, data.subarray(done));
    return 0;
  });
  expect(out.length).toBe(size);
});

test("an output that nobody holds any more costs nothing: `exec 2>&1`", async () => {
  const { out } = await runProgram(async ({ sys }) => {
    await sys.dup2(1, 2);
    const start = await sys.clockGettime(1);
    for (let i = 0; i < 10; i++) await sys.wait4(await sys.fork(async () => 0), 0);
    const spent = (await sys.clockGettime(1)) - start;
    await sys.write(1, encoder.encode(spent < 0.05e9 ? "alone" : `others ran: ${spent} ns`));
    return 0;
  });
  expect(out).toBe("alone");
});

test("a killed command has a shell's status", async () => {
  const { status } = await runProgram(async ({ sys }) => {
    await sys.kill(sys.pid, 9);
    return 0;
  });
  expect(status).toBe(137);
});

test("a daemon that keeps the pipes does not keep us", async () => {
  const { status, out } = await runProgram(async ({ sys }) => {
    await sys.fork(async (daemon) => {
      await daemon.nanosleep(1e12);
      return 0;
    });
    await sys.write(1, encoder.encode("started\n"));
    return 0;
  });
  expect({ status, out }).toEqual({ status: 0, out: "started\n" });
});
