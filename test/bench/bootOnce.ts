/** One boot in a process of its own; prints its times as JSON. */

import { nodeLoad } from "./engines.ts";
import { boot } from "./inside/boot.ts";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

console.log(JSON.stringify(await boot({}, nodeLoad(__ROOT__))));
process.exit(0);
