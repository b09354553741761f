// unitList.ts - `systemctl list-units` and `list-unit-files`.
import type { SysCalls } from "../sys.ts";
import { stateOf } from "./service.ts";
import { PRESET } from "./status.ts";
import { allUnits, fileState, type Unit } from "./unit.ts";

const LEGEND = `
Legend: LOAD   → Reflects whether the unit definition was properly loaded.
        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.
        SUB    → The low-level unit activation state, values depend on unit type.
`;

export interface ListOptions {
  all: boolean;
  /** Only these active or sub states; all when empty. */
  states: string[];
  legend: boolean;
  names: string[];
}

/** Columns as wide as their widest word; the last one ends where its text does. */
function columns(rows: string[][]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i]) : cell)).join(" "),
  );
}

async function chosen(sys: SysCalls, { names }: ListOptions): Promise<Unit[]> {
  const units = await allUnits(sys);
  return names.length === 0 ? units : units.filter(({ name }) => names.some((glob) => matches(glob, name)));
}

function matches(glob: string, name: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${pattern}(\\.service)?$`).test(name);
}

export async function listUnits(sys: SysCalls, options: ListOptions): Promise<string> {
  const rows: string[][] = [];
  const marks: string[] = [];
  for (const unit of await chosen(sys, options)) {
    const { active, sub } = await stateOf(sys, unit);
    const wanted =
      options.states.length > 0
        ? options.states.includes(active) || options.states.includes(sub)
        : options.all || active !== "inactive";
    if (!wanted) continue;
    rows.push([unit.name, "loaded", active, sub, unit.description]);
    marks.push(active === "failed" ? "● " : "  ");
  }
  if (!options.legend) return columnsOrNothing(rows, marks);
  const table = columns([["UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION"], ...rows]);
  const lines = table.map((line, i) => (i === 0 ? "  " : marks[i - 1]) + line);
  const hint =
    options.all || options.states.length > 0 ? "" : " Pass --all to see loaded but inactive units, too.";
  const files =
    options.states.length > 0 ? "" : "\nTo show all installed unit files use 'systemctl list-unit-files'.";
  const legend = rows.length > 0 ? LEGEND : "";
  return `${lines.join("\n")}\n${legend}\n${rows.length} loaded units listed.${hint}${files}`;
}

const columnsOrNothing = (rows: string[][], marks: string[]): string =>
  rows.length === 0
    ? ""
    : columns(rows)
        .map((line, i) => marks[i] + line)
        .join("\n");

export async function listUnitFiles(sys: SysCalls, options: ListOptions): Promise<string> {
  const rows: string[][] = [];
  for (const unit of await chosen(sys, options)) {
    const state = await fileState(sys, unit);
    if (options.states.length === 0 || options.states.includes(state)) {
      rows.push([unit.name, state, state === "static" ? "-" : PRESET]);
    }
  }
  if (!options.legend)
    return columnsOrNothing(
      rows,
      rows.map(() => ""),
    );
  return `${columns([["UNIT FILE", "STATE", "PRESET"], ...rows]).join("\n")}\n\n${rows.length} unit files listed.`;
}
