// selftestFolder.ts - a mounted folder of Linux's livepatch selftests, as `make` would have left it.
//
// The scripts insert test_modules/*.ko and run ./test_klp-call_getpid from
// their own directory. What `make` would compile there from C is in this
// machine already; the folder gets links to it. Nothing else of it changes.
import type { BootArchive } from "../machine/bootArchive.ts";
import { SELFTESTS, type PackedRootfs } from "../kbuild/rootfs.ts";

const MODULES = "test_modules";
const PROGRAM = "test_klp-call_getpid";

/** Whether a folder with these entries is tools/testing/selftests/livepatch, or a copy of its scripts. */
export const isSelftestFolder = (names: string[]): boolean =>
  names.includes("functions.sh") && names.some((name) => /^test-[\w-]+\.sh$/.test(name));

/** Links into the folder at `prefix` of the archive, which has `present` in it, what was built for it. */
export function linkBuiltSelftests(
  archive: BootArchive,
  prefix: string,
  present: Set<string>,
  { files }: PackedRootfs,
): void {
  const link = (path: string): void => {
    if (!present.has(path)) archive.link(`${prefix}${path}`, `/${SELFTESTS}/${path}`);
  };
  if (!present.has(MODULES)) archive.directory(`${prefix}${MODULES}`);
  link(PROGRAM);
  for (const { path } of files) {
    if (path.startsWith(`${SELFTESTS}/${MODULES}/`)) link(path.slice(SELFTESTS.length + 1));
  }
}
