/** dump_stack(), put into a function by a livepatch, as people do who look for a caller. */

import { expect, test } from "vitest";
import { asInit } from "../boot.ts";
import { buildVariant, edit, kernelSources, patchTo } from "../kernelVariant.ts";

test("dump_stack prints who is running and who called, the patch's function with its module", async () => {
  const kernel = await buildVariant(kernelSources());
  const file = "kernel/sys.ts";
  const patched = edit(
    edit(kernel.files, file, "  return current.tgid;\n", "  dump_stack();\n  return current.tgid;\n"),
    file,
    'import { machine_halt } from "../host";',
    'import { machine_halt } from "../host";\nimport { dump_stack } from "../lib/dump_stack";',
  );
  const ko = await patchTo(kernel, patched, "dumps");
  const log = await asInit(
    async (sys) => {
      await sys.init_module(ko, "");
      await sys.fork((own) => own.getpid());
      await sys.wait4(-1, 0);
      return new TextDecoder().decode(await sys.syslog(3, 1 << 18));
    },
    { vmlinux: kernel.vmlinux },
  );
  const lines = log.split("\n").map((line) => line.replace(/^<\d>\[.*?\] /, ""));
  const trace = lines.slice(lines.indexOf("Call Trace:") - 1, lines.indexOf(" </TASK>") + 1);
  const at = (name: string) => expect.stringMatching(new RegExp(`^ ${name}\\+0x0/0x[0-9a-f]+$`)) as string;
  expect(trace).toEqual([
    expect.stringMatching(/^CPU: 0 UID: 0 PID: \d+ Comm: init Tainted: G {11}OE K {4}7\.3\.4-patchbay /),
    "Call Trace:",
    " <TASK>",
    at("dump_stack"),
    expect.stringMatching(/^ __x64_sys_getpid\+0x0\/0x[0-9a-f]+ \[dumps\]$/),
    at("x64_sys_call"),
    at("do_syscall_64"),
    at("entry_SYSCALL_64_after_hwframe"),
    " </TASK>",
  ]);
});
