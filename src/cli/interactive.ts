// interactive.ts - `patchbay sh` in a real terminal: the machine's terminal is this one.
import { login, mountAll, startServices } from "../user/init.ts";
import type { Program } from "../user/sys.ts";
import { exitStatus } from "./batch.ts";
import { makeComputer } from "./boot.ts";
import { checkoutArchive, type Checkout } from "./checkout.ts";
import type { RunOptions } from "./commandLine.ts";
import { addFolders } from "./hostFolder.ts";
import { takeTerminal } from "./terminal.ts";

/** Exit status after a kernel panic. */
const MACHINE_FAILED = 125;

/** Resolves to the exit status of the shell that ends the machine. */
export function runInteractive(checkout: Checkout, options: RunOptions): Promise<number> {
  return new Promise((resolve) => {
    const archive = checkoutArchive(checkout);
    const mountFolders = addFolders(archive, options.mounts, checkout.packed);
    const init: Program = async ({ sys }) => {
      await mountAll(sys);
      await mountFolders(sys);
      await startServices(sys);
      const shell = await sys.fork(login);
      let dead = await sys.wait4(-1, 0);
      while (dead !== null && dead.pid !== shell) dead = await sys.wait4(-1, 0);
      status = exitStatus(dead?.status ?? 0);
      await sys.reboot("power-off");
      return 0;
    };
    let status: number | null = null;
    const computer = makeComputer({
      ...{ checkout, archive, init, cmdline: options.cmdline, realtime: true, disk: options.disk },
      onMachine: () => setImmediate(() => terminal.resize()),
      onOff: (reason) => {
        terminal.giveBack();
        resolve(status ?? (reason === "panic" ? MACHINE_FAILED : 0));
      },
      onOutput: (data) => {
        // After the shell only the kernel's own last words come.
        if (status === null) terminal.write(data.slice());
      },
    });
    const terminal = takeTerminal(() => computer.machine);
    computer.switchOn();
  });
}
