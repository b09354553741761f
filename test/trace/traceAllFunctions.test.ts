/** See tracedSelftests.ts. */

import { traceEverySelftest } from "./tracedSelftests.ts";

traceEverySelftest("function");

await import("../livepatch/selftests.test.ts");
