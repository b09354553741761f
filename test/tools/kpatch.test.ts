// kpatch.test.ts - every row of the decision tables in kpatch.md 1.5-1.9 that a modern kernel can reach.
import { beforeEach, expect, test } from "vitest";
import { Errno } from "../../kernel-as/abi.ts";
import { kpatch } from "../../src/user/kpatch/kpatch.ts";
import { fakeKo, FakeLivepatch, livepatchKo } from "./fakeLivepatch.ts";

const KO = "/root/livepatch-meminfo-string.ko";
const NAME = "livepatch_meminfo_string";
const STACK = "[<0>] msleep+0x39/0x50\n[<0>] xt_unint_show+0x24/0x40 [xtarget]\n";
let machine: FakeLivepatch;
const run = (...args: string[]) => machine.run(kpatch, "kpatch", ...args);

beforeEach(() => {
  machine = new FakeLivepatch();
  machine.put(KO, livepatchKo(NAME));
});

test("load and unload of a patch that switches at once", async () => {
  expect(await run("load", "livepatch-meminfo-string.ko")).toEqual({
    status: 0,
    out: "loading patch module: livepatch-meminfo-string.ko\n",
    err: "",
  });
  expect(await run("load", KO)).toEqual({
    status: 0,
    out: `module named ${NAME} already loaded and enabled\n`,
    err: "",
  });
  expect(await run("unload", "livepatch-meminfo-string.ko")).toEqual({
    status: 0,
    out: `disabling patch module: ${NAME}\nunloading patch module: ${NAME}\n`,
    err: "",
  });
});

test("a transition of eleven seconds is waited for", async () => {
  machine.next = { seconds: 11 };
  const { status, out } = await run("load", KO);
  expect(status).toBe(0);
  expect(out).toBe(
    `loading patch module: ${KO}\n` +
      "waiting (up to 15 seconds) for patch transition to complete...\n" +
      "transition complete (11 seconds)\n",
  );
});

test("after fifteen seconds the second wait counts from zero", async () => {
  machine.next = { seconds: 26 };
  const { status, out, err } = await run("load", KO);
  expect(status).toBe(0);
  expect(out).toContain("patch transition has stalled!\n");
  expect(out).toMatch(/waiting \(up to 60 seconds\).*\ntransition complete \(11 seconds\)\n$/);
  expect(err).toBe(
    "kpatch: Livepatch process signaling is performed automatically on your system.\n" +
      "kpatch: Skipping manual process signaling.\n",
  );
});

test("a load that stalls for good names the task, undoes itself and fails", async () => {
  machine.next = { seconds: "never" };
  const { status, out, err } = await run("load", KO);
  expect(status).toBe(1);
  expect(out.slice(out.lastIndexOf("complete...\n") + 12)).toBe(
    `\nStalled processes:\n402 cat\nstack:\n${STACK}` +
      `module ${NAME} did not complete its transition, unloading...\n` +
      `disabling patch module: ${NAME}\nunloading patch module: ${NAME}\n`,
  );
  expect(err).toMatch(new RegExp(`kpatch: error: failed to load module ${NAME} \\(transition stalled\\)\n$`));
  expect(machine.now / 1e9).toBe(75);
});

test("busy is tried five times, two seconds apart", async () => {
  machine.next = { seconds: 0, insertError: Errno.EBUSY };
  const { status, err } = await run("load", KO);
  const line = `insmod: ERROR: could not insert module ${KO}: Device or resource busy\n`;
  expect(status).toBe(1);
  expect(err).toBe(`${line}kpatch: retrying...\n`.repeat(4) + `${line}kpatch: failed to load module ${KO}\n`);
  expect(machine.now / 1e9).toBe(8);
});

test("any other refusal is final", async () => {
  machine.next = { seconds: 0, insertError: Errno.ENODEV };
  const { status, err } = await run("load", KO);
  expect(status).toBe(1);
  expect(err).toBe(
    `insmod: ERROR: could not insert module ${KO}: No such device\nkpatch: failed to load module ${KO}\n`,
  );
});

test("a replaced patch still in memory is removed silently before its load", async () => {
  machine.put(`/sys/module/${NAME}/initstate`, "live\n");
  machine.put(`/sys/module/${NAME}/refcnt`, "0\n");
  expect((await run("load", KO)).out).toBe(`loading patch module: ${KO}\n`);
  expect(machine.log).toEqual([`rmmod ${NAME}`, `insmod ${KO}`]);
});

test("what is not there", async () => {
  expect(await run("load", "nope.ko")).toEqual({ status: 1, out: "", err: "kpatch: can't find nope.ko\n" });
  expect(await run("unload", "nope-x.ko")).toEqual({
    status: 1,
    out: "",
    err: "kpatch: patch module nope_x is not loaded\nkpatch: failed to disable module nope_x\n",
  });
});

test("a refused write to enabled", async () => {
  await run("load", KO);
  machine.next = { seconds: 0, disableError: Errno.EINVAL };
  expect((await run("unload", NAME)).err).toBe(
    `sh: line 1: echo: write error: Invalid argument\nkpatch: failed to disable module ${NAME}\n`,
  );
  machine.next = { seconds: 0, disableError: Errno.EBUSY };
  expect((await run("unload", NAME)).err).toContain("kpatch: retrying...\n");
});

