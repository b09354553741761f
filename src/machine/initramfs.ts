// initramfs.ts - the boot archive: every file a machine starts with.
//
// An archive is a list of blobs; blob 0 is the manifest, a line per file:
// TYPE MODE SIZE BLOB PATH[ -> TARGET], read by kernel-as/init/initramfs.ts.
// Pure: what lies where is decided here, where the bytes come from is not.
import { type KernelImage } from "../kbuild/image.ts";

export type Entry =
  | { type: "f"; path: string; mode: number; data: Uint8Array }
  | { type: "d"; path: string; mode: number }
  | { type: "l"; path: string; target: string }
  /** A user program of the host's registry. */
  | { type: "x"; path: string; program: string };

export interface RootInput {
  image: KernelImage;
  vmlinux: Uint8Array;
  /** Kernel sources by path in the tree. */
  sources: ReadonlyMap<string, Uint8Array>;
  /** Names in the registry of user programs. */
  programs: Iterable<string>;
  /** src/user/rootfs: files by path from the root. */
  rootfs: ReadonlyMap<string, Uint8Array>;
  /** Built modules by file name without `.ko`. */
  modules: ReadonlyMap<string, Uint8Array>;
}

const encoder = new TextEncoder();
const TREE = "usr/src/linux";
/** Named by release in the machine. */
const CONFIG = "boot/config";

/** Administrators' programs; all others are in /usr/bin. */
const SBIN = new Set(
  "init insmod rmmod lsmod modinfo modprobe kpatch sysctl reboot halt poweroff shutdown kexec mount umount".split(
    " ",
  ),
);

/** Where the file system hierarchy of today points. */
const LINKS: Array<[path: string, target: string]> = [
  ["bin", "usr/bin"],
  ["sbin", "usr/sbin"],
  ["lib", "usr/lib"],
  ["var/run", "/run"],
  ["etc/mtab", "/proc/self/mounts"],
];

const DIRS = "dev mnt opt proc run srv sys tmp root usr/local/bin usr/local/sbin var/lib var/log".split(" ");

/** Everything below / in an order in which each folder comes before its files. */
export function rootEntries(input: RootInput): Entry[] {
  const { release } = input.image;
  return [
    ...DIRS.map((path): Entry => ({
      type: "d",
      path,
      mode: path === "tmp" ? 0o1777 : path === "root" ? 0o700 : 0o755,
    })),
    ...LINKS.map(([path, target]): Entry => ({ type: "l", path, target })),
    ...bootFiles(input),
    ...[...input.sources].map(([path, data]) => file(`${TREE}/${path}`, data)),
    ...treeLinks(release),
    ...[...input.programs].map(program),
    ...[...input.rootfs].filter(([path]) => path !== CONFIG).map(([path, data]) => file(path, data)),
    ...[...input.modules].map(([path, data]) => file(modulePath(path, release), data)),
  ];
}

const file = (path: string, data: Uint8Array): Entry => ({ type: "f", path, mode: 0o644, data });

const program = (name: string): Entry => {
  return { type: "x", path: `usr/${SBIN.has(name) ? "sbin" : "bin"}/${name}`, program: name };
};

function bootFiles({ image, vmlinux, rootfs }: RootInput): Entry[] {
  const config = rootfs.get(CONFIG);
  return [
    file(`boot/vmlinux-${image.release}`, vmlinux),
    file(`boot/System.map-${image.release}`, encoder.encode(systemMap(image))),
    ...(config ? [file(`boot/config-${image.release}`, config)] : []),
  ];
}

function treeLinks(release: string): Entry[] {
  const modules = `usr/lib/modules/${release}`;
  const links: Array<[string, string]> = [
    [`${TREE}/vmlinux`, `/boot/vmlinux-${release}`],
    [`${TREE}/.config`, `/boot/config-${release}`],
    [`${TREE}/scripts/livepatch/klp-build`, "/usr/bin/klp-build"],
    [`${modules}/build`, "/usr/src/linux"],
    [`${modules}/source`, "/usr/src/linux"],
  ];
  return links.map(([path, target]) => ({ type: "l", path, target }));
}

/** As Linux installs them: the selftests' modules beside the selftests, samples and others by release. */
function modulePath(name: string, release: string): string {
  if (name.startsWith("test_klp_")) return `usr/lib/selftests/livepatch/test_modules/${name}.ko`;
  const folder = name.startsWith("livepatch-") ? "kernel/samples/livepatch" : "extra";
  return `usr/lib/modules/${release}/${folder}/${name}.ko`;
}

/** `ADDRESS TYPE NAME`, by address: what nm says of vmlinux. Functions have their id for an address. */
export function systemMap(image: KernelImage): string {
  const symbols = [
    ...image.functions
      .filter(({ body }) => body > 0)
      .map(({ name, body }) => ({ value: body, type: "T", name })),
    ...image.data
      .filter(({ name }) => !name.includes(":"))
      .map(({ name, address }) => ({ value: address, type: "D", name })),
  ];
  return symbols
    .sort((a, b) => a.value - b.value)
    .map(({ value, type, name }) => `${value.toString(16).padStart(16, "0")} ${type} ${bare(name)}\n`)
    .join("");
}

const bare = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The blobs of an archive; `firstBlob` is the number of the first file's. */
export function packArchive(entries: Entry[], firstBlob = 1): { manifest: Uint8Array; blobs: Uint8Array[] } {
  const blobs: Uint8Array[] = [];
  const lines = entries.map((entry) => {
    if (entry.type === "d") return `d ${entry.mode.toString(8)} 0 0 ${entry.path}\n`;
    if (entry.type === "l") return `l 777 0 0 ${entry.path} -> ${entry.target}\n`;
    if (entry.type === "x") return `x 755 0 0 ${entry.path} -> ${entry.program}\n`;
    blobs.push(entry.data);
    const number = firstBlob + blobs.length - 1;
    return `f ${entry.mode.toString(8)} ${entry.data.length} ${number} ${entry.path}\n`;
  });
  return { manifest: encoder.encode(lines.join("")), blobs };
}

/** The archive as the machine reads it: blob 0 is the manifest. */
export function packInitramfs(entries: Entry[]): Uint8Array[] {
  const { manifest, blobs } = packArchive(entries);
  return [manifest, ...blobs];
}

/** All blobs in one piece, for a file: number, lengths, bytes; little-endian words. */
export function joinBlobs(blobs: Uint8Array[]): Uint8Array {
  const head = 4 * (1 + blobs.length);
  const joined = new Uint8Array(blobs.reduce((size, blob) => size + blob.length, head));
  const view = new DataView(joined.buffer);
  view.setUint32(0, blobs.length, true);
  let at = head;
  blobs.forEach((blob, i) => {
    view.setUint32(4 * (i + 1), blob.length, true);
    joined.set(blob, at);
    at += blob.length;
  });
  return joined;
}

export function splitBlobs(joined: Uint8Array): Uint8Array[] {
  const view = new DataView(joined.buffer, joined.byteOffset, joined.byteLength);
  const count = view.getUint32(0, true);
  let at = 4 * (1 + count);
  return Array.from({ length: count }, (_, i) => {
    const length = view.getUint32(4 * (i + 1), true);
    at += length;
    return joined.subarray(at - length, at);
  });
}
