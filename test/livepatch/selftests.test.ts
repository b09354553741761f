/**
 * Linux's 32 livepatch selftests (7.3.4), as its scripts describe them, on
 * our modules. A test passes when the whole log is what transcripts.txt says.
 */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fullName, parseTranscripts } from "./notation.ts";
import { runSelftest, type Selftest } from "./selftest.ts";

const expected = parseTranscripts(readFileSync(new URL("transcripts.txt", import.meta.url), "utf8"));

/** Runs one case; `log` is the transcript's name. */
function selftest(log: string, title: string, body: (t: Selftest) => Promise<void>, cmdline?: string): void {
  it(`${log}: ${title}`, async () => {
    expect(await runSelftest(body, cmdline)).toEqual(expected.get(log));
  });
}

const patchedLine = (short: string) => `${fullName(short)}: this has been live patched\n`;

describe("test-livepatch", () => {
  selftest("LP1", "basic function patching", async (t) => {
    await t.loadLp("LP");
    expect(await t.guest.read("/proc/cmdline")).toBe(patchedLine("LP"));
    await t.disableLp("LP");
    await t.unload("LP");
    expect(await t.guest.read("/proc/cmdline")).not.toBe(patchedLine("LP"));
  });

  selftest("LP2", "multiple livepatches", async (t) => {
    await t.loadLp("LP");
    await t.grepLivePatched();
    await t.loadLp("AR", "replace=0");
    await t.grepLivePatched();
    await t.disableLp("AR");
    await t.unload("AR");
    await t.grepLivePatched();
    await t.disableLp("LP");
    await t.unload("LP");
    await t.grepLivePatched();
  });

  selftest("LP3", "atomic replace livepatch", async (t) => {
    const { guest } = t;
    const loaded = () => guest.list("/sys/kernel/livepatch");
    await t.loadLp("LP");
    await t.grepLivePatched();
    for (const short of ["SY", "CD"]) await t.loadLp(short);
    expect(await loaded()).toHaveLength(3);
    await t.loadLp("AR", "replace=1");
    await guest.until(async () => (await loaded()).length === 1);
    await t.grepLivePatched();
    for (const short of ["CD", "SY", "LP"]) await t.unload(short);
    await t.grepLivePatched();
    await t.disableLp("AR");
    await t.unload("AR");
    await t.grepLivePatched();
  });

  const original = `${fullName("MT")}: original output\n`;
  const show = "/proc/test_klp_mod_target";

  selftest("LP4", "module function patching", async (t) => {
    await t.loadMod("MT");
    expect(await t.guest.read(show)).toBe(original);
    await t.loadLp("MP");
    expect(await t.guest.read(show)).toBe(patchedLine("MP"));
    await t.disableLp("MP");
    await t.unload("MP");
    expect(await t.guest.read(show)).toBe(original);
    await t.unload("MT");
  });

  selftest("LP5", "module function patching (livepatch first)", async (t) => {
    await t.loadLp("MP");
    await t.loadMod("MT");
    expect(await t.guest.read(show)).toBe(patchedLine("MP"));
    await t.disableLp("MP");
    await t.unload("MP");
    expect(await t.guest.read(show)).toBe(original);
    await t.unload("MT");
  });
});

describe("test-callbacks", () => {
  selftest("CB1", "target module before livepatch", async (t) => {
    await t.loadMod("CM");
    await t.loadLp("CD");
    await t.disableLp("CD");
    await t.unload("CD");
    await t.unload("CM");
  });

  selftest("CB2", "module_coming notifier", async (t) => {
    await t.loadLp("CD");
    await t.loadMod("CM");
    await t.disableLp("CD");
    await t.unload("CD");
    await t.unload("CM");
  });

  selftest("CB3", "module_going notifier", async (t) => {
    await t.loadMod("CM");
    await t.loadLp("CD");
    await t.unload("CM");
    await t.disableLp("CD");
    await t.unload("CD");
  });

  selftest("CB4", "module_coming and module_going notifiers", async (t) => {
    await t.loadLp("CD");
    await t.loadMod("CM");
    await t.unload("CM");
    await t.disableLp("CD");
    await t.unload("CD");
  });

  selftest("CB5", "target module not present", async (t) => {
    await t.loadLp("CD");
    await t.disableLp("CD");
    await t.unload("CD");
  });

  selftest("CB6", "pre-patch callback -ENODEV", async (t) => {
    await t.loadMod("CM");
    await t.loadFailing("CD", "pre_patch_ret=-19");
    await t.unload("CM");
  });

  selftest("CB7", "module_coming + pre-patch callback -ENODEV", async (t) => {
    await t.loadLp("CD");
    await t.setParameter(`/sys/module/${fullName("CD")}/parameters/pre_patch_ret`, "-19");
    await t.loadFailing("CM");
    await t.disableLp("CD");
    await t.unload("CD");
  });

  selftest("CB8", "multiple target modules", async (t) => {
    await t.loadMod("CB", "block_transition=N");
    await t.loadLp("CD");
    await t.loadMod("CM");
    await t.unload("CM");
    await t.disableLp("CD");
    await t.unload("CD");
    await t.unload("CB");
  });

  selftest("CB9", "busy target module", async (t) => {
    await t.loadMod("CB", "block_transition=Y");
    await t.loadLpNowait("CD");
    const transition = `${t.patchDir("CD")}/transition`;
    await t.guest.until(async () => (await t.guest.tryRead(transition)) === "1");
    await t.loadMod("CM");
    await t.unload("CM");
    await t.disableLp("CD");
    await t.unload("CD");
    await t.unload("CB");
  });

  selftest("CB10", "multiple livepatches", async (t) => {
    await t.loadLp("CD");
    await t.loadLp("CD2");
    await t.disableLp("CD2");
    await t.disableLp("CD");
    await t.unload("CD2");
    await t.unload("CD");
  });

  selftest("CB11", "atomic replace", async (t) => {
    await t.loadLp("CD");
    await t.loadLp("CD2", "replace=1");
    await t.disableLp("CD2");
    await t.unload("CD2");
    await t.unload("CD");
  });
});

