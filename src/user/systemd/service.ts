// service.ts - starting and stopping a service, and what is known of it since.
//
// systemd's pid 1 does this and remembers it. Here whoever starts a service
// runs it to its end and leaves what came of it in /run. So only services that
// end before they count as started (Type=oneshot) can be run.
import { Open } from "../../../kernel-as/abi.ts";
import { exists, makeDirs, readAttr, readText, writeFile } from "../kpatch/io.ts";
import { strerror } from "../strerror.ts";
import { SysError, type SysCalls } from "../sys.ts";
import { linesOf } from "../bin/command.ts";
import { now } from "./clock.ts";
import { exitNotice, resultOf } from "./exitText.ts";
import { say } from "./journal.ts";
import { splitCommand, type Unit } from "./unit.ts";

export interface ServiceState {
  active: "active" | "inactive" | "failed";
  sub: "exited" | "dead" | "failed";
  /** Since when it is so. */
  since?: number;
  /** When it became active, while that is what its last run came to. */
  activeSince?: number;
  result: string;
  /** Its last process. */
  process?: { pid: number; command: string; status: number };
  /** The condition that kept it from starting, and when. */
  unmet?: { condition: string; at: number };
}

const STATES = "/run/systemd/units";
const DEAD: ServiceState = { active: "inactive", sub: "dead", result: "success" };

export async function stateOf(sys: SysCalls, unit: Unit): Promise<ServiceState> {
  const path = `${STATES}/${unit.name}`;
  return (await exists(sys, path)) ? (JSON.parse(await readText(sys, path)) as ServiceState) : DEAD;
}

async function setState(sys: SysCalls, unit: Unit, state: ServiceState): Promise<void> {
  await makeDirs(sys, STATES);
  await writeFile(sys, `${STATES}/${unit.name}`, JSON.stringify(state));
}

/** As `kpatch.service - "Apply kpatch kernel patches"`. */
export const title = ({ name, description }: Unit): string => `${name} - ${description}`;

const announce = (sys: SysCalls, { name }: Unit, message: string, priority = 6): Promise<void> =>
  say(sys, { identifier: "systemd", pid: 1, unit: name, message, priority });

const ERR = 3;
const WARNING = 4;
const NOTICE = 5;

export type Outcome = "done" | "failed" | "refused";

/** Does nothing when it is active, or when a condition is not met: that is no failure. */
export async function start(sys: SysCalls, unit: Unit): Promise<Outcome> {
  const before = await stateOf(sys, unit);
  if (before.active === "active") return "done";
  if (unit.values("Service", "Type").at(-1) !== "oneshot") return "refused";
  const condition = await unmetCondition(sys, unit);
  if (condition !== null) {
    await announce(
      sys,
      unit,
      `${title(unit)} was skipped because of an unmet condition check (${condition}).`,
    );
    await setState(sys, unit, { ...before, unmet: { condition, at: await now(sys) } });
    return "done";
  }
  await announce(sys, unit, `Starting ${title(unit)}...`);
  const state = await runAll(sys, unit, unit.values("Service", "ExecStart"));
  await setState(sys, unit, state);
  if (state.active === "failed") return "failed";
  if (state.sub === "dead") await announce(sys, unit, `${unit.name}: Deactivated successfully.`);
  await announce(sys, unit, `Finished ${title(unit)}.`);
  return "done";
}

export async function stop(sys: SysCalls, unit: Unit): Promise<void> {
  const state = await stateOf(sys, unit);
  if (state.active !== "active") return;
  const commands = unit.values("Service", "ExecStop");
  if (commands.length > 0) await announce(sys, unit, `Stopping ${title(unit)}...`);
  for (const line of commands) await runCommand(sys, unit, line);
  await announce(sys, unit, `${unit.name}: Deactivated successfully.`);
  await announce(sys, unit, `Stopped ${title(unit)}.`);
  await setState(sys, unit, { ...state, active: "inactive", sub: "dead", since: await now(sys) });
}

