// status.ts - `systemctl status`.
import { attempt } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import { ago, at, bootTime, now, timespan, timestamp } from "./clock.ts";
import { exitText } from "./exitText.ts";
import { serviceEntries, speech } from "./journal.ts";
import { stateOf, title, type ServiceState } from "./service.ts";
import { fileState, type Unit } from "./unit.ts";

/** No distribution preset is shipped, so nothing is enabled unless somebody does it. */
export const PRESET = "disabled";

const BOLD: Record<ServiceState["active"], string> = {
  active: "\x1b[0;1;32m",
  inactive: "",
  failed: "\x1b[0;1;31m",
};
const DOTS: Record<ServiceState["active"], string> = { active: "●", inactive: "○", failed: "×" };

type Paint = (state: ServiceState, text: string) => string;

const paint: Paint = ({ active }, text) => (BOLD[active] === "" ? text : `${BOLD[active]}${text}\x1b[0m`);
const plain: Paint = (_state, text) => text;

const moment = (us: number, present: number): string => `${timestamp(us)}; ${ago(present - us)}`;

function activeText(state: ServiceState, show: Paint): string {
  const { active, sub, result } = state;
  const detail = active === "failed" ? `Result: ${result}` : sub;
  return show(state, `${active} (${detail})`);
}

/** The lines down to the journal's, each with its word set to the right of column 11. */
function describe(state: ServiceState, present: number, show: Paint): [string, string][] {
  const { since, activeSince, unmet, process } = state;
  const rows: [string, string][] = [];
  const sinceText = since === undefined ? "" : ` since ${moment(since, present)}`;
  rows.push(["Active", activeText(state, show) + sinceText]);
  if (state.active === "inactive" && since !== undefined && activeSince !== undefined) {
    rows.push(["Duration", timespan(since - activeSince)]);
  }
  if (unmet) {
    rows.push(["Condition", `start condition unmet at ${moment(unmet.at, present)}`]);
    rows.push(["", `└─ ${unmet.condition} was not met`]);
  }
  if (process) {
    const ended = exitText(process.status);
    rows.push(["Process", `${process.pid} ExecStart=${process.command} (${ended})`]);
    rows.push(["Main PID", `${process.pid} (${ended})`]);
  }
  return rows;
}

export interface StatusOptions {
  /** Lines of the journal. */
  lines: number;
  color: boolean;
}

/** The text for one unit, its last words of this boot below it. */
export async function statusText(sys: SysCalls, unit: Unit, options: StatusOptions): Promise<string> {
  const state = await stateOf(sys, unit);
  const show = options.color ? paint : plain;
  const rows: [string, string][] = [
    ["Loaded", `loaded (${unit.path}; ${await fileState(sys, unit)}; preset: ${PRESET})`],
    ...describe(state, await now(sys), show),
  ];
  const lines = rows.map(([word, text]) => (word === "" ? " ".repeat(13) : `${word.padStart(11)}: `) + text);
  const journal = await lastWords(sys, unit, options.lines);
  return [`${show(state, DOTS[state.active])} ${title(unit)}`, ...lines, ...journal].join("\n");
}

async function lastWords(sys: SysCalls, unit: Unit, count: number): Promise<string[]> {
  const boot = await bootTime(sys);
  const host = (await sys.uname()).nodename;
  const entries = await attempt(serviceEntries(sys));
  if (!entries.ok)
    return ["", "Warning: some journal files were not opened due to insufficient permissions."];
  const all = entries.value.filter((entry) => entry.unit === unit.name && entry.boot === boot);
  const last = count === 0 ? [] : all.slice(-count);
  if (last.length === 0) return [];
  return ["", ...last.map((entry) => `${at("%b %d %H:%M:%S", entry.time)} ${host} ${speech(entry)}`)];
}