describe("test-shadow-vars", () => {
  selftest("SV1", "basic shadow variable API", async (t) => {
    await t.loadMod("SV");
    await t.unload("SV");
  });
});

describe("test-state", () => {
  selftest("ST1", "system state modification", async (t) => {
    await t.loadLp("S1");
    await t.disableLp("S1");
    await t.unload("S1");
  });

  selftest("ST2", "taking over system state modification", async (t) => {
    await t.loadLp("S1");
    await t.loadLp("S2");
    await t.unload("S1");
    await t.disableLp("S2");
    await t.unload("S2");
  });

  selftest("ST3", "compatible cumulative livepatches", async (t) => {
    await t.loadLp("S2");
    await t.loadLp("S3");
    await t.unload("S2");
    await t.loadLp("S2");
    await t.disableLp("S2");
    await t.unload("S2");
    await t.unload("S3");
  });

  selftest("ST4", "incompatible cumulative livepatches", async (t) => {
    await t.loadLp("S2");
    await t.loadFailing("S1");
    await t.disableLp("S2");
    await t.unload("S2");
  });
});

describe("test-ftrace", () => {
  selftest(
    "FT1-until-7.2",
    "ftrace_enabled as a switch",
    async (t) => {
      await t.setFtraceEnabled("0");
      await t.loadFailing("LP");
      await t.setFtraceEnabled("1");
      await t.loadLp("LP");
      expect(await t.guest.read("/proc/cmdline")).toBe(patchedLine("LP"));
      await t.setFtraceEnabled("0");
      expect(await t.guest.read("/proc/cmdline")).toBe(patchedLine("LP"));
      await t.disableLp("LP");
      await t.unload("LP");
    },
    "ftrace.switch=1",
  );

  selftest("FT1-from-7.3", "ftrace_enabled is always 1", async (t) => {
    await t.setFtraceEnabled("0");
    expect(await t.guest.read("/proc/sys/kernel/ftrace_enabled")).toBe("1\n");
  });

  const TRACING = "/sys/kernel/tracing";

  /** Runs body while calls of one function are traced; the names that the trace holds. */
  async function traced(t: Selftest, name: string, body: () => Promise<void>): Promise<string> {
    await t.guest.write(`${TRACING}/set_ftrace_filter`, `${name}\n`);
    await t.guest.write(`${TRACING}/current_tracer`, "function\n");
    await body();
    const trace = await t.guest.read(`${TRACING}/trace`);
    await t.guest.write(`${TRACING}/current_tracer`, "nop\n");
    await t.guest.write(`${TRACING}/set_ftrace_filter`, "\n");
    return trace;
  }

  async function sayOkIfPatched(t: Selftest): Promise<void> {
    if ((await t.guest.read("/proc/cmdline")) === patchedLine("LP")) t.guest.say("livepatch: ok");
  }

  selftest("FT2", "trace livepatched function and check that the live patch remains in effect", async (t) => {
    await t.loadLp("LP");
    const name = "livepatch_cmdline_proc_show";
    expect(await traced(t, name, () => sayOkIfPatched(t))).toContain(`: ${name} <-`);
    await t.disableLp("LP");
    await t.unload("LP");
  });

  selftest(
    "FT3",
    "livepatch a traced function and check that the live patch remains in effect",
    async (t) => {
      const trace = await traced(t, "cmdline_proc_show", async () => {
        await t.loadLp("LP");
        await sayOkIfPatched(t);
      });
      expect(trace).toContain(": cmdline_proc_show <-");
      await t.disableLp("LP");
      await t.unload("LP");
    },
  );
});

