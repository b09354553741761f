// kexec.ts - kexec(8): loads another kernel, and jumps into it.

import { attempt, strerror } from "../errno.ts";
import { readText } from "../kpatch/io.ts";
import { Leave, type Command, utility } from "./command.ts";

const UNLOAD = 1;
const ON_CRASH = 2;

export const kexec = utility(
  "kexec",
  {
    help: `Usage: kexec [OPTION]... [KERNEL]
Directly reboot into a new kernel: every task is lost, and the uptime begins anew.

  -l, --load               load the new kernel into the current kernel
  -e, --exec               execute a currently loaded kernel
  -f, --force              load and execute at once
  -u, --unload             unload the current kexec target kernel
  -S, --status             exit status 1 when a kernel is loaded, 0 when none is
  -p, --load-panic         load the new kernel for use on panic
  -s, -c, -a               which system call to use: there is one
      --append=STRING      set the kernel command line to STRING
      --command-line=STRING  the same
      --reuse-cmdline      use the command line of the running kernel
      --initrd=FILE        use FILE as the kernel's initial ramdisk: it must be there`,
    options:
      "l,load e,exec f,force u,unload S,status p,load-panic s c a d,debug n,no-ifdown x y,no-sync ,append: ,command-line: ,reuse-cmdline ,initrd: ,ramdisk: t:,type",
  },
  async (c) => {
    if (c.has("S")) return (await readText(c.sys, "/sys/kernel/kexec_loaded")).trim() === "1" ? 1 : 0;
    if (c.has("u")) return call(c, -1, "", UNLOAD);
    const [kernel] = c.operands;
    const loads = c.has("l") || c.has("p") || c.has("f");
    if (!loads && !c.has("e")) return c.usage("No kernel specified", 255);
    if (loads) {
      if (kernel === undefined) await c.die("No kernel specified", 255);
      const status = await load(c, kernel!);
      if (status !== 0 || !c.has("f")) return status;
    }
    return execute(c);
  },
);

async function load(c: Command, path: string): Promise<number> {
  const ramdisk = c.value("initrd") ?? c.value("ramdisk");
  if (ramdisk !== undefined) await c.sys.close(await open(c, ramdisk));
  const fd = await open(c, path);
  const given = c.value("append") ?? c.value("command-line") ?? "";
  const old = c.has("reuse-cmdline") ? (await readText(c.sys, "/proc/cmdline")).trim() : "";
  const status = await call(c, fd, `${old} ${given}`.trim(), c.has("p") ? ON_CRASH : 0);
  await c.sys.close(fd);
  return status;
}

async function open(c: Command, path: string): Promise<number> {
  const fd = await attempt(c.sys.open(path, 0));
  if (fd.ok) return fd.value;
  await c.errText(`Cannot open ${path}: ${strerror(fd.code)}\n`);
  throw new Leave(255);
}

async function call(c: Command, fd: number, cmdline: string, flags: number): Promise<number> {
  const r = await attempt(c.sys.kexec_file_load(fd, cmdline, flags));
  if (r.ok) return 0;
  await c.errText(`kexec_file_load failed: ${strerror(r.code)}\n`);
  return 255;
}

async function execute(c: Command): Promise<number> {
  const r = await attempt(c.sys.reboot("kexec"));
  // EINVAL: no kernel waits.
  if (!r.ok)
    await c.errText(r.code === 22 ? "Nothing has been loaded!\n" : `kexec failed: ${strerror(r.code)}\n`);
  return 255;
}
