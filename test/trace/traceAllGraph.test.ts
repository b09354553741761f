/** See tracedSelftests.ts. */

import { traceEverySelftest } from "./tracedSelftests.ts";

traceEverySelftest("function_graph");

await import("../livepatch/selftests.test.ts");
