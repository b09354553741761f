// kernel.mjs - builds the kernel when it is missing or older than its sources.
import { existsSync, readdirSync, statSync } from "node:fs";
import { mustRun, root, STDERR } from "./install.mjs";

/** What the last step of the build writes. */
const STAMP = "build/rootfs.json";
const SOURCES = ["kernel-as", "src/kbuild", "src/rootfs", "package-lock.json"];

function newest(path) {
  const stat = statSync(`${root}${path}`);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(`${root}${path}`).reduce(
    (latest, name) => Math.max(latest, newest(`${path}/${name}`)),
    0,
  );
}

function isStale() {
  const stamp = `${root}${STAMP}`;
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  return SOURCES.some((path) => newest(path) > built);
}

export function ensureKernel() {
  if (isStale()) mustRun("npm", ["run", "--silent", "build:kernel"], {}, STDERR);
}