test("a use count that never falls", async () => {
  machine.put(`/sys/module/${NAME}/initstate`, "live\n");
  machine.put(`/sys/module/${NAME}/refcnt`, "1\n");
  expect(await run("unload", NAME)).toEqual({
    status: 1,
    out: "waiting (up to 15 seconds) for module refcount...\n",
    err: `kpatch: failed to unload module ${NAME} (refcnt)\n`,
  });
});

test("unload --all takes all, and reports what stays", async () => {
  machine.put("/root/b.ko", livepatchKo("b"));
  await run("load", KO);
  await run("load", "b.ko");
  expect((await run("unload", "--all")).status).toBe(0);
  expect(machine.patches.size).toBe(0);
  await run("load", KO);
  machine.next = { seconds: 0, disableError: Errno.EINVAL };
  const { status, err } = await run("unload", "--all");
  expect(status).toBe(1);
  expect(err).toMatch(new RegExp(`kpatch: failed to unload module ${NAME}\n$`));
});

test("list, empty and full", async () => {
  expect((await run("list")).out).toBe("Loaded patch modules:\n\nInstalled patch modules:\n");
  machine.put("/root/livepatch-b.ko", livepatchKo("livepatch_b"));
  await run("load", KO);
  await run("load", "livepatch-b.ko");
  await run("install", "livepatch-b.ko");
  expect((await run("list")).out).toBe(
    `Loaded patch modules:\nlivepatch_b [enabled]\n${NAME} [enabled]\n` +
      "\nInstalled patch modules:\nlivepatch_b (7.3.4-patchbay)\n" +
      "\nCurrently livepatched functions:\n" +
      "Module       Object   Function/Occurrence\n" +
      "livepatch_b  vmlinux  meminfo_proc_show,1\n",
  );
});

test("list during a stall shows the holdouts between the two lists", async () => {
  machine.next = { seconds: "never" };
  machine.insert(livepatchKo(NAME), "");
  expect((await run("list")).out).toBe(
    `Loaded patch modules:\n${NAME} [enabling...]\n` +
      `\nStalled processes:\n402 cat\nstack:\n${STACK}` +
      "\nInstalled patch modules:\n" +
      "\nCurrently livepatched functions:\n" +
      "Module                    Object   Function/Occurrence  \n" +
      `${NAME}  vmlinux  meminfo_proc_show,1  (transition)\n`,
  );
});

test("install and uninstall", async () => {
  expect((await run("install", KO)).out).toBe(`installing ${KO} (7.3.4-patchbay)\n`);
  expect((await run("install", KO)).err).toBe(`kpatch: ${KO} is already installed\n`);
  expect((await run("load", NAME)).out).toBe(
    "loading patch module: /var/lib/kpatch/7.3.4-patchbay/livepatch-meminfo-string.ko\n",
  );
  expect((await run("uninstall", KO)).err).toBe("kpatch: please supply patch module name without path\n");
  expect((await run("uninstall", "livepatch-meminfo-string.ko")).out).toBe(
    "uninstalling livepatch-meminfo-string.ko (7.3.4-patchbay)\n",
  );
  expect(machine.nodes.has("/var/lib/kpatch")).toBe(false);
  expect((await run("uninstall", "x")).err).toBe("kpatch: x is not installed for kernel 7.3.4-patchbay\n");
});

test("install refuses", async () => {
  machine.put("/root/a.txt", "x");
  machine.put("/root/bad.ko", "x");
  machine.put("/root/old.ko", fakeKo({ name: "old", vermagic: "6.1.0 SMP " }));
  const errors: Array<[string[], string]> = [
    [[], "kpatch: no module file specified\n"],
    [["--nope"], "kpatch: unrecognized option '--nope'\nkpatch: getopt failed\n"],
    [["gone.ko"], "kpatch: gone.ko doesn't exist\n"],
    [["a.txt"], "kpatch: a.txt isn't a .ko file\n"],
    [["bad.ko"], "kpatch: modinfo failed\n"],
    [["old.ko"], "kpatch: invalid module version 6.1.0 for kernel 7.3.4-patchbay\n"],
  ];
  for (const [args, err] of errors) {
    expect(await run("install", ...args)).toEqual({ status: 1, out: "", err });
  }
});

test("info shows modinfo under a heading", async () => {
  const { status, out } = await run("info", "livepatch-meminfo-string.ko");
  expect(status).toBe(0);
  expect(out).toMatch(
    /^Patch information for livepatch-meminfo-string.ko:\nfilename: {7}\/root\/livepatch-meminfo-string.ko\nlivepatch: {6}Y\n/,
  );
  machine.put("/root/bad.ko", "x");
  expect((await run("info", "bad.ko")).err).toMatch(/kpatch: failed to get info for module bad.ko\n$/);
});

test("what is no command", async () => {
  const unknown = await run("force");
  expect(unknown.out).toBe("subcommand force not recognized\n");
  expect(unknown.status).toBe(1);
  expect(unknown.err).toMatch(/^usage: kpatch <command> \[<args>\]\n\nValid commands:\n {3}install \[-k/);
  expect(unknown.err).toContain("\n   load --all          \n      load all installed patch modules");
  for (const args of [[], ["help"], ["load"], ["load", "a", "b"]]) {
    expect(await run(...args)).toEqual({ status: 1, out: "", err: unknown.err });
  }
  expect(await run("--version")).toEqual({ status: 0, out: "0.9.11\n", err: "" });
  expect(await run("signal")).toEqual({ status: 0, out: "", err: "" });
});
