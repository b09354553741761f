// systemctl.ts - the command `systemctl`.
//
// There is no service manager to talk to: what a command asks for is done at
// once by the command itself (service.ts). Texts and exit codes are those of
// systemd 255.
import { attempt } from "../errno.ts";
import { getopt, type Option } from "../kpatch/getopt.ts";
import { tool, type Tool } from "../kpatch/tool.ts";
import { NOT_FOUND, type Call, type Verb } from "./call.ts";
import { forgetFailures, isActive, isFailed, restartAll, startAll, stopAll } from "./jobs.ts";
import { stateOf } from "./service.ts";
import { statusText } from "./status.ts";
import { allUnits, findUnit, fullUnitName } from "./unit.ts";
import { cat, disable, enable, isEnabled } from "./unitFiles.ts";
import { listUnitFiles, listUnits, type ListOptions } from "./unitList.ts";

const HELP = `systemctl [OPTIONS...] COMMAND ...

Query or send control commands to the system manager.

Unit Commands:
  list-units [PATTERN...]             List units currently in memory
  is-active PATTERN...                Check whether units are active
  is-failed [PATTERN...]              Check whether units are failed or
                                      system is in degraded state
  status [PATTERN...]                 Show runtime status of one or more units
  cat PATTERN...                      Show files of one or more units
  start UNIT...                       Start (activate) one or more units
  stop UNIT...                        Stop (deactivate) one or more units
  restart UNIT...                     Start or restart one or more units
  reset-failed [PATTERN...]           Reset failed state for all, one, or more
                                      units

Unit File Commands:
  list-unit-files [PATTERN...]        List installed unit files
  enable [UNIT...|PATH...]            Enable one or more unit files
  disable UNIT...                     Disable one or more unit files
  is-enabled UNIT...                  Check whether unit files are enabled

Manager State Commands:
  daemon-reload                       Reload systemd manager configuration
  is-system-running                   Check whether system is fully running

System Commands:
  halt                                Shut down and halt the system
  poweroff                            Shut down and power-off the system
  reboot                              Shut down and reboot the system

Options:
  -a --all               Show all units currently in memory
     --failed            Shortcut for --state=failed
     --state=STATE       List units with particular LOAD or SUB or ACTIVE state
  -l --full              Don't ellipsize unit names on output
     --no-legend         Do not print a legend (column headers and hints)
     --no-pager          Do not pipe output into a pager
     --now               Start or stop unit after enabling or disabling it
  -n --lines=INTEGER     Number of journal entries to show
  -q --quiet             Suppress output`;

const OPTIONS: Option[] = [
  { short: "a", long: "all" },
  { short: "l", long: "full" },
  { short: "n", long: "lines", arg: "required" },
  { short: "q", long: "quiet" },
  { short: "t", long: "type", arg: "required" },
  { short: "h", long: "help" },
  { long: "failed" },
  { long: "legend", arg: "required" },
  { long: "no-legend" },
  { long: "no-pager" },
  { long: "now" },
  { long: "state", arg: "required" },
  { long: "system" },
  { long: "version" },
];

const status: Verb = async (call) => {
  const { sys, out, err } = call.tool;
  const names =
    call.names.length > 0 ? call.names.map(fullUnitName) : (await allUnits(sys)).map(({ name }) => name);
  const options = { lines: Number(call.options.get("lines") ?? 10), color: await isTerminal(call.tool) };
  let worst = 0;
  for (const [i, name] of names.entries()) {
    const unit = await findUnit(sys, name);
    if (!unit) {
      await err(`Unit ${name} could not be found.`);
      worst ||= NOT_FOUND;
      continue;
    }
    if (i > 0) await out("");
    await out(await statusText(sys, unit, options));
    if ((await stateOf(sys, unit)).active !== "active") worst ||= 3;
  }
  return worst;
};

async function isTerminal({ sys }: Tool): Promise<boolean> {
  return (await attempt(sys.tcgetattr(1))).ok;
}

async function listing(call: Call, list: (sys: Tool["sys"], options: ListOptions) => Promise<string>) {
  const { options } = call;
  const states = options.has("failed") ? ["failed"] : (options.get("state")?.split(",") ?? []);
  const legend = !options.has("no-legend") && options.get("legend") !== "false";
  const text = await list(call.tool.sys, { all: options.has("all"), states, legend, names: call.names });
  if (text !== "") await call.tool.out(text);
  return 0;
}

const isSystemRunning: Verb = async ({ tool }) => {
  for (const unit of await allUnits(tool.sys)) {
    if ((await stateOf(tool.sys, unit)).active !== "failed") continue;
    await tool.out("degraded");
    return 1;
  }
  await tool.out("running");
  return 0;
};

/** The command of that name does it. */
const shutDown =
  (name: string): Verb =>
  ({ tool }) =>
    tool.sys.execve(`/sbin/${name}`, [name], tool.env);

const VERBS: Record<string, Verb> = {
  cat,
  "daemon-reload": async () => 0,
  disable,
  enable,
  "get-default": async ({ tool }) => {
    await tool.out("multi-user.target");
    return 0;
  },
  halt: shutDown("halt"),
  "is-active": isActive,
  "is-enabled": isEnabled,
  "is-failed": isFailed,
  "is-system-running": isSystemRunning,
  "list-unit-files": (call) => listing(call, listUnitFiles),
  "list-units": (call) => listing(call, listUnits),
  poweroff: shutDown("poweroff"),
  reboot: shutDown("reboot"),
  "reset-failed": forgetFailures,
  restart: restartAll,
  start: startAll,
  status,
  stop: stopAll,
};

export const systemctl = tool("systemctl", async (tool) => {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) {
    await tool.err(`systemctl: ${parsed.error}`);
    return 1;
  }
  const options = new Map(parsed.options.map(({ name, value }) => [name, value]));
  if (options.has("help")) return say(tool, HELP);
  if (options.has("version")) return say(tool, "systemd 255 (255)");
  const [name = "list-units", ...names] = parsed.operands;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb) return verb({ tool, names, options });
  await tool.err(`Unknown command verb '${name}'.`);
  return 1;
});

async function say(tool: Tool, text: string): Promise<number> {
  await tool.out(text);
  return 0;
}
