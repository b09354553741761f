// place.ts - where a case runs: the same directory and environment in the machine and outside.

export const CASE_DIR = "/tmp/case";

export function environment(): Map<string, string> {
  return new Map([
    ["HOME", "/root"],
    ["PATH", "/usr/bin:/bin"],
    ["LC_ALL", "C.UTF-8"],
    ["TZ", "UTC"],
    ["SH", "bash"],
    ["THIS_SH", "/bin/bash"],
    ["TMP", CASE_DIR],
    ["TMPDIR", "/tmp"],
    ["REPO_ROOT", CASE_DIR],
  ]);
}
