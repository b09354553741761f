// snippets.test.ts - the shell and the utilities against recordings of GNU bash.
//
// UPDATE=1 records anew from the real bash; where bash exists, the recordings
// themselves are checked.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Result, runSnippets } from "./guest.ts";

const DIR = join(import.meta.dirname, "snippets");
const SHELL = "/bin/bash";
/** Programs that a minimal Debian lacks: recorded once, not compared with the host again. */
const MAY_BE_MISSING = /\b(xxd|bc|hexdump|column|strings|rev|patch|dd|cal|file)\b/;

/** What these say changes with the version of coreutils and diffutils: recorded once, of Debian 12. */
const OF_ONE_VERSION = new Set(["tools3.sh"]);

interface Snippet {
  name: string;
  text: string;
}

function snippets(file: string): Snippet[] {
  return readFileSync(join(DIR, file), "utf8")
    .split(/^#### /m)
    .slice(1)
    .map((part) => {
      const at = part.indexOf("\n");
      return { name: part.slice(0, at), text: part.slice(at + 1) };
    });
}

/** What the real bash does, in an empty directory, its output in files as ours. */
function real(text: string): Result {
  const base = mkdtempSync(join(tmpdir(), "snippet-"));
  const cwd = join(base, "d");
  mkdirSync(cwd);
  const [out, err] = [join(base, "out"), join(base, "err")];
  const fds = [openSync("/dev/null", "r"), openSync(out, "w"), openSync(err, "w")] as const;
  const env = { PATH: "/usr/bin:/bin", HOME: "/root", LC_ALL: "C.UTF-8", TZ: "UTC" };
  const r = spawnSync(SHELL, ["-c", text], { cwd, env, argv0: "bash", stdio: [...fds] });
  for (const fd of fds) closeSync(fd);
  const result = {
    stdout: readFileSync(out, "utf8"),
    stderr: readFileSync(err, "utf8"),
    status: r.status ?? 128,
  };
  rmSync(base, { recursive: true, force: true });
  return result;
}

function record(list: Snippet[], file: string): void {
  const out: Record<string, Result> = {};
  for (const s of list) out[s.name] = real(s.text);
  writeFileSync(join(DIR, file), `${JSON.stringify(out, null, 1)}\n`);
}

for (const file of readdirSync(DIR).filter((f) => f.endsWith(".sh"))) {
  const list = snippets(file);
  const recorded = file.replace(".sh", ".json");
  if (process.env["UPDATE"]) record(list, recorded);
  const expected = JSON.parse(readFileSync(join(DIR, recorded), "utf8")) as Record<string, Result>;

  test(`${file}: as bash does`, async () => {
    const results = await runSnippets(list.map((s) => s.text));
    const got = Object.fromEntries(list.map((s, i) => [s.name, results[i]]));
    expect(got).toEqual(Object.fromEntries(list.map((s) => [s.name, expected[s.name]])));
  });

  if (OF_ONE_VERSION.has(file)) continue;
  test.skipIf(!existsSync(SHELL))(
    `${file}: the recording is what bash does here`,
    () => {
      for (const s of list.filter((x) => !MAY_BE_MISSING.test(x.text))) {
        expect({ name: s.name, ...real(s.text) }).toEqual({ name: s.name, ...expected[s.name] });
      }
    },
    120_000,
  );
}
