/**
 * The files of a machine's disk that come from the build: kernel sources,
 * System.map, configuration, modules, and the overlay src/rootfs/.
 * Packed into one description and one blob, so that a page fetches two files.
 */
import type { KernelImage } from "./image.ts";
import { bareName } from "./names.ts";

export interface PackedFile {
  path: string;
  /** In the blob, in bytes. */
  offset: number;
  size: number;
}

export interface PackedRootfs {
  release: string;
  /** Names the kernel build, as image.build does. */
  build: string;
  /** Addresses of the kernel data that the host starts from when it looks at a machine. */
  roots: { klpPatches: number; vmlinuxTable: number };
  /** Names of the user programs. */
  programs: string[];
  /** Keys of the patches that were built with the kernel. */
  prebuilt: string[];
  files: PackedFile[];
}

export const SOURCE_TREE = "usr/src/linux";

/** What the scripts of Linux's livepatch selftests want beside them: a program, and modules in test_modules/. */
export const SELFTESTS = "usr/lib/selftests/livepatch";

/** Linux's text range; see kernel-as/kernel/kallsyms.ts. */
const TEXT_BASE = 0xffffffff81000000n;

/** As `nm vmlinux` sorts it: by address. Notrace functions have no address here. */
export function systemMap(image: KernelImage): string {
  const functions = image.functions
    .filter(({ body }) => body !== 0)
    .map(({ name, body }) => ({ at: TEXT_BASE + 16n * BigInt(body), type: "T", name }));
  const data = image.data.map(({ name, address }) => ({ at: BigInt(address), type: "d", name }));
  return [...data, ...functions]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, type, name }) => `${at.toString(16).padStart(16, "0")} ${type} ${bareName(name)}\n`)
    .join("");
}

const addressOf = (image: KernelImage, name: string) => image.data.find((d) => d.name === name)?.address ?? 0;

/** Where the host starts from when it looks at a machine of this kernel. */
export const rootsOf = (image: KernelImage): PackedRootfs["roots"] => ({
  klpPatches: addressOf(image, "kernel/livepatch/list/klp_patches"),
  vmlinuxTable: addressOf(image, "kernel/kallsyms/vmlinux_table"),
});

/** Puts files one behind the other. */
export function pack(
  image: KernelImage,
  files: Map<string, Uint8Array>,
  prebuilt: string[],
  programs: string[],
): { packed: PackedRootfs; contents: Uint8Array } {
  const entries: PackedFile[] = [];
  let offset = 0;
  for (const [path, { length }] of files) {
    entries.push({ path, offset, size: length });
    offset += length;
  }
  const contents = new Uint8Array(offset);
  [...files.values()].forEach((bytes, i) => contents.set(bytes, entries[i].offset));
  const roots = rootsOf(image);
  return {
    packed: { release: image.release, build: image.build, roots, programs, prebuilt, files: entries },
    contents,
  };
}
