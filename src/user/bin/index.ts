// index.ts - the utilities by name.

import type { Program } from "../sys.ts";

export const utilities: Record<string, Program> = {};
