// rawMode.ts - terminal attributes for a program that reads keys itself.

import { Termios } from "../../kernel-as/abi.ts";

/** Clears flag bits in a word of the termios bytes. */
function clearFlags(modes: Uint8Array, at: number, bits: number): void {
  for (let i = 0; i < 4; i++) modes[at + i] = modes[at + i]! & ~((bits >>> (8 * i)) & 255);
}

/** These attributes without line editing, echo and signal keys; output is left as it is. */
export function rawModes(modes: Uint8Array): Uint8Array {
  const raw = modes.slice();
  clearFlags(raw, Termios.LFLAG, Termios.ICANON | Termios.ECHO | Termios.ISIG | Termios.IEXTEN);
  clearFlags(raw, Termios.IFLAG, Termios.ICRNL | Termios.IXON);
  raw[Termios.CC + Termios.VMIN] = 1;
  raw[Termios.CC + Termios.VTIME] = 0;
  return raw;
}
