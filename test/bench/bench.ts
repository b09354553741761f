/**
 * npm run bench [-- NAME...]: measures and prints; never a test. Writes
 * build/bench.json, from which docs/BENCHMARKS.md is made (--docs).
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
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
import { tracingRows } from "./rows/tracing.ts";
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
  ...tracingRows,
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
  return {
    row: row.name,
    title: row.title,
    engine: engine.name,
    unit,
    distributions,
    figures,
    load: loadavg()[0]!,
  };
}

async function main(args: string[]): Promise<void> {
  const rows = chosen(args.filter((arg) => !arg.startsWith("--")));
  mkdirSync(join(__ROOT__, BENCH_DIR), { recursive: true });
  const report = earlier();
  for (const start of [() => Promise.resolve(nodeEngine(__ROOT__)), () => chromiumEngine(__ROOT__)]) {
    await runRows(rows, start, report);
  }
  if (args.includes("--docs")) writeFileSync(join(__ROOT__, "docs/BENCHMARKS.md"), markdown(report));
}

const JSON_FILE = join(__ROOT__, "build/bench.json");

/** What was measured before: a run of some rows keeps the others. */
function earlier(): Report {
  const rows = existsSync(JSON_FILE) ? (JSON.parse(readFileSync(JSON_FILE, "utf8")) as Report).rows : [];
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim() ?? "?"}, ${cpus().length} cores`,
    engines: {},
    rows: rows.filter(({ row }) => ROWS.some(({ name }) => name === row)),
  };
}

/** Adds a row, in the place of the list, and writes everything. */
function keep(report: Report, measured: ReportRow): void {
  const place = (r: ReportRow) =>
    2 * ROWS.findIndex((row) => row.name === r.row) + (r.engine === "node" ? 0 : 1);
  const others = report.rows.filter((r) => place(r) !== place(measured));
  report.rows = [...others, measured].sort((a, b) => place(a) - place(b));
  writeFileSync(JSON_FILE, `${JSON.stringify(report, null, 2)}\n`);
}

async function runRows(rows: Row[], start: () => Promise<Engine>, report: Report): Promise<void> {
  const engine = await start();
  report.engines[engine.name] = engine.version;
  try {
    for (const row of rows.filter((r) => r.engines.includes(engine.name))) {
      const measured = await measure(row, engine);
      keep(report, measured);
      process.stdout.write(`${text(measured)}\n`);
    }
  } finally {
    await engine.close();
  }
}

await main(process.argv.slice(2));