describe("test-kprobe", () => {
  selftest("KP1", "livepatch interaction with kprobed function with post_handler", async (t) => {
    await t.guest.write("/sys/kernel/debug/kprobes/enabled", "1\n");
    await t.loadMod("KP", "has_post_handler=y");
    await t.loadFailing("LP");
    await t.unload("KP");
  });

  selftest("KP2", "livepatch interaction with kprobed function without post_handler", async (t) => {
    await t.guest.write("/sys/kernel/debug/kprobes/enabled", "1\n");
    await t.loadMod("KP", "has_post_handler=n");
    await t.loadLp("LP");
    await t.unload("KP");
    await t.disableLp("LP");
    await t.unload("LP");
  });
});

describe("test-sysfs", () => {
  /** Type and permissions as ls -l shows them. */
  async function mode(t: Selftest, path: string): Promise<string> {
    const { mode } = await t.guest.sys.stat(path);
    const bits = [..."rwxrwxrwx"].map((c, i) => ((mode >> (8 - i)) & 1 ? c : "-"));
    return `${(mode & 0o170000) === 0o040000 ? "d" : "-"}${bits.join("")}`;
  }

  selftest("SY1", "sysfs test", async (t) => {
    await t.loadLp("LP");
    const dir = t.patchDir("LP");
    expect(await mode(t, dir)).toBe("drwxr-xr-x");
    for (const [file, permissions, value] of [
      ["enabled", "-rw-r--r--", "1"],
      ["force", "--w-------", null],
      ["transition", "-r--r--r--", "0"],
      ["vmlinux/patched", "-r--r--r--", "1"],
      ["replace", "-r--r--r--", "0"],
      ["stack_order", "-r--r--r--", "1"],
    ] as const) {
      expect(await mode(t, `${dir}/${file}`), file).toBe(permissions);
      expect(await t.guest.tryRead(`${dir}/${file}`), file).toBe(value);
    }
    await t.disableLp("LP");
    await t.unload("LP");
  });

  selftest("SY2", "sysfs test object/patched", async (t) => {
    await t.loadLp("CD");
    const patched = () => t.guest.read(`${t.patchDir("CD")}/${fullName("CM")}/patched`);
    expect(await patched()).toBe("0\n");
    await t.loadMod("CM");
    expect(await patched()).toBe("1\n");
    await t.unload("CM");
    expect(await patched()).toBe("0\n");
    await t.disableLp("CD");
    await t.unload("CD");
  });

  for (const [log, title, value] of [
    ["SY3", "sysfs test replace enabled", "1"],
    ["SY4", "sysfs test replace disabled", "0"],
  ]) {
    selftest(log, title, async (t) => {
      await t.loadLp("AR", `replace=${value}`);
      expect(await mode(t, `${t.patchDir("AR")}/replace`)).toBe("-r--r--r--");
      expect(await t.guest.read(`${t.patchDir("AR")}/replace`)).toBe(`${value}\n`);
      await t.disableLp("AR");
      await t.unload("AR");
    });
  }

  selftest("SY5", "sysfs test stack_order value", async (t) => {
    const order = (short: string) => t.guest.read(`${t.patchDir(short)}/stack_order`);
    await t.loadLp("LP");
    await t.loadLp("CD");
    await t.loadLp("SY");
    expect([await order("LP"), await order("CD"), await order("SY")]).toEqual(["1\n", "2\n", "3\n"]);
    await t.disableLp("CD");
    await t.unload("CD");
    expect([await order("LP"), await order("SY")]).toEqual(["1\n", "2\n"]);
    for (const short of ["SY", "LP"]) {
      await t.disableLp(short);
      await t.unload(short);
    }
  });
});

describe("test-syscall", () => {
  it("SC1: patch getpid syscall while being heavily hammered", async () => {
    let list = "";
    const log = await runSelftest(async (t) => {
      const { sys } = t.guest;
      const pids: number[] = [];
      for (let i = 0; i < 4; i++) {
        pids.push(
          await sys.fork(async (own) => {
            for (;;) await own.getpid();
          }),
        );
      }
      list = pids.join(",");
      await t.loadLp("SY", `klp_pids=${list}`);
      await t.guest.until(async () => (await t.guest.read("/sys/kernel/test_klp_syscall/npids")) === "0\n");
      t.guest.say(`${fullName("SY")}: Remaining not livepatched processes: 0`);
      for (const pid of pids) await sys.kill(pid, 9);
      for (const pid of pids) await sys.wait4(pid, 0);
      await t.disableLp("SY");
      await t.unload("SY");
    });
    expect(log).toEqual(expected.get("SC1")!.map((line) => line.replace("PIDS", list)));
  });
});
