// waitStatus.ts - what wait4's status says.

export type Ending =
  | { kind: "exited"; code: number }
  | { kind: "signaled"; signal: number }
  | { kind: "stopped"; signal: number }
  | { kind: "continued" };

export function decodeStatus(status: number): Ending {
  if (status === 0xffff) return { kind: "continued" };
  if ((status & 0xff) === 0x7f) return { kind: "stopped", signal: (status >> 8) & 0xff };
  if ((status & 0x7f) !== 0) return { kind: "signaled", signal: status & 0x7f };
  return { kind: "exited", code: (status >> 8) & 0xff };
}

/** $? for a status. */
export function exitCode(status: number): number {
  const e = decodeStatus(status);
  if (e.kind === "exited") return e.code;
  return e.kind === "continued" ? 0 : 128 + e.signal;
}
