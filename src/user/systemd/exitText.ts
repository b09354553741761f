// exitText.ts - how a process ended, in systemd's words.
import { signalName } from "../signals.ts";

const NAMES: Record<number, string> = {
  0: "SUCCESS",
  1: "FAILURE",
  2: "INVALIDARGUMENT",
  3: "NOTIMPLEMENTED",
  4: "NOPERMISSION",
  5: "NOTINSTALLED",
  6: "NOTCONFIGURED",
  7: "NOTRUNNING",
  203: "EXEC",
};

const signalOf = (status: number): number => status & 0x7f;

/** `code=exited, status=1/FAILURE`, of wait4's status. */
export function exitText(status: number): string {
  const signal = signalOf(status);
  if (signal !== 0) return `code=killed, signal=${signalName(signal)}`;
  const code = (status >> 8) & 0xff;
  const name = NAMES[code] as string | undefined;
  return `code=exited, status=${code}${name === undefined ? "" : `/${name}`}`;
}

/** In the journal a signal has its number too. */
export function exitNotice(status: number): string {
  const signal = signalOf(status);
  return signal === 0 ? exitText(status) : `code=killed, status=${signal}/${signalName(signal)}`;
}

export const resultOf = (status: number): string =>
  status === 0 ? "success" : signalOf(status) === 0 ? "exit-code" : "signal";
