// commandLine.ts - what the user asked for, or what to tell him instead.

export interface MountRequest {
  hostDir: string;
  guestDir: string;
}

export type Command =
  /** A shell on this terminal. */
  | { kind: "interactive" }
  /** A command of the guest, its three streams connected to ours. */
  | { kind: "batch"; argv: string[]; script: string | null; mounts: MountRequest[]; realtime: boolean }
  | { kind: "help" }
  | { kind: "mistake"; text: string };

export const USAGE = `usage: patchbay sh [-c COMMAND]
       patchbay run [--mount HOSTDIR:GUESTDIR]... [--realtime] SCRIPT [ARGUMENT]...

  sh   starts a machine and a shell in it; ends with the shell's exit status
  run  starts a machine, runs a script of this computer in its shell, and ends
       with the script's exit status; time is virtual unless --realtime is given

  --mount HOSTDIR:GUESTDIR  shows a folder of this computer in the machine, read-only
  --realtime                sleeping takes as long as it says`;

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
  const batch = (argv: string[]): Command => ({
    kind: "batch",
    argv,
    script: null,
    mounts: [],
    realtime: false,
  });
  if (args.length === 0) return stdinIsTerminal ? { kind: "interactive" } : batch(["bash"]);
  if (args[0] === "--help") return { kind: "help" };
  if (args[0] !== "-c") return mistake(`sh: unknown argument '${args[0]}'`);
  return args.length < 2 ? mistake("sh: -c: option requires an argument") : batch(["bash", ...args]);
}

function readRun(args: string[]): Command {
  const mounts: MountRequest[] = [];
  let realtime = false;
  const rest = [...args];
  while (rest[0]?.startsWith("-")) {
    const option = rest.shift() as string;
    if (option === "--") break;
    if (option === "--help") return { kind: "help" };
    if (option === "--realtime") realtime = true;
    else if (option === "--mount" || option.startsWith("--mount=")) {
      const value = option === "--mount" ? rest.shift() : option.slice("--mount=".length);
      const mount = readMount(value);
      if (!mount) return mistake(`run: --mount needs HOSTDIR:GUESTDIR, not '${value ?? ""}'`);
      mounts.push(mount);
    } else return mistake(`run: unknown option '${option}'`);
  }
  const [script, ...scriptArgs] = rest;
  if (script === undefined) return mistake("run: no script given");
  return { kind: "batch", argv: ["bash", script, ...scriptArgs], script, mounts, realtime };
}

/** The last colon splits: a host path may have others. */
function readMount(value: string | undefined): MountRequest | null {
  const colon = value?.lastIndexOf(":") ?? -1;
  if (value === undefined || colon < 1 || value[colon + 1] !== "/") return null;
  return { hostDir: value.slice(0, colon), guestDir: value.slice(colon + 1) };
}
