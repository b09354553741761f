// nomem.test.ts - every allocation of every call fails once: the call says
// ENOMEM (or what Linux says there), nothing breaks and nothing is lost.
import { beforeAll, expect, test } from "vitest";
import { Errno, Open, Sys } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { asInit } from "../../boot.ts";
import { buildVariant, edit, kernelSources, type KernelVariant } from "../../kernelVariant.ts";
import { failure, list, slurp, spew } from "./calls.ts";

const FAIL_NTH = 402;
const LIVE_OBJECTS = 403;

/** Fails the nth call of the allocators from now on; 0: none. */
const FAULT = `// fault.ts - makes an allocation fail.
import { PtRegs } from "../kernel/sched/task";
let countdown: u32 = 0;
let failed: u32 = 0;
export function should_fail(): bool {
  if (countdown == 0 || --countdown > 0) return false;
  failed++;
  return true;
}
let live: i32 = 0;
export function count_objects(n: i32): void {
  live += n;
}
export function __x64_sys_live_objects(regs: PtRegs): isize {
  return live;
}
/** fail_nth(n) -> how many failed since the last call */
export function __x64_sys_fail_nth(regs: PtRegs): isize {
  const was = failed;
  failed = 0;
  countdown = <u32>regs.di;
  return was;
}
`;

const COUNTED = `export function kzalloc(size: usize): usize {
  if (should_fail()) return 0;
  const p = really_kzalloc(size);
  if (p != 0) count_objects(1);
  return p;
}

`;

let kernel: KernelVariant;

beforeAll(async () => {
  let files = kernelSources();
  files.set("mm/fault.ts", FAULT);
  const check = "  if (should_fail()) return 0;\n";
  const importFault = 'import { count_objects, should_fail } from "./fault";\n';
  files = edit(files, "mm/slab.ts", "export function kzalloc(", "function really_kzalloc(");
  files = edit(files, "mm/slab.ts", "/** A copy of the C string s", `${COUNTED}/** A copy of the C string s`);
  files = edit(
    files,
    "mm/slab.ts",
    "  if (p == 0) return;\n",
    "  if (p == 0) return;\n  count_objects(-1);\n",
  );
  files = edit(files, "mm/slab.ts", "import {", `${importFault}import {`);
  const pages = "export function __get_free_pages(order: u32): usize {\n";
  files = edit(files, "mm/page_alloc.ts", pages, pages + check);
  files = edit(files, "mm/page_alloc.ts", "import {", `${importFault}import {`);
  files = edit(
    files,
    "fs/syscalls.ts",
    "import {",
    'import { __x64_sys_fail_nth, __x64_sys_live_objects } from "../mm/fault";\nimport {',
  );
  const init = "export function fs_syscalls_init(): void {\n";
  const set = `  set_syscall(${FAIL_NTH}, __x64_sys_fail_nth);\n  set_syscall(${LIVE_OBJECTS}, __x64_sys_live_objects);\n`;
  files = edit(files, "fs/syscalls.ts", init, init + set);
  kernel = await buildVariant(files);
}, 180_000);

interface Case {
  name: string;
  before?: (sys: SysCalls) => Promise<void>;
  call: (sys: SysCalls) => Promise<unknown>;
  after?: (sys: SysCalls) => Promise<void>;
}

const bytes = (n: number) => new Uint8Array(n).fill(65);
const closeFrom3 = async (sys: SysCalls) => {
  for (let fd = 3; fd < 20; fd++) await failure(sys.close(fd));
};
const remove = (path: string) => async (sys: SysCalls) => {
  await closeFrom3(sys);
  await failure(sys.unlink(path));
  await failure(sys.rmdir(path));
};
const reading = (path: string): Case => ({
  name: `read ${path}`,
  call: (sys) => slurp(sys, path),
  after: closeFrom3,
});

