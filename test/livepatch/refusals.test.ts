/**
 * Every refusal of the contract's section 2.2 that can occur here, one row
 * each: what insmod says, what the log says, and what is left behind.
 */

import { describe, expect, it } from "vitest";
import { insertText } from "../../src/user/kpatch/kmod.ts";
import { programs } from "../../src/user/programs.ts";
import { type Guest, inGuest, moduleImage } from "./guest.ts";
import { stall } from "./stalled.ts";

const TAINT_K = 1 << 15;
const DEFAULT = "/test_modules/bad_patch.ko";

interface Refusal {
  /** Row of the contract's table. */
  row: string;
  what: string;
  /** Path and arguments for insmod; default bad_patch what=N. */
  path?: string;
  args?: string;
  errno: number;
  /** What insmod's message ends with. */
  text: string;
  /** Lines of the log, taint lines left out. */
  log: string[];
  /** Whether the loader got as far as the K mark. */
  tainted: boolean;
  before?: (guest: Guest) => Promise<void>;
  after?: (guest: Guest) => Promise<void>;
  /** No insmod can be started either: what it would say of the errno is asked. */
  callOnly?: boolean;
  /** Who makes the call: user 0 unless set. */
  uid?: number;
}

const refused = (row: string, number: number, what: string, rest: Partial<Refusal>): Refusal => ({
  row,
  what,
  args: `what=${number}`,
  errno: 22,
  text: "Invalid parameters",
  log: [],
  tainted: true,
  ...rest,
});

const cancelled = (name: string) => [
  `livepatch: failed to enable patch '${name}'`,
  `livepatch: '${name}': unpatching complete`,
];

const ENABLING = "livepatch: enabling patch 'bad_patch'";

/** A module file with a text of its sections replaced by another of equal length. */
function edited(name: string, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error("sections would move");
  const bytes = Buffer.from(moduleImage(name));
  const at = bytes.indexOf(from);
  if (at < 0) throw new Error(`${name}: no ${from}`);
  bytes.write(to, at, "latin1");
  return new Uint8Array(bytes);
}

/** Sets the size of a function in .symtab, which has 24-byte entries. */
function withoutSize(name: string, symbol: string): Uint8Array {
  const image = moduleImage(name);
  const bytes = Buffer.from(image);
  const label = bytes.indexOf(".symtab");
  const start = label + ".symtab".length;
  const view = new DataView(image.buffer, image.byteOffset);
  const nameAt = bytes.indexOf(`${symbol}\0`, start) - start;
  for (let i = 0; i < view.getUint32(start, true); i++) {
    const entry = start + 8 + 24 * i;
    if (view.getUint32(entry, true) === nameAt) view.setUint32(entry + 16, 0, true);
  }
  return image;
}

const vermagic =
  "version magic '6.3.4-patchbay SMP preempt mod_unload ' should be '7.3.4-patchbay SMP preempt mod_unload '";
const files = {
  "ko/vermagic.ko": edited("bad_patch", "vermagic=7", "vermagic=6"),
  "ko/unmarked.ko": edited("bad_patch", "livepatch=Y", "livepatcx=Y"),
  "ko/vmlinux.ko": edited("bad_patch", "name=bad_patch\0", "\0\0name=vmlinux\0"),
  "ko/build.ko": edited("bad_patch", "patchbay_build=", "patchbay_build=".toUpperCase()),
  "ko/nosize.ko": withoutSize("bad_patch", "bad_patch_show"),
  "ko/target.ko": withoutSize("slow_target", "slow_plain_show"),
  "ko/truncated.ko": moduleImage("bad_patch").subarray(0, 700),
  "ko/random.ko": Uint8Array.from({ length: 600 }, (_, i) => (i * 7919) & 255),
  "ko/foreign.ko": new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
  "ko/symbol.ko": edited("bad_patch", "klp_declare_patch", "klp_declare_catch"),
};

