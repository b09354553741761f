// interactive.ts - `patchbay sh` in a real terminal: the machine's terminal is this one.
import { login, mountAll } from "../user/init.ts";
import type { Program } from "../user/sys.ts";
import { exitStatus } from "./batch.ts";
import { makeMachine } from "./boot.ts";
import { checkoutArchive, type Checkout } from "./checkout.ts";

/** Resolves to the shell's exit status. */
export function runInteractive(checkout: Checkout): Promise<number> {
  return new Promise((resolve) => {
    const { stdin, stdout } = process;
    const init: Program = async ({ sys }) => {
      await mountAll(sys);
      const shell = await sys.fork(login);
      let dead = await sys.wait4(-1, 0);
      while (dead !== null && dead.pid !== shell) dead = await sys.wait4(-1, 0);
      status = exitStatus(dead?.status ?? 0);
      await sys.reboot("power-off");
      return 0;
    };
    let status = 0;
    const machine = makeMachine({
      checkout,
      archive: checkoutArchive(checkout),
      init,
      realtime: true,
      onOutput: (data) => void stdout.write(data.slice()),
    });
    const resize = (): void => machine.resize(stdout.rows, stdout.columns);
    machine.onHalt = (reason) => {
      stdin.setRawMode(false);
      stdin.pause();
      stdout.off("resize", resize);
      if (reason === "panic") stdout.write("\r\npatchbay: the machine stopped: panic\r\n");
      resolve(reason === "panic" ? 125 : status);
    };
    // Raw, so that Ctrl-C and Ctrl-Z are the guest's business.
    stdin.setRawMode(true);
    stdin.on("data", (data: Buffer) => machine.input(data));
    stdout.on("resize", resize);
    machine.boot();
    resize();
  });
}
