// main.ts - the command `patchbay`: the same machine as the page's, in Node.
import { openCheckout } from "./checkout.ts";
import { NoDisk } from "./diskFile.ts";
import { readCommandLine, USAGE, type Command } from "./commandLine.ts";
import { runBatch } from "./runBatch.ts";
import { runInteractive } from "./interactive.ts";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

/** Exit status for a command line we cannot read. */
const USAGE_ERROR = 2;

/** Exit status for a disk we cannot use. */
const NO_DISK = 1;

async function run(command: Command): Promise<number> {
  switch (command.kind) {
    case "help":
      console.log(USAGE);
      return 0;
    case "mistake":
      console.error(`patchbay: ${command.text}\n${USAGE}`);
      return USAGE_ERROR;
    case "interactive":
      return runInteractive(openCheckout(__ROOT__), command);
    case "batch":
      return runBatch(openCheckout(__ROOT__), command);
  }
}

// The reader of our output may have gone; nobody is left to complain to.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(141));

try {
  process.exitCode = await run(readCommandLine(process.argv.slice(2), process.stdin.isTTY === true));
} catch (error) {
  if (!(error instanceof NoDisk)) throw error;
  console.error(`patchbay: ${error.message}`);
  process.exitCode = NO_DISK;
}
