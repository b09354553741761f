// dmesg.test.ts - the log's lines in every form, filters, and the console level.
import { beforeEach, expect, test } from "vitest";
import { dmesg } from "../../src/user/kpatch/dmesg.ts";
import { FakeMachine } from "./fakeSys.ts";

const RECORDS = [
  "6,0,0,-;Linux version 7.3.4-patchbay\n SUBSYSTEM=x\n",
  "5,1,4315310,-;livepatch: enabling patch 'p'\n",
  "14,2,4400000,-;hello: from user\n",
  "3,3,125000001,-;oops \\x5c here\n",
];
let machine: FakeMachine;
const run = (...args: string[]) => machine.run(dmesg, "dmesg", ...args);

beforeEach(() => {
  machine = new FakeMachine();
  machine.put("/dev/kmsg", { records: () => [...RECORDS] });
});

test("plain", async () => {
  expect((await run()).out).toBe(
    "[    0.000000] Linux version 7.3.4-patchbay\n" +
      "[    4.315310] livepatch: enabling patch 'p'\n" +
      "[    4.400000] hello: from user\n" +
      "[  125.000001] oops \\ here\n",
  );
});

test("stamps", async () => {
  machine.now = 200e9;
  const last = async (...args: string[]) => (await run("-k", ...args)).out.split("\n").at(-2);
  expect(await last("-t")).toBe("oops \\ here");
  expect(await last("-T")).toBe("[Thu Jan  1 00:02:05 1970] oops \\ here");
  expect(await last("-d")).toBe("[  125.000001 <  120.684691>] oops \\ here");
  expect(await last("-r")).toBe("<3>[  125.000001] oops \\ here");
  expect(await last("-x")).toBe("kern  :err   : [  125.000001] oops \\ here");
  expect((await run("-H")).out).toMatch(/^\[Jan01 00:00\] .*\n\[ {2}\+4.315310\] livepatch/);
});

test("filters", async () => {
  expect((await run("-t", "-l", "err,notice")).out).toBe("livepatch: enabling patch 'p'\noops \\ here\n");
  expect((await run("-t", "-l", "notice+", "-k")).out).toBe("livepatch: enabling patch 'p'\noops \\ here\n");
  expect((await run("-t", "-u")).out).toBe("hello: from user\n");
  expect((await run("-t", "-f", "user")).out).toBe("hello: from user\n");
  expect(await run("-l", "loud")).toEqual({ status: 1, out: "", err: "dmesg: unknown level 'loud'\n" });
});

test("colour is for terminals, or when asked for", async () => {
  expect((await run()).out).not.toContain("\x1b");
  expect((await run("--color=always", "-l", "notice")).out).toBe(
    "\x1b[32m[    4.315310] \x1b[0m\x1b[33mlivepatch: \x1b[0menabling patch 'p'\n",
  );
});

test("clear and the console level are syslog(2)", async () => {
  await run("-C");
  await run("-n", "debug");
  await run("-n", "1");
  await run("-D");
  await run("-E");
  expect(machine.syslogCalls).toEqual([
    [5, 0],
    [8, 8],
    [8, 1],
    [6, 0],
    [7, 0],
  ]);
  expect((await run("-c")).out).toContain("livepatch");
  expect(machine.syslogCalls.at(-1)).toEqual([5, 0]);
});