const LOADER: Refusal[] = [
  {
    row: "L1",
    what: "a second copy",
    path: "/test_modules/livepatch_sample.ko",
    errno: 17,
    text: "File exists",
    log: [],
    tainted: true,
    before: (guest) => guest.insmod("test_modules/livepatch_sample.ko"),
  },
  {
    row: "L3",
    what: "a module for another kernel",
    path: "/ko/vermagic.ko",
    errno: 8,
    text: "Invalid module format",
    log: [`bad_patch: ${vermagic}`],
    tainted: false,
  },
  {
    row: "L3",
    what: "a module for another build of this kernel",
    path: "/ko/build.ko",
    errno: 8,
    text: "Invalid module format",
    log: ["bad_patch: disagrees about version of symbol module_layout"],
    tainted: false,
  },
  {
    row: "L4",
    what: "not root",
    errno: 1,
    text: "Operation not permitted",
    log: [],
    tainted: false,
    uid: 1000,
  },
  {
    row: "L4",
    what: "modules disabled",
    errno: 1,
    text: "Operation not permitted",
    log: [],
    tainted: false,
    before: (guest) => guest.write("/proc/sys/kernel/modules_disabled", "1"),
  },
  {
    row: "file",
    what: "a truncated module",
    path: "/ko/truncated.ko",
    errno: 8,
    text: "Invalid module format",
    log: ["module: Invalid Wasm section: runs over the end of the file"],
    tainted: false,
  },
  {
    row: "file",
    what: "random bytes",
    path: "/ko/random.ko",
    errno: 8,
    text: "Invalid module format",
    log: ["module: Invalid Wasm header magic: != \\0asm"],
    tainted: false,
  },
  {
    row: "file",
    what: "a Wasm module that is no kernel module",
    path: "/ko/foreign.ko",
    errno: 8,
    text: "Invalid module format",
    log: ["module: No module found in object"],
    tainted: false,
  },
  {
    row: "file",
    what: "a module that takes what the kernel does not have",
    path: "/ko/symbol.ko",
    errno: 2,
    text: "Unknown symbol in module",
    log: ["bad_patch: Unknown symbol klp_declare_catch (err -2)"],
    tainted: true,
  },
  {
    row: "L22",
    what: "no memory left",
    errno: 12,
    text: "Cannot allocate memory",
    log: [],
    tainted: false,
    callOnly: true,
    before: fillMemory,
    after: (guest) => guest.sys.unlink("/tmp/full"),
  },
  {
    row: "parameter",
    what: "a parameter that is no number",
    args: "what=fish",
    errno: 22,
    text: "Invalid parameters",
    log: ["bad_patch: `fish' invalid for parameter `what'"],
    tainted: true,
  },
  {
    row: "coming",
    what: "a module called vmlinux",
    path: "/ko/vmlinux.ko",
    errno: 22,
    text: "Invalid parameters",
    log: ["livepatch: vmlinux.ko: invalid module name"],
    tainted: true,
  },
];

const CORE: Refusal[] = [
  refused("L5", 1, "no list of objects", {}),
  refused("L5", 2, "an object without an array of functions", {}),
  refused("L5", 3, "a function without an old name", {}),
  refused("L6", 0, "no mark in modinfo", {
    path: "/ko/unmarked.ko",
    log: ["livepatch: module bad_patch is not marked as a livepatch module"],
    tainted: false,
  }),
  refused("L9", 0, "a state in an older version", {
    path: "/test_modules/test_klp_state.ko",
    args: "",
    log: [
      "livepatch: Livepatch patch (test_klp_state) is not compatible with the already installed livepatches.",
    ],
    before: (guest) => guest.insmod("test_modules/test_klp_state2.ko"),
  }),
  refused("L11", 4, "no new function", {}),
  refused("L11", 5, "a function name of 512 characters", {}),
  refused("L11", 6, "an object name of 56 characters", {}),
  refused("L12", 7, "the same function twice", {
    errno: 16,
    text: "Device or resource busy",
    log: [
      "sysfs: cannot create duplicate filename '/kernel/livepatch/bad_patch/vmlinux/version_proc_show,1'",
      "kobject: kobject_add_internal failed for version_proc_show,1 with -EEXIST, don't try to register things with the same name in the same directory.",
    ],
  }),
  refused("L13", 8, "an unknown symbol", {
    log: ["livepatch: symbol 'no_such_function' not found in symbol table"],
  }),
  refused("L14", 9, "a symbol that occurs more than once", {
    log: ["livepatch: unresolvable ambiguity for symbol 'add' in object '(null)'"],
  }),
  refused("L15", 10, "a position behind the last symbol", {
    log: ["livepatch: symbol position 99 for symbol 'add' in object 'vmlinux' not found"],
  }),
  refused("L16", 0, "a new function of unknown size", {
    path: "/ko/nosize.ko",
    errno: 2,
    text: "Unknown symbol in module",
    log: ["livepatch: kallsyms size lookup failed for 'version_proc_show' replacement"],
  }),
  refused("L16", 0, "an old function of unknown size", {
    path: "/test_modules/slow_patch.ko",
    args: "which=1",
    errno: 2,
    text: "Unknown symbol in module",
    log: ["livepatch: kallsyms size lookup failed for 'slow_plain_show'"],
    before: (guest) => guest.insmod("ko/target.ko"),
  }),
  refused("L17", 0, "another patch in transition", {
    errno: 16,
    text: "Device or resource busy",
    before: stall,
  }),
  refused("L17 after L13", 8, "an unknown symbol while another patch is in transition", {
    log: ["livepatch: symbol 'no_such_function' not found in symbol table"],
    before: stall,
  }),
  refused("L18", 12, "pre_patch says no", {
    errno: 1,
    text: "Operation not permitted",
    log: [ENABLING, "livepatch: pre-patch callback failed for object 'vmlinux'", ...cancelled("bad_patch")],
  }),
  ...[
    [11, "ftrace_caller", "a function without a patch site"],
    [13, "klp_mutex", "a variable"],
  ].map(([number, symbol, what]) =>
    refused("L19", number as number, what as string, {
      log: [
        ENABLING,
        `livepatch: failed to find location for function '${symbol}'`,
        "livepatch: failed to patch object 'vmlinux'",
        ...cancelled("bad_patch"),
      ],
    }),
  ),
  refused("L20", 0, "ftrace is switched off (until 7.2)", {
    errno: 16,
    text: "Device or resource busy",
    log: [
      ENABLING,
      "livepatch: failed to register ftrace handler for function 'version_proc_show' (-16)",
      "livepatch: failed to patch object 'vmlinux'",
      ...cancelled("bad_patch"),
    ],
    before: (guest) => guest.write("/proc/sys/kernel/ftrace_enabled", "0"),
  }),
];

