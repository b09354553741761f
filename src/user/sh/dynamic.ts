// dynamic.ts - variables that the shell computes: $RANDOM, $LINENO, $SECONDS, …

import { ShellError } from "./errors.ts";
import { commandText } from "./printCommand.ts";
import type { Shell } from "./shell.ts";

/** True when a text mentions a variable that needs the time. */
export const NEEDS_CLOCK = /SECONDS|EPOCH/;

export async function refreshClock(sh: Shell): Promise<void> {
  sh.clock = { epochNs: await sh.sys.clockGettime(0), bootNs: await sh.sys.clockGettime(1) };
}

function nextRandom(sh: Shell): string {
  // The generator of POSIX's example, as older bash; seeded by the pid, since
  // nothing in the machine may be random.
  sh.random = (Math.imul(sh.random, 1103515245) + 12345) & 0x7fffffff;
  return String((sh.random >>> 16) & 32767);
}

export function dynamicVariable(sh: Shell, name: string): string | undefined {
  switch (name) {
    case "RANDOM":
      return nextRandom(sh);
    case "LINENO":
      return String(sh.line);
    case "SECONDS":
      return String(Math.floor(sh.clock.bootNs / 1e9) - sh.secondsBase);
    case "EPOCHSECONDS":
      return String(Math.floor(sh.clock.epochNs / 1e9));
    case "EPOCHREALTIME":
      return (sh.clock.epochNs / 1e9).toFixed(6);
    case "BASHPID":
      return String(sh.sys.pid);
    case "BASH_SUBSHELL":
      return String(sh.level);
    case "FUNCNAME":
      return sh.frames.at(-1)?.func;
    case "BASH_SOURCE":
      return sh.frames.at(-1)?.source ?? sh.scriptName ?? undefined;
    case "BASH_LINENO":
      return sh.frames.at(-1)?.line.toString();
    case "SHELLOPTS":
      return Object.entries(sh.opts)
        .filter(([, on]) => on)
        .map(([n]) => n)
        .join(":");
    case "BASHOPTS":
      return Object.entries(sh.shopts)
        .filter(([, on]) => on)
        .map(([n]) => n)
        .join(":");
    case "BASH_COMMAND":
      return typeof sh.traps.command === "string" ? sh.traps.command : commandText(sh.traps.command);
    default:
      return undefined;
  }
}

/** The whole array, for the dynamic variables that are arrays. */
export function dynamicArray(sh: Shell, name: string): string[] | null {
  if (sh.vars.plain.has(name)) return null;
  const frames = [...sh.frames].reverse();
  const main = sh.scriptName !== null;
  switch (name) {
    case "PIPESTATUS":
      return sh.pipeStatus.map(String);
    case "FUNCNAME":
      if (frames.length === 0) return [];
      return [...frames.map((f) => f.func), ...(main ? ["main"] : [])];
    case "BASH_SOURCE":
      return [...frames.map((f) => f.source), ...(main ? [sh.scriptName!] : [])];
    case "BASH_LINENO":
      return frames.length === 0 ? [] : [...frames.map((f) => String(f.line)), ...(main ? ["0"] : [])];
    case "DIRSTACK":
      return [sh.directory, ...sh.directoryStack];
    case "GROUPS":
      return ["0"];
    default:
      return null;
  }
}

/** Assignments that mean something else; true when done. */
export function assignDynamic(sh: Shell, name: string, value: string): boolean {
  switch (name) {
    case "RANDOM":
      sh.random = Number(BigInt.asUintN(31, sh.arith(value)));
      return true;
    case "SECONDS":
      sh.secondsBase = Math.floor(sh.clock.bootNs / 1e9) - Number(sh.arith(value));
      return true;
    case "OPTIND":
      sh.getoptsAt = 1;
      return false;
    case "PATH":
      sh.hash.clear();
      return false;
    case "SHELLOPTS":
    case "BASHOPTS":
      throw new ShellError(`${name}: readonly variable`);
    case "FUNCNAME":
    case "BASH_SOURCE":
    case "BASH_LINENO":
    case "GROUPS":
    case "PIPESTATUS":
    case "BASH_COMMAND":
      return true;
    default:
      return false;
  }
}
