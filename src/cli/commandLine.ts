// commandLine.ts - what the user asked for, or what to tell him instead.

export interface MountRequest {
  hostDir: string;
  guestDir: string;
}

export interface RunOptions {
  mounts: MountRequest[];
  /** What the kernel's command line has after our own words. */
  cmdline: string;
  realtime: boolean;
  /** A file of this computer that is the machine's disk. */
  disk: string | null;
  /** How often the machine may boot: after a reboot the command starts again. */
  boots: number;
}

export type Command =
  /** A shell on this terminal. */
  | ({ kind: "interactive" } & RunOptions)
  /** A command of the guest, its three streams connected to ours. */
  | ({ kind: "batch"; argv: string[]; script: string | null } & RunOptions)
  | { kind: "help" }
  | { kind: "mistake"; text: string };

export const USAGE = `usage: patchbay sh [OPTION]... [-c COMMAND [ARGUMENT]...]
       patchbay run [OPTION]... SCRIPT [ARGUMENT]...

  sh   starts a machine and a shell in it; ends with the shell's exit status
  run  starts a machine, runs a script of this computer or of the machine in its
       shell, and ends with the script's exit status

  --mount HOSTDIR:GUESTDIR  shows a folder of this computer in the machine, read-only;
                            a script in it starts in its own directory
  --append WORDS            more words for the kernel's command line
  --disk FILE               what is written to the machine's disk is kept in FILE
  --boots N                 the command starts again after a reboot, N times in all,
                            with BOOT set to 1, 2, ...; without it a reboot ends it
  --realtime                sleeping takes as long as it says, not no time at all;
                            a shell on a terminal always does so`;

const mistake = (text: string): Command => ({ kind: "mistake", text });

export function readCommandLine(args: string[], stdinIsTerminal: boolean): Command {
  const [command, ...rest] = args;
  if (command === "sh") return readSh(rest, stdinIsTerminal);
  if (command === "run") return readRun(rest);
  if (command === undefined || command === "help" || command === "--help" || command === "-h")
    return { kind: "help" };
  return mistake(`unknown command '${command}'`);
}

function readSh(args: string[], stdinIsTerminal: boolean): Command {
  const options = readOptions("sh", args);
  if ("kind" in options) return options;
  const { rest, given } = options;
  const batch = (argv: string[]): Command => ({ kind: "batch", argv, script: null, ...given });
  if (rest.length === 0) return stdinIsTerminal ? { kind: "interactive", ...given } : batch(["bash"]);
  if (rest[0] !== "-c") return mistake(`sh: unknown argument '${rest[0]}'`);
  return rest.length < 2 ? mistake("sh: -c: option requires an argument") : batch(["bash", ...rest]);
}

function readRun(args: string[]): Command {
  const options = readOptions("run", args);
  if ("kind" in options) return options;
  const [script, ...scriptArgs] = options.rest;
  if (script === undefined) return mistake("run: no script given");
  return { kind: "batch", argv: ["bash", script, ...scriptArgs], script, ...options.given };
}

type Options = { rest: string[]; given: RunOptions };

/** The options before the first other word; `-c` is the shell's own. */
function readOptions(command: "sh" | "run", args: string[]): Options | Command {
  const given: RunOptions = { mounts: [], cmdline: "", realtime: false, disk: null, boots: 1 };
  const rest = [...args];
  while (rest[0]?.startsWith("-") && !(command === "sh" && rest[0] === "-c")) {
    const word = rest.shift() as string;
    if (word === "--") break;
    if (word === "--help") return { kind: "help" };
    const [option, inline] = splitOption(word);
    if (option === "--realtime") given.realtime = true;
    else if (isValued(option)) {
      const wrong = take(given, option, inline ?? rest.shift() ?? "");
      if (wrong !== null) return mistake(`${command}: ${wrong}`);
    } else return mistake(`${command}: unknown option '${word}'`);
  }
  return { rest, given };
}

/** `--mount=a:b` has its value with it, `--mount a:b` behind it. */
function splitOption(word: string): [option: string, value: string | undefined] {
  const equals = word.indexOf("=");
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

const VALUED = ["--append", "--mount", "--disk", "--boots"] as const;
type Valued = (typeof VALUED)[number];
const isValued = (option: string): option is Valued => VALUED.some((known) => known === option);

/** Notes the option; what is wrong with its value, or null. */
function take(given: RunOptions, option: Valued, value: string): string | null {
  if (option === "--append") {
    given.cmdline = `${given.cmdline} ${value}`.trim();
    return null;
  }
  if (option === "--disk") {
    given.disk = value;
    return value === "" ? "--disk needs a FILE" : null;
  }
  if (option === "--boots") {
    given.boots = Number(value);
    return /^[1-9]\d*$/.test(value) ? null : `--boots needs a number, not '${value}'`;
  }
  const mount = readMount(value);
  if (!mount) return `--mount needs HOSTDIR:GUESTDIR, not '${value}'`;
  given.mounts.push(mount);
  return null;
}

/** The last colon splits: a host path may have others. */
function readMount(value: string): MountRequest | null {
  const colon = value.lastIndexOf(":");
  if (colon < 1 || value[colon + 1] !== "/") return null;
  return { hostDir: value.slice(0, colon), guestDir: value.slice(colon + 1) };
}
