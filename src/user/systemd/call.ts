// call.ts - what the verbs of systemctl get, and how they go over units.
import { Exit, type Tool } from "../kpatch/tool.ts";
import { findUnit, fullUnitName, type Unit } from "./unit.ts";

export interface Call {
  tool: Tool;
  names: string[];
  options: Map<string, string>;
}

export type Verb = (call: Call) => Promise<number>;

/** Exit status when there is no such unit. */
export const NOT_FOUND = 4;

/** Names of the operands made whole; complains when there are none. */
export async function units(call: Call): Promise<string[]> {
  if (call.names.length > 0) return call.names.map(fullUnitName);
  await call.tool.err("Too few arguments.");
  throw new Exit(1);
}

export async function onEach(
  call: Call,
  act: (unit: Unit) => Promise<number>,
  missing: (name: string) => string,
): Promise<number> {
  let status = 0;
  for (const name of await units(call)) {
    const unit = await findUnit(call.tool.sys, name);
    if (unit) status ||= await act(unit);
    else {
      await call.tool.err(missing(name));
      status ||= 5;
    }
  }
  return status;
}

/** Who may change something is root; says so and ends the program. */
export async function needRoot({ tool }: Call, what: string, status: number): Promise<void> {
  if ((await tool.sys.geteuid()) === 0) return;
  await tool.err(`Failed to ${what}: Access denied`);
  throw new Exit(status);
}
