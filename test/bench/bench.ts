/**
 * npm run bench [-- NAME...]: measures and prints; never a test. Writes
 * build/bench.json, from which docs/BENCHMARKS.md is made (--docs).
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { BENCH_DIR, chromiumEngine, nodeEngine, type Engine } from "./engines.ts";
import { markdown, text, type Report, type ReportRow } from "./report.ts";
import type { Row } from "./row.ts";
import { bootRows } from "./rows/boot.ts";
import { buildRows } from "./rows/build.ts";
import { machineRows } from "./rows/machine.ts";
import { pageRows } from "./rows/page.ts";
import { patchedRows } from "./rows/patched.ts";
import { shellRows } from "./rows/shell.ts";
import { slotRows } from "./rows/slots.ts";
import { transitionRows } from "./rows/transition.ts";
import { distribution } from "./stats.ts";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

const ROWS: Row[] = [
  ...slotRows,
  ...patchedRows,
  ...bootRows,
  ...pageRows,
  ...machineRows,
  ...transitionRows,
  ...shellRows,
  ...buildRows,
];

/** Rows whose name is NAME or starts with it. */
function chosen(names: string[]): Row[] {
  if (names.length === 0) return ROWS;
  for (const name of names) {
    if (ROWS.some((row) => row.name.startsWith(name))) continue;
    throw new Error(`no row ${name}; rows are: ${ROWS.map((row) => row.name).join(" ")}`);
  }
  return ROWS.filter((row) => names.some((name) => row.name.startsWith(name)));
}

async function measure(row: Row, engine: Engine): Promise<ReportRow> {
  const { unit, series, figures } = await row.run(engine, __ROOT__);
  const distributions = Object.entries(series).map(([name, samples]) => ({ name, ...distribution(samples) }));
  return { row: row.name, title: row.title, engine: engine.name, unit, distributions, figures };
}

async function main(args: string[]): Promise<void> {
  const rows = chosen(args.filter((arg) => !arg.startsWith("--")));
  mkdirSync(join(__ROOT__, BENCH_DIR), { recursive: true });
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim() ?? "?"}, ${cpus().length} cores`,
    engines: {},
    rows: [],
  };
  for (const start of [() => Promise.resolve(nodeEngine(__ROOT__)), () => chromiumEngine(__ROOT__)]) {
    await runRows(rows, start, report);
  }
  writeFileSync(join(__ROOT__, "build/bench.json"), `${JSON.stringify(report, null, 2)}\n`);
  if (args.includes("--docs")) writeFileSync(join(__ROOT__, "docs/BENCHMARKS.md"), markdown(report));
}

async function runRows(rows: Row[], start: () => Promise<Engine>, report: Report): Promise<void> {
  const engine = await start();
  report.engines[engine.name] = engine.version;
  try {
    for (const row of rows.filter((r) => r.engines.includes(engine.name))) {
      const measured = await measure(row, engine);
      report.rows.push(measured);
      process.stdout.write(`${text(measured)}\n`);
    }
  } finally {
    await engine.close();
  }
}

await main(process.argv.slice(2));
