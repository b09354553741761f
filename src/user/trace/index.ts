// index.ts - the programs of this folder by the name they are started by.
import type { Program } from "../sys.ts";
import { traceCmd } from "./traceCmd.ts";

export const tracePrograms: Record<string, Program> = { "trace-cmd": traceCmd };
