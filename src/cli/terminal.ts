// terminal.ts - this terminal, lent to a machine.
import type { Machine } from "../machine/machine.ts";
import { TerminalModes } from "./terminalModes.ts";

/** What ends us from outside, and the status that says so. */
const DEADLY = { SIGHUP: 129, SIGTERM: 143 } as const;

/** A terminal that does not tell its size. */
const [ROWS, COLUMNS] = [24, 80];

export interface Terminal {
  write(data: Uint8Array): void;
  /** Tells the machine how big the terminal is. */
  resize(): void;
  /** The terminal is as it was before. */
  giveBack(): void;
}

/** Keys, size and signals go to the machine of the moment until the terminal is given back. */
export function takeTerminal(machine: () => Machine): Terminal {
  const { stdin, stdout } = process;
  const modes = new TerminalModes();
  const type = (data: Buffer): void => machine().input(data);
  const resize = (): void => machine().resize(stdout.rows ?? ROWS, stdout.columns ?? COLUMNS);
  /** Who stopped us has set the terminal his own way. */
  const goOn = (): void => {
    stdin.setRawMode(false);
    stdin.setRawMode(true);
    resize();
  };
  const die = (signal: keyof typeof DEADLY): void => process.exit(DEADLY[signal]);
  const hangUp = (): void => die("SIGHUP");
  const restore = (): void => {
    stdin.setRawMode(false);
    stdout.write(modes.undo());
  };
  // Raw, so that Ctrl-C and Ctrl-Z are the guest's business.
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on("data", type);
  stdin.on("end", hangUp);
  stdout.on("resize", resize);
  process.on("SIGCONT", goOn);
  process.on("SIGHUP", die);
  process.on("SIGTERM", die);
  // Also when we crash.
  process.on("exit", restore);
  return {
    write: (data) => {
      modes.see(data);
      stdout.write(data);
    },
    resize,
    giveBack: () => {
      restore();
      stdin.pause();
      stdin.off("data", type);
      stdin.off("end", hangUp);
      stdout.off("resize", resize);
      process.off("SIGCONT", goOn);
      process.off("SIGHUP", die);
      process.off("SIGTERM", die);
      process.off("exit", restore);
    },
  };
}
