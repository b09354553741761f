// install.mjs - node_modules as package-lock.json says, installed only when it differs.
//
// No dependencies of its own: this is what a fresh clone runs first.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where preparations report: what a command prints is its own. */
export const STDERR = 2;

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a command in the checkout and waits; its output is ours. Returns the exit status. */
export function run(command, args, env = {}, stdout = "inherit") {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ["inherit", stdout, "inherit"],
    env: { ...process.env, ...env },
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Like `run`, and ends this program when the command fails. */
export function mustRun(command, args, env = {}, stdout = "inherit") {
  const status = run(command, args, env, stdout);
  if (status !== 0) {
    console.error(`${command} ${args.join(" ")}: exit status ${status}`);
    process.exit(status);
  }
}

/** What npm has installed, by its own record, or null. */
function installed() {
  const record = `${root}node_modules/.package-lock.json`;
  return existsSync(record) ? JSON.parse(readFileSync(record, "utf8")).packages : null;
}

function isStale() {
  const have = installed();
  if (!have) return true;
  const want = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  return Object.entries(want).some(([path, entry]) => {
    if (path === "" || (entry.optional && !have[path])) return false;
    return have[path]?.version !== entry.version;
  });
}

export function ensureInstalled() {
  if (!isStale()) return;
  console.error("Installing dependencies (npm ci)...");
  mustRun("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], {}, STDERR);
}
