/** One patch build in a process of its own; prints its time as JSON. */

import { nodeLoad } from "./engines.ts";
import { buildCold, type BuildInput } from "./inside/build.ts";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

const input = JSON.parse(process.argv[2]!) as BuildInput;
// performance.now() counts from the start of the process.
console.log(JSON.stringify(await buildCold(input, nodeLoad(__ROOT__), 0)));
process.exit(0);