const CASES: Case[] = [
  { name: "create", call: (sys) => sys.open("/tmp/f", Open.CREAT | Open.RDWR), after: remove("/tmp/f") },
  { name: "write", call: (sys) => spew(sys, "/tmp/f", "x".repeat(30_000)), after: remove("/tmp/f") },
  { name: "mkdir", call: (sys) => sys.mkdir("/tmp/d", 0o755), after: remove("/tmp/d") },
  { name: "symlink", call: (sys) => sys.symlink("target", "/tmp/l"), after: remove("/tmp/l") },
  { name: "link", call: (sys) => sys.link("/etc/file", "/tmp/l"), after: remove("/tmp/l") },
  {
    name: "rename",
    before: (sys) => spew(sys, "/tmp/a", "x"),
    call: (sys) => sys.rename("/tmp/a", "/tmp/b"),
    after: async (sys) => {
      await remove("/tmp/a")(sys);
      await remove("/tmp/b")(sys);
    },
  },
  { name: "pipe", call: (sys) => sys.pipe2(0), after: closeFrom3 },
  // No module has it: modprobe is looked for, which is not there.
  { name: "socket", call: (sys) => sys.raw(Sys.SOCKET, 2, 2, 1) },
  {
    name: "a child with many descriptors",
    call: async (sys) => {
      await sys.fork(async (child) => failure(child.dup2(0, 100)));
      await sys.wait4(-1, 0);
    },
  },
  { name: "chdir", call: (sys) => sys.chdir("/tmp"), after: (sys) => sys.chdir("/") },
  {
    name: "mount tmpfs",
    call: (sys) => sys.mount("t", "/mnt", "tmpfs", 0, ""),
    after: (sys) => sys.umount("/mnt").catch(() => {}),
  },
  {
    name: "mount hostfs",
    call: (sys) => sys.mount("3", "/mnt", "hostfs", 0, ""),
    after: (sys) => sys.umount("/mnt").catch(() => {}),
  },
  reading("/etc/file"),
  reading("/proc/meminfo"),
  reading("/proc/self/stack"),
  reading("/proc/self/status"),
  reading("/proc/mounts"),
  reading("/proc/kallsyms"),
  reading("/proc/sys/kernel/hostname"),
  { name: "set a setting", call: (sys) => spew(sys, "/proc/sys/kernel/hostname", "n"), after: closeFrom3 },
  { name: "list /proc/self/fd", call: (sys) => list(sys, "/proc/self/fd"), after: closeFrom3 },
  { name: "readlink /proc/self/fd/0", call: (sys) => sys.readlink("/proc/self/fd/0") },
  { name: "open /dev/tty1", call: (sys) => sys.open("/dev/tty1", Open.RDWR), after: closeFrom3 },
  {
    name: "exec in a child",
    call: async (sys) => {
      await sys.fork(async (child) => {
        await failure(child.execve("/bin/script", ["script", "a"], new Map()));
        return 1;
      });
      await sys.wait4(-1, 0);
    },
  },
  {
    name: "exec that fails",
    call: (sys) => sys.execve("/etc/file", ["file"], new Map()),
  },
];

/** Not every call says ENOMEM: a table that is full, a name that is not found. */
const ALLOWED: number[] = [
  Errno.ENOMEM,
  Errno.ENFILE,
  Errno.EAGAIN,
  Errno.ENOENT,
  Errno.EINVAL,
  Errno.EAFNOSUPPORT,
];

async function memFree(sys: SysCalls): Promise<number> {
  const text = await slurp(sys, "/proc/meminfo");
  return Number(/MemFree: +(\d+)/.exec(text)![1]);
}

/** Fails each allocation of the call in turn; how many there are. */
async function failEach(sys: SysCalls, { name, before, call, after }: Case): Promise<number> {
  await before?.(sys);
  const usual = await failure(call(sys));
  await after?.(sys);
  for (let n = 1; n < 200; n++) {
    await before?.(sys);
    await sys.raw(FAIL_NTH, n);
    const error = await failure(call(sys));
    const failed = await sys.raw(FAIL_NTH, 0);
    await after?.(sys);
    if (failed === 0) {
      expect(error, name).toBe(usual);
      return n - 1;
    }
    expect([0, usual, ...ALLOWED], `${name}, allocation ${n}`).toContain(error);
  }
  throw new Error(`${name}: no end of allocations`);
}

test("out of memory is an answer everywhere, and nothing is lost", async () => {
  const file = "x".repeat(3000);
  const blobs = [
    "x 755 0 0 sbin/init -> init\nd 755 0 0 mnt\nd 1777 0 0 tmp\nf 755 3000 2 etc/file\n",
    "",
    file,
  ];
  blobs.push("d 755 0 0 a/b/c\nf 644 3000 2 a/b/f\nl 777 0 0 a/l -> f\nx 755 0 0 bin/p\n");
  blobs.push("#! /bin/p x");
  const held = blobs.map((text) => new TextEncoder().encode(text));
  await asInit(
    async (sys) => {
      await sys.write(await sys.open("/dev/null", Open.WRONLY), bytes(65536));
      await closeFrom3(sys);
      for (const each of CASES) {
        await failEach(sys, each);
        const before = await sys.raw(LIVE_OBJECTS);
        const free = await memFree(sys);
        const allocations = await failEach(sys, each);
        expect(allocations, each.name).toBeGreaterThan(0);
        expect((await sys.raw(LIVE_OBJECTS)) - before, `${each.name} loses objects`).toBe(0);
        expect(free - (await memFree(sys)), `${each.name} loses pages`).toBeLessThanOrEqual(0);
      }
    },
    {
      vmlinux: kernel.vmlinux,
      programs: new Map([["p", async () => 0]]),
      readBlob: (blob) => held[blob] ?? null,
    },
  );
}, 180_000);
