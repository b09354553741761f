/**
 * The livepatch selftests once more while every function is traced: all
 * transcripts are the same, and what the buffer lost is counted.
 */

import { beforeEverySelftest } from "../livepatch/selftest.ts";

beforeEverySelftest(async (guest) => {
  await guest.write("/sys/kernel/tracing/buffer_size_kb", "64\n");
  await guest.write("/sys/kernel/tracing/current_tracer", "function\n");
});

await import("../livepatch/selftests.test.ts");
