/**
 * The root file system a machine boots with: what was packed when the kernel
 * was built (src/kbuild/packRootfs.ts), the kernel image, and the programs.
 * The same in a page and on the command line.
 */
import { SELFTESTS, type PackedRootfs } from "../kbuild/rootfs.ts";
import { BootArchive } from "./bootArchive.ts";

const DIRECTORIES = [
  "dev",
  "home",
  "mnt",
  "opt",
  "proc",
  "run",
  "sys",
  "usr/local/bin",
  "var/log",
  "var/lib",
];

/** As a merged-/usr distribution has them. */
const LINKS = [
  ["bin", "usr/bin"],
  ["sbin", "usr/sbin"],
  ["lib", "usr/lib"],
];

/** What belongs to the administrator goes to /usr/sbin, as in Debian. */
const SBIN = new Set([
  "init",
  "insmod",
  "rmmod",
  "lsmod",
  "modprobe",
  "modinfo",
  "sysctl",
  "kpatch",
  "reboot",
  "halt",
  "poweroff",
  "shutdown",
  "kexec",
]);

/** From a kernel's modules to its source, and from its source to what was built. */
function linksOf(release: string): string[][] {
  return [
    [`usr/lib/modules/${release}/build`, "/usr/src/linux"],
    [`usr/lib/modules/${release}/source`, "/usr/src/linux"],
    ["usr/src/linux/vmlinux", `/boot/vmlinux-${release}`],
    ["usr/src/linux/.config", `/boot/config-${release}`],
    ["usr/src/linux/scripts/livepatch/klp-build", "/usr/bin/klp-build"],
  ];
}

export interface RootfsParts {
  packed: PackedRootfs;
  /** Contents of the packed files, one behind the other. */
  contents: Uint8Array;
  /** The kernel image, as /boot shows it. */
  vmlinux: Uint8Array;
  /** Names in the registry of programs. */
  programs: Iterable<string>;
}

function directoryOf(program: string): string {
  if (program.startsWith("test_klp-")) return SELFTESTS;
  if (program === "systemd") return "usr/lib/systemd";
  return SBIN.has(program) ? "usr/sbin" : "usr/bin";
}

/** The root file system, open for more (a test's files, a mounted folder). */
export function rootfs({ packed, contents, vmlinux, programs }: RootfsParts): BootArchive {
  const archive = new BootArchive();
  for (const path of DIRECTORIES) archive.directory(path);
  archive.directory("root", 0o700);
  archive.directory("tmp", 0o1777);
  for (const name of programs) {
    archive.program(`${directoryOf(name)}/${name}`, name);
  }
  for (const { path, offset, size } of packed.files) {
    archive.file(path, contents.subarray(offset, offset + size));
  }
  archive.file(`boot/vmlinux-${packed.release}`, vmlinux);
  for (const [path, target] of [...LINKS, ...linksOf(packed.release)]) archive.link(path, target);
  return archive;
}
