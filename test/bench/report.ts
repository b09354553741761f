import type { Figure } from "./row.ts";
import type { Distribution } from "./stats.ts";

export interface ReportRow {
  row: string;
  title: string;
  engine: string;
  unit: string;
  distributions: (Distribution & { name: string })[];
  figures: Figure[];
  /** Load average of the machine when the row ended. */
  load: number;
}

export interface Report {
  date: string;
  machine: string;
  /** Versions of the engines that ran. */
  engines: Record<string, string>;
  rows: ReportRow[];
}

const COLUMNS = ["min", "p10", "median", "p90", "max"] as const;

/** Three digits that count. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  if (value === 0) return "0";
  return value.toPrecision(3).replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros));
}

function figureText({ label, value, unit, goal, atLeast }: Figure): string {
  const got = `${label}: ${digits(value)} ${unit}`;
  if (goal === undefined) return got;
  const met = atLeast ? value >= goal : value <= goal;
  return `${got} (goal ${atLeast ? ">=" : "<="} ${digits(goal)}: ${met ? "met" : "MISSED"})`;
}

function cells(row: ReportRow): string[][] {
  const head = [row.unit, ...COLUMNS, "n"];
  const body = row.distributions.map((d) => [d.name, ...COLUMNS.map((c) => digits(d[c])), String(d.n)]);
  return [head, ...body];
}

/** One row for a terminal. */
export function text(row: ReportRow): string {
  const table = row.distributions.length > 0 ? cells(row) : [];
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((line) => line[i]!.length)));
  const line = (c: string[]) =>
    c.map((s, i) => (i === 0 ? s.padEnd(widths[i]!) : s.padStart(widths[i]!))).join("  ");
  const head = `${row.row} (${row.engine}, load ${digits(row.load)}): ${row.title}`;
  return [
    head,
    ...table.map((c) => `  ${line(c)}`),
    ...row.figures.map((f) => `  ${figureText(f)}`),
    "",
  ].join("\n");
}

/** All rows as docs/BENCHMARKS.md. */
export function markdown(report: Report): string {
  const engines = Object.entries(report.engines).map(([name, version]) => `${name} ${version}`);
  const out = [
    "# Benchmarks",
    "",
    `Written by \`npm run bench -- --docs\` from \`build/bench.json\`: ${report.date}, ${report.machine}, ${engines.join(", ")}.`,
    "Runs are interleaved; a ratio is the median of the quotients of neighbouring runs. Times are of a shared machine: look at ratios first.",
  ];
  for (const row of report.rows) out.push("", ...markdownRow(row));
  return `${out.join("\n")}\n`;
}

function markdownRow(row: ReportRow): string[] {
  const out = [
    `## ${row.title} (${row.engine})`,
    "",
    `Row \`${row.row}\`, load average ${digits(row.load)}.`,
    "",
  ];
  if (row.distributions.length > 0) {
    const [head, ...body] = cells(row);
    out.push(`| ${head!.join(" | ")} |`, `| ${head!.map((_, i) => (i === 0 ? "---" : "--:")).join(" | ")} |`);
    out.push(...body.map((c) => `| ${c.join(" | ")} |`), "");
  }
  out.push(...row.figures.map((f) => `- ${figureText(f)}`));
  return out;
}
