// backup.ts - --backup of cp, mv, ln and install: what is there already is moved aside.

import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { lastComponent } from "./basic.ts";
import type { Command } from "./command.ts";

/** For a program's list of options. */
export const BACKUP_OPTIONS = "b ,backup? S:,suffix";

export const BACKUP_HELP = `      --backup[=CONTROL]  make a backup of each existing destination file
  -b                    like --backup but does not accept an argument
  -S, --suffix=SUFFIX   override the usual backup suffix ~`;

/** What there is, each kind with its other name. */
const CONTROLS = [
  ["none", "off"],
  ["simple", "never"],
  ["existing", "nil"],
  ["numbered", "t"],
];

async function control(c: Command): Promise<string> {
  const given = c.value("backup");
  const asked = given || c.env.get("VERSION_CONTROL") || "existing";
  const exact = CONTROLS.find((names) => names.includes(asked));
  const begun = CONTROLS.filter((names) => names.some((name) => name.startsWith(asked)));
  const row = exact ?? (begun.length === 1 ? begun[0] : undefined);
  if (row) return row[0]!;
  const where = given ? "backup type" : "$VERSION_CONTROL";
  const what = begun.length > 1 ? "ambiguous" : "invalid";
  const valid = CONTROLS.map(([a, b]) => `  - ‘${a}’, ‘${b}’`).join("\n");
  return c.usage(`${what} argument ‘${asked}’ for ‘${where}’\nValid arguments are:\n${valid}`);
}

/** The highest N of the backups NAME.~N~; 0 without one. */
async function newest(c: Command, path: string): Promise<number> {
  const dir = path.slice(0, path.length - lastComponent(path).length) || ".";
  const name = lastComponent(path);
  const numbers = (await entries(c.sys, dir)).map(({ name: other }) =>
    other.startsWith(`${name}.~`) ? Number(/^\d+(?=~$)/.exec(other.slice(name.length + 2))?.[0] ?? 0) : 0,
  );
  return Math.max(0, ...numbers);
}

/** What a file that is in the way will be called; null: it is overwritten. */
export async function backupName(c: Command, path: string): Promise<string | null> {
  if (!["b", "backup", "S"].some((option) => c.has(option))) return null;
  const kind = await control(c);
  if (kind === "none") return null;
  const last = kind === "simple" ? 0 : await newest(c, path);
  if (kind === "numbered" || last > 0) return `${path}.~${last + 1}~`;
  return `${path}${c.value("S") || c.env.get("SIMPLE_BACKUP_SUFFIX") || "~"}`;
}

/** Options that contradict each other or make no sense: before anything is done. */
export async function checkBackup(c: Command): Promise<void> {
  await backupName(c, ".");
  const asked = c.has("b") || c.has("backup");
  if (asked && c.has("no-clobber")) await c.usage("options --backup and --no-clobber are mutually exclusive");
}

/**
 * Moves a file aside that is in the way of `source`: what it is called now; nothing when it may be
 * overwritten; null after a complaint.
 */
export async function backUp(c: Command, source: string | null, path: string): Promise<string | null> {
  const to = await backupName(c, path);
  if (to === null) return "";
  const [from, old] = [await attempt(c.sys.stat(source ?? "")), await attempt(c.sys.stat(to))];
  if (from.ok && old.ok && from.value.ino === old.value.ino && from.value.dev === old.value.dev) {
    const verb = c.name === "mv" ? "moved" : "copied";
    await c.warn(`backing up '${path}' might destroy source;  '${source}' not ${verb}`);
    return null;
  }
  const r = await attempt(c.sys.rename(path, to));
  if (r.ok) return to;
  await c.warn(`cannot backup '${path}': ${strerror(r.code)}`);
  return null;
}

/** What -v says of it. */
export const wasBackedUp = (name: string): string => (name === "" ? "" : ` (backup: '${name}')`);