/** Forgets a failure. */
export async function resetFailed(sys: SysCalls, unit: Unit): Promise<void> {
  if ((await stateOf(sys, unit)).active === "failed") await setState(sys, unit, DEAD);
}

/** The setting of the first condition that does not hold. */
async function unmetCondition(sys: SysCalls, unit: Unit): Promise<string | null> {
  const words = ((await readAttr(sys, "/proc/cmdline")) ?? "").split(/\s+/);
  const checks: Record<string, (value: string) => Promise<boolean> | boolean> = {
    ConditionKernelCommandLine: (value) =>
      words.some((word) => word === value || (!value.includes("=") && word.startsWith(`${value}=`))),
    ConditionPathExists: (value) => exists(sys, value),
  };
  for (const [key, holds] of Object.entries(checks)) {
    for (const value of unit.values("Unit", key)) {
      const negated = value.startsWith("!");
      if ((await holds(negated ? value.slice(1) : value)) === negated) return `${key}=${value}`;
    }
  }
  return null;
}

async function runAll(sys: SysCalls, unit: Unit, commands: string[]): Promise<ServiceState> {
  let process: ServiceState["process"];
  for (const line of commands) {
    process = await runCommand(sys, unit, line);
    if (process.status === 0 || line.startsWith("-")) continue;
    return fail(sys, unit, process);
  }
  const remains = unit.values("Service", "RemainAfterExit").at(-1) === "yes";
  const since = await now(sys);
  const state: ServiceState = remains
    ? { active: "active", sub: "exited", since, activeSince: since, result: "success" }
    : { ...DEAD, since };
  return { ...state, process };
}

type Process = NonNullable<ServiceState["process"]>;

async function fail(sys: SysCalls, unit: Unit, process: Process): Promise<ServiceState> {
  const result = resultOf(process.status);
  await announce(sys, unit, `${unit.name}: Main process exited, ${exitNotice(process.status)}`, NOTICE);
  await announce(sys, unit, `${unit.name}: Failed with result '${result}'.`, WARNING);
  await announce(sys, unit, `Failed to start ${title(unit)}.`, ERR);
  return { active: "failed", sub: "failed", since: await now(sys), result, process };
}

const ENV = new Map([
  ["LANG", "C.UTF-8"],
  ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"],
]);

/** Exit status when a program cannot be started. */
const EXIT_EXEC = 203;

/** Runs one Exec line to its end; each line it prints goes to the journal. */
async function runCommand(sys: SysCalls, unit: Unit, line: string): Promise<Process> {
  const command = line.replace(/^[-@:+!]+/, "");
  const argv = splitCommand(command);
  const identifier = argv[0].replace(/^.*\//, "");
  const [reader, writer] = await sys.pipe2(Open.CLOEXEC);
  const pid = await sys.fork((child) => execute(child, unit, argv, writer));
  await sys.close(writer);
  for await (const { text } of linesOf(sys, reader)) {
    await say(sys, { identifier, pid, unit: unit.name, message: text });
  }
  await sys.close(reader);
  const ended = await sys.wait4(pid, 0);
  return { pid, command, status: ended?.status ?? 0 };
}

async function execute(sys: SysCalls, unit: Unit, argv: string[], output: number): Promise<number> {
  await sys.setsid();
  await sys.dup2(await sys.open("/dev/null", Open.RDONLY), 0);
  for (const fd of [1, 2]) await sys.dup2(output, fd);
  await sys.chdir("/");
  try {
    return await sys.execve(argv[0], argv, ENV);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const message = `${unit.name}: Failed at step EXEC spawning ${argv[0]}: ${strerror(error.code)}`;
    await say(sys, { identifier: "systemd", pid: sys.pid, unit: unit.name, message, priority: ERR });
    return EXIT_EXEC;
  }
}
