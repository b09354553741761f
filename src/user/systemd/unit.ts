// unit.ts - unit files: where they lie, what they say, whether a boot starts them.
import { basename, exists, listDir, readText } from "../kpatch/io.ts";
import { SysError, type SysCalls } from "../sys.ts";

/** The administrator's come before the distribution's. */
export const UNIT_DIRS = ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system"];

export interface Unit {
  /** With its suffix. */
  name: string;
  path: string;
  description: string;
  /** All values of a key of a section, in order. */
  values: (section: string, key: string) => string[];
}

export const fullUnitName = (name: string): string =>
  /\.(service|target|socket|timer|mount)$/.test(name) ? name : `${name}.service`;

export async function findUnit(sys: SysCalls, name: string): Promise<Unit | null> {
  for (const dir of UNIT_DIRS) {
    const path = `${dir}/${name}`;
    if (await exists(sys, path)) return readUnit(sys, path);
  }
  return null;
}

/** Every service there is a file for, by name. */
export async function allUnits(sys: SysCalls): Promise<Unit[]> {
  const names = new Set<string>();
  for (const dir of UNIT_DIRS) {
    for (const name of await listDir(sys, dir)) if (name.endsWith(".service")) names.add(name);
  }
  const found: Unit[] = [];
  for (const name of [...names].sort()) {
    const unit = await findUnit(sys, name);
    if (unit) found.push(unit);
  }
  return found;
}

async function readUnit(sys: SysCalls, path: string): Promise<Unit> {
  const settings = parseUnit(await readText(sys, path));
  const values = (section: string, key: string) => settings.get(`${section}.${key}`) ?? [];
  const name = basename(path);
  return { name, path, description: values("Unit", "Description").at(-1) ?? name, values };
}

/** Values by `Section.Key`; an empty value forgets those before it. */
function parseUnit(text: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  let section = "";
  for (const line of text
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((each) => each.trim())) {
    const header = /^\[(.*)\]$/.exec(line);
    if (header) section = header[1];
    const setting = /^([^#;=[][^=]*?)\s*=\s*(.*)$/.exec(line);
    if (!setting) continue;
    const key = `${section}.${setting[1]}`;
    settings.set(key, setting[2] === "" ? [] : [...(settings.get(key) ?? []), setting[2]]);
  }
  return settings;
}

/** The links that make a boot start the unit. */
export function wantsLinks(unit: Unit): string[] {
  const targets = unit.values("Install", "WantedBy").flatMap((value) => value.split(/\s+/));
  return targets.map((target) => `/etc/systemd/system/${target}.wants/${unit.name}`);
}

export type UnitFileState = "enabled" | "disabled" | "static";

export async function fileState(sys: SysCalls, unit: Unit): Promise<UnitFileState> {
  const links = wantsLinks(unit);
  if (links.length === 0) return "static";
  for (const link of links) if (await isLink(sys, link)) return "enabled";
  return "disabled";
}

export async function isLink(sys: SysCalls, path: string): Promise<boolean> {
  try {
    await sys.readlink(path);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

/** Words of a command line of a unit file, quotes taken off. */
export function splitCommand(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c);
}
