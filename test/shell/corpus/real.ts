// real.ts - what the system's own bash does with a case. Results are kept, since they do not change.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import type { Result } from "../guest.ts";
import type { Case } from "./cases.ts";
import { CASE_DIR, environment } from "./place.ts";

const BASE = "/tmp/patchbay-corpus";
const HELPERS: Record<string, string> = {
  "argv.py": `#!/usr/bin/perl
sub r { my $s = shift; my $q = ($s =~ /'/ && $s !~ /"/) ? '"' : "'"; $s =~ s/\\\\/\\\\\\\\/g; $s =~ s/$q/\\\\$q/g;
$s =~ s/\\n/\\\\n/g; $s =~ s/\\t/\\\\t/g; $s =~ s/\\r/\\\\r/g; $s =~ s/([\\x00-\\x1f\\x7f])/sprintf "\\\\x%02x", ord $1/ge; "$q$s$q" }
print "[", join(", ", map { r($_) } @ARGV), "]\\n";`,
  "printenv.py": `#!/usr/bin/perl\nprint map { (defined $ENV{$_} ? $ENV{$_} : "None") . "\\n" } @ARGV;`,
  "stdout_stderr.py": `#!/bin/sh\necho "\${1-STDOUT}"; echo "\${2-STDERR}" >&2; exit "\${3-0}"`,
  "read_from_fd.py": `#!/bin/bash\nfor fd; do printf '%s: ' "$fd"; cat <&"$fd" || echo ERROR; done 2>/dev/null`,
  recho: `#!/usr/bin/perl\nmy $i = 0; for (@ARGV) { s/([\\x00-\\x1f])/"^" . chr(64 + ord $1)/ge; s/\\x7f/^?/g; $i++; print "argv[$i] = <$_>\\n" }`,
  zecho: `#!/usr/bin/perl\nprint join(" ", @ARGV), "\\n";`,
};

function helpers(): string {
  const dir = join(BASE, "bin");
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries(HELPERS))
    writeFileSync(join(dir, name), text + "\n", { mode: 0o755 });
  writeFileSync(join(dir, "argv.sh"), HELPERS["argv.py"]!, { mode: 0o755 });
  return dir;
}

export function realBash(c: Case): Result {
  const key = createHash("sha256")
    .update(JSON.stringify([c.text, c.files, c.stdin, c.name, 2]))
    .digest("hex");
  const kept = join(BASE, "kept", `${key}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as Result;
  const result = run(c);
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify(result));
  return result;
}

function run(c: Case): Result {
  const bin = helpers();
  rmSync(CASE_DIR, { recursive: true, force: true });
  mkdirSync(`${CASE_DIR}/_tmp`, { recursive: true });
  for (const [name, text] of Object.entries(c.files))
    writeFileSync(join(CASE_DIR, name), text, { encoding: "latin1", mode: 0o755 });
  const [stdin, out, err] = ["in", "out", "err"].map((n) => join(BASE, n)) as [string, string, string];
  writeFileSync(stdin, c.stdin ? c.text : "");
  const fds = [openSync(stdin, "r"), openSync(out, "w"), openSync(err, "w")];
  const env = { ...Object.fromEntries(environment()), PATH: `${bin}:/usr/bin:/bin` };
  const argv = c.stdin ? [] : [`./${c.name}`];
  const r = spawnSync("timeout", ["-s", "KILL", "20", "bash", ...argv], { cwd: CASE_DIR, env, stdio: fds });
  for (const fd of fds) closeSync(fd);
  const status = r.status ?? 128 + constants.signals[r.signal!];
  return { stdout: readFileSync(out, "utf8"), stderr: readFileSync(err, "utf8"), status };
}
