import { beforeAll, describe, expect, it } from "vitest";
import type { SysCalls } from "../../src/user/sys.ts";
import { asInit, bootWith } from "../boot.ts";
import { buildVariant, edit, kernelSources, patchTo, type KernelVariant } from "../kernelVariant.ts";

let kernel: KernelVariant;

beforeAll(async () => {
  kernel = await buildVariant(kernelSources());
});

const SYS = "kernel/sys.ts";
const GETPID = "  return current.tgid;\n";

/** Loads modules in order; what getpid() gives after each. */
async function getpidAfter(sys: SysCalls, modules: Uint8Array[]): Promise<number[]> {
  const seen = [await sys.getpid()];
  for (const ko of modules) {
    await sys.init_module(ko, "");
    seen.push(await sys.getpid());
  }
  return seen;
}

async function dmesg(sys: SysCalls): Promise<string> {
  return new TextDecoder().decode(await sys.syslog(3, 1 << 18));
}

describe("what a patch may bring with it", () => {
  const first = () =>
    edit(
      edit(
        kernel.files,
        SYS,
        "export function __x64_sys_getpid",
        `let asked: u32 = 40;

/** New in the patch: a function, a variable and a string of its own. */
export function count_getpid(): u32 {
  asked++;
  pr_emerg("getpid asked %u times, cmdline %lu\\n", asked, cmdline_number(saved_command_line, "mem", 7));
  return asked;
}

export function __x64_sys_getpid`,
      ),
      SYS,
      GETPID,
      "  return current.tgid + count_getpid() + last_pid_given() * 0;\n",
    );
  const imported = () =>
    edit(
      first(),
      SYS,
      'import { machine_halt } from "../host";',
      'import { machine_halt } from "../host";\nimport { cmdline_number, saved_command_line } from "./cmdline";\nimport { last_pid_given } from "./pid";',
    );

  it("a function, a variable, a string, and calls into other files", async () => {
    const ko = await patchTo(kernel, imported(), "first");
    const seen = await asInit(
      async (sys) => {
        const pids = await getpidAfter(sys, [ko]);
        pids.push(await sys.getpid());
        return { pids, log: await dmesg(sys) };
      },
      { vmlinux: kernel.vmlinux, cmdline: "mem=80M" },
    );
    expect(seen.pids).toEqual([1, 42, 43]);
    expect(seen.log).toContain("getpid asked 41 times, cmdline 83886080");
  });

  it("a later patch of a function that the first one's new code calls is seen by it", async () => {
    const one = await patchTo(kernel, imported(), "first");
    const other = edit(kernel.files, "kernel/cmdline.ts", "let v: u64 = 0;", "let v: u64 = 9;");
    const two = await patchTo(kernel, other, "second");
    const log = await asInit(
      async (sys) => {
        await getpidAfter(sys, [one, two]);
        return dmesg(sys);
      },
      { vmlinux: kernel.vmlinux, cmdline: "mem=80M" },
    );
    expect(log).toContain("asked 41 times, cmdline 83886080");
    // 9 goes before the digits of mem=80M: 980 << 20.
    expect(log).toContain("asked 42 times, cmdline 1027604480");
  });
});

describe("a patch that never ends", () => {
  it("is a soft lockup: its task dies and the machine goes on", async () => {
    const loops = edit(kernel.files, SYS, GETPID, "  while (true) {}\n  return 0;\n");
    const ko = await patchTo(kernel, loops, "loops");
    const started = performance.now();
    const seen = await asInit(
      async (sys) => {
        await sys.init_module(ko, "");
        const child = await sys.fork((own) => own.getpid());
        const dead = await sys.wait4(child, 0);
        return { dead, ppid: await sys.getppid(), log: await dmesg(sys) };
      },
      { vmlinux: kernel.vmlinux },
    );
    expect(performance.now() - started).toBeLessThan(20_000); // a hang, not a measurement
    expect(seen.dead?.status).toBe(9);
    expect(seen.log).toMatch(/watchdog: BUG: soft lockup - CPU#0 stuck for \d+s! \[init:\d+\]/);
    expect(seen.log).toContain("__x64_sys_getpid");
  });

  it("a trap is an oops: a call trace, a dead task, a taint, and the machine goes on", async () => {
    const traps = edit(kernel.files, SYS, GETPID, "  return load<i32>(0xfffffff0);\n");
    const ko = await patchTo(kernel, traps, "traps");
    const seen = await asInit(
      async (sys) => {
        await sys.init_module(ko, "");
        const child = await sys.fork((own) => own.getpid());
        const dead = await sys.wait4(child, 0);
        const fd = await sys.open("/proc/sys/kernel/tainted", 0);
        const taint = Number(new TextDecoder().decode(await sys.read(fd, 32)));
        return { dead, taint, log: await dmesg(sys) };
      },
      { vmlinux: kernel.vmlinux },
    );
    expect(seen.dead?.status).toBe(9);
    expect(seen.taint & (1 << 7)).not.toBe(0);
    const report = seen.log.slice(seen.log.indexOf("Oops: 0000 [#1] SMP"));
    const trace = report.split("\n").map((line) => line.replace(/^<\d>\[.*?\] /, ""));
    expect(trace[1]).toMatch(/^Modules linked in: traps\(OEK\)/);
    expect(trace.slice(3, 5)).toEqual(["Call Trace:", " <TASK>"]);
    expect(trace[5]).toMatch(/^ __x64_sys_getpid\+0x0\/0x[0-9a-f]+ \[traps\]$/);
    expect(trace[6]).toMatch(/^ x64_sys_call\+0x0\/0x[0-9a-f]+$/);
  });

  it("a trap where the kernel may not sleep is a panic", async () => {
    const traps = edit(
      edit(kernel.files, SYS, GETPID, "  preempt_disable();\n  return load<i32>(0xfffffff0);\n"),
      SYS,
      'import { set_syscall } from "./sys_call_table";',
      'import { preempt_disable } from "./sched/preempt";\nimport { set_syscall } from "./sys_call_table";',
    );
    const ko = await patchTo(kernel, traps, "panics");
    const why = await new Promise<string>((resolve) => {
      const { machine, output } = bootWith(
        async ({ sys }) => {
          await sys.init_module(ko, "");
          await sys.fork((own) => own.getpid());
          return sys.pause();
        },
        { vmlinux: kernel.vmlinux },
      );
      machine.onHalt = (reason) => resolve(`${reason} ${output()}`);
    });
    expect(why).toMatch(/^panic /);
    expect(why).toContain("Kernel panic - not syncing: Fatal exception in interrupt");
  });
});
