/** A script of the guest's shell, run from its start to its end in a machine of its own. */

import { batchInit } from "../src/cli/batch.ts";
import { makeComputer } from "../src/cli/boot.ts";
import { checkoutArchive, openCheckout } from "../src/cli/checkout.ts";
import type { MountRequest } from "../src/cli/commandLine.ts";
import { addFolders } from "../src/cli/hostFolder.ts";
import type { BootArchive } from "../src/machine/bootArchive.ts";

export const checkout = openCheckout(new URL("..", import.meta.url).pathname);

export interface Play {
  argv: string[];
  /** More words for the kernel's command line. */
  cmdline?: string;
  mounts?: MountRequest[];
  /** The root file system, when there is more in it. */
  archive?: BootArchive;
}

/** Everything it prints on both streams, and its exit status. */
export function play({
  argv,
  cmdline = "",
  mounts = [],
  archive = checkoutArchive(checkout),
}: Play): Promise<{ text: string; status: number }> {
  const prepare = addFolders(archive, mounts, checkout.packed);
  const decoder = new TextDecoder();
  return new Promise((resolve, reject) => {
    let text = "";
    let console = "";
    const init = batchInit({
      argv,
      prepare,
      streams: {
        write: (_fd, data) => void (text += decoder.decode(data, { stream: true })),
        inputEnded: true,
      },
      finished: (status) => resolve({ text, status }),
    });
    const fail = (why: string): void => reject(new Error(`${why}\n${text}\n${console}`));
    const computer = makeComputer({
      ...{ checkout, archive, init, cmdline, realtime: false, disk: null, boots: 1 },
      onOutput: (data) => void (console += new TextDecoder().decode(data)),
      onMachine: (machine) => (machine.onQuiet = () => fail("every task waits for ever")),
      onOff: (reason) => fail(`the machine stopped: ${reason}`),
    });
    computer.switchOn();
  });
}
