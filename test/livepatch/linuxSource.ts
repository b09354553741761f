/**
 * Linux's own selftests: scripts under the GPL, so they are never in this
 * repository. They come from Debian's package linux-source-X.Y when that is
 * installed, and from the folders named in PATCHBAY_SELFTESTS.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PACKAGES = "/usr/src";
const SELFTESTS = "tools/testing/selftests";
const WANTED = ["livepatch", "kselftest", "run_kselftest.sh"];

/** Folders like Linux's tools/testing/selftests. */
export function linuxSelftests(): string[] {
  const given = process.env.PATCHBAY_SELFTESTS?.split(":").filter(Boolean) ?? [];
  const packages = existsSync(PACKAGES)
    ? readdirSync(PACKAGES).filter((name) => /^linux-source-[\d.]+\.tar\.xz$/.test(name))
    : [];
  return [...given, ...packages.map((name) => unpacked(join(PACKAGES, name), name.replace(".tar.xz", "")))];
}

/** Unpacking takes half a minute, so it is done once for a version of the package. */
function unpacked(archive: string, root: string): string {
  const { size, mtimeMs } = statSync(archive);
  const cache = join(tmpdir(), "patchbay-linux-selftests", `${root}-${size}-${Math.trunc(mtimeMs)}`);
  if (existsSync(cache)) return cache;
  mkdirSync(join(cache, ".."), { recursive: true });
  const fresh = mkdtempSync(`${cache}.`);
  const paths = WANTED.map((path) => `${root}/${SELFTESTS}/${path}`);
  const { status, stderr } = spawnSync("tar", [
    "-xf",
    archive,
    "-C",
    fresh,
    "--strip-components=4",
    ...paths,
  ]);
  if (status !== 0) throw new Error(`cannot unpack ${archive}: ${String(stderr)}`);
  renameSync(fresh, cache);
  return cache;
}