/** Files of the root file system take all memory but a few pages. */
async function fillMemory(guest: Guest): Promise<void> {
  const fd = await guest.sys.open("/tmp/full", 0o1102, 0o644);
  const block = new Uint8Array(32768);
  while ((await guest.errno(() => guest.sys.write(fd, block))) === 0);
  await guest.sys.close(fd);
}

const load = async (guest: Guest, sys: Guest["sys"], { path, args }: Refusal) => {
  const fd = await sys.open(path ?? DEFAULT, 0);
  return guest.errno(() => sys.finit_module(fd, args ?? "", 0));
};

/** The system call alone: its errno. */
async function byCall(guest: Guest, row: Refusal): Promise<number> {
  const { uid } = row;
  if (uid === undefined) return load(guest, guest.sys, row);
  const child = await guest.sys.fork(async (own) => {
    await own.setuid(uid);
    return load(guest, own, row);
  });
  return (await guest.sys.wait4(child, 0))!.status >> 8;
}

/** The tool: its exit status and what it says. */
async function byInsmod(guest: Guest, { path, args, uid, callOnly, errno }: Refusal) {
  const what = `insmod: ERROR: could not insert module ${path ?? DEFAULT}: `;
  if (callOnly) return { status: 1, said: `${what}${insertText(errno)}\n` };
  const [reader, writer] = await guest.sys.pipe2(0);
  const argv = ["insmod", path ?? DEFAULT, ...(args ?? "").split(" ").filter((word) => word !== "")];
  const child = await guest.sys.fork(async (own) => {
    await own.dup2(writer, 2);
    if (uid !== undefined) await own.setuid(uid);
    return own.execve("/usr/sbin/insmod", argv, new Map());
  });
  await guest.sys.close(writer);
  const status = (await guest.sys.wait4(child, 0))!.status >> 8;
  const said = new TextDecoder().decode(await guest.sys.read(reader, 4096));
  return { status, said };
}

/** Refused, refused again by another way, and what is left. */
async function attempt(guest: Guest, row: Refusal) {
  await row.before?.(guest);
  const logOf = async <T>(load: () => Promise<T>) => {
    guest.drain();
    guest.log.length = 0;
    const result = await load();
    guest.drain();
    return { result, log: guest.log.filter((line) => !/taint(s|ing) kernel/.test(line)) };
  };
  const patches = await guest.list("/sys/kernel/livepatch");
  const tool = await logOf(() => byInsmod(guest, row));
  const call = await logOf(() => byCall(guest, row));
  await row.after?.(guest);
  const left = (await guest.list("/sys/kernel/livepatch")).filter((p) => !patches.includes(p));
  const modules = await guest.list("/sys/module");
  const taint = Number(await guest.read("/proc/sys/kernel/tainted"));
  return {
    ...tool.result,
    errno: call.result,
    logs: row.callOnly ? [call.log] : [tool.log, call.log],
    left,
    loaded: modules.includes("bad_patch") || modules.includes("vmlinux"),
    tainted: (taint & TAINT_K) !== 0,
  };
}

/** Rows that have no test here, and why. */
const CANNOT_OCCUR: Record<string, string> = {
  L2: "this kernel is never without CONFIG_LIVEPATCH",
  L7: "a livepatch core that fails to initialise panics: there is no machine to refuse in",
  L8: "no refusal; and record lists are reliable stacks",
  L10: "only code of a module that is going away meets it, and its insmod was long ago",
  L21: "ftrace here has no internal error that it survives",
  L23: "no ELF relocations in a Wasm module; what takes their place is a symbol's name: L13",
};

it("every row of the contract's table is refused here or cannot occur", () => {
  const rows = Array.from({ length: 23 }, (_, i) => `L${i + 1}`);
  const tested = new Set([...LOADER, ...CORE].map(({ row }) => row.split(" ")[0]!));
  expect(rows.filter((row) => tested.has(row) === row in CANNOT_OCCUR)).toEqual([]);
});

describe.each([
  ["the loader refuses", LOADER],
  ["the core refuses", CORE],
])("%s", (_title, rows) => {
  it.each(rows.map((row) => [row.row, row.what, row] as const))("%s: %s", async (_row, _what, row) => {
    const seen = await inGuest((guest) => attempt(guest, row), {
      files: { ...files, "usr/sbin/insmod": { program: "insmod" } },
      programs,
      cmdline: "ftrace.switch=1",
    });
    expect(seen).toEqual({
      status: 1,
      said: `insmod: ERROR: could not insert module ${row.path ?? DEFAULT}: ${row.text}\n`,
      errno: row.errno,
      logs: row.callOnly ? [row.log] : [row.log, row.log],
      left: [],
      loaded: false,
      tainted: row.tainted,
    });
  });
});
