// run.ts - runs a corpus of shell scripts against our shell and compares.
//
//   node src/setup/run.mjs test/shell/corpus/run.ts oils DIR [PATTERN]
//   node src/setup/run.mjs test/shell/corpus/run.ts scripts DIR [PATTERN]
//
// `oils` takes the expected results from the corpus, `scripts` from the
// system's bash. PATTERN selects by "file: name". CORPUS_REAL=1 compares Oils'
// cases with the system's bash too. Differences go to build/corpus/.
import { fork, type ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Result } from "../guest.ts";
import { type Case, oilsCases, scriptCases } from "./cases.ts";
import { ourBash } from "./ours.ts";
import { realBash } from "./real.ts";

const HANG_MS = 20_000;

/** In the child: runs the case it is sent, answers with its result. */
function serve(): void {
  process.on("message", (c: Case) => {
    void ourBash(c)
      .catch((e: unknown) => ({ stdout: "", stderr: `MACHINE: ${String(e)}`, status: -1 }))
      .then((r) => process.send!(r));
  });
}

/** A child that runs cases; one that hangs is replaced. */
class Runner {
  private child: ChildProcess | null = null;

  run(c: Case): Promise<Result> {
    const child = (this.child ??= fork(fileURLToPath(import.meta.url), ["--serve"]));
    return new Promise((resolve) => {
      const end = (r: Result): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(r);
      };
      const gone = (why: string): void => {
        this.stop();
        end({ stdout: "", stderr: why, status: -1 });
      };
      const timer = setTimeout(() => gone("HANG"), HANG_MS);
      child.once("message", (r) => end(r as Result));
      child.once("exit", () => gone("CRASH"));
      child.send(c);
    });
  }

  stop(): void {
    this.child?.kill("SIGKILL");
    this.child = null;
  }
}

function cases(kind: string, dir: string, pattern: RegExp): Case[] {
  const all =
    kind === "oils"
      ? (statSync(dir).isFile()
          ? [dir]
          : readdirSync(dir)
              .filter((n) => n.endsWith(".test.sh"))
              .map((n) => join(dir, n))
        ).flatMap(oilsCases)
      : scriptCases(dir, [".tests", ".test", ".sub"]);
  return all.filter((c) => pattern.test(`${c.file}: ${c.name}`) && !c.notInBash);
}

function differences(c: Case, got: Result): string[] {
  const want = c.expected && !process.env["CORPUS_REAL"] ? c.expected : realBash(c);
  const out: string[] = [];
  for (const key of ["stdout", "stderr", "status"] as const) {
    if (want[key] === undefined || want[key] === got[key]) continue;
    if (key === "stderr" && !c.expected)
      out.push(`(stderr) want ${JSON.stringify(want[key])}\n         got  ${JSON.stringify(got[key])}`);
    else if (key === "stderr" && process.env["CORPUS_REAL"]) continue;
    else
      out.push(
        `${key} want ${JSON.stringify(want[key])}\n${" ".repeat(key.length)} got  ${JSON.stringify(got[key])}`,
      );
  }
  return out;
}

async function main([kind = "", dir = "", pattern = ""]: string[]): Promise<void> {
  const runner = new Runner();
  const perFile = new Map<string, [number, number]>();
  let report = "";
  for (const c of cases(kind, dir, new RegExp(pattern))) {
    const got = await runner.run(c);
    const diffs = differences(c, got);
    const real = diffs.filter((d) => !d.startsWith("(")).length > 0;
    const count = perFile.get(c.file) ?? [0, 0];
    perFile.set(c.file, [count[0] + (real ? 0 : 1), count[1] + 1]);
    if (diffs.length > 0)
      report += `==== ${real ? "FAIL" : "text"} ${c.file}: ${c.name}\n${diffs.join("\n")}\n${real && got.stderr ? `ours on stderr: ${got.stderr.slice(0, 600)}\n` : ""}`;
  }
  runner.stop();
  let [pass, total] = [0, 0];
  for (const [file, [p, n]] of perFile) {
    console.log(`${String(p).padStart(4)}/${String(n).padEnd(4)} ${file}`);
    pass += p;
    total += n;
  }
  console.log(`${pass}/${total} ${((100 * pass) / total).toFixed(1)} %`);
  mkdirSync("build/corpus", { recursive: true });
  writeFileSync("build/corpus/report.txt", report);
}

if (process.argv.includes("--serve")) serve();
else await main(process.argv.slice(2));
