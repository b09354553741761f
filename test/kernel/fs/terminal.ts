import { Open, Termios } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { bootWith } from "../../boot.ts";

/** A key press, or a new window size. */
export type Key = string | { rows: number; cols: number };

export interface Terminal<T> {
  result: T;
  /** Everything the terminal showed. */
  screen: string;
  /** How many of the keys were typed. */
  typed: number;
}

const encoder = new TextEncoder();

/**
 * Boots a session leader on the terminal that runs `body`. Whenever every task
 * waits for ever, the next of `keys` is typed.
 */
export function atTerminal<T>(keys: Key[], body: (sys: SysCalls) => Promise<T>): Promise<Terminal<T>> {
  return new Promise((resolve, reject) => {
    const rest = [...keys];
    const { machine, output } = bootWith(async ({ sys }) => {
      const leader = await sys.fork(async (child) => {
        try {
          await child.setsid();
          const fd = await child.open("/dev/tty1", Open.RDWR);
          for (const target of [0, 1, 2]) await child.dup2(fd, target);
          const result = await body(child);
          resolve({ result, screen: output(), typed: keys.length - rest.length });
        } catch (error) {
          reject(error as Error);
        }
        return 0;
      });
      while ((await sys.wait4(-1, 0))?.pid !== leader);
      await sys.reboot("power-off");
      return 0;
    });
    machine.onQuiet = () => {
      const key = rest.shift();
      if (key === undefined) reject(new Error(`nothing more to type:\n${output()}`));
      else if (typeof key === "string") machine.input(encoder.encode(key));
      else machine.resize(key.rows, key.cols);
    };
  });
}

/** Changes local flags of the terminal. */
export async function setFlags(
  sys: SysCalls,
  clear: number,
  set = 0,
  cc: [number, number][] = [],
): Promise<void> {
  const attr = await sys.tcgetattr(0);
  const view = new DataView(attr.buffer, attr.byteOffset);
  const flags = view.getUint32(Termios.LFLAG, true);
  view.setUint32(Termios.LFLAG, (flags & ~clear) | set, true);
  for (const [index, value] of cc) attr[Termios.CC + index] = value;
  await sys.tcsetattr(0, 0, attr);
}
