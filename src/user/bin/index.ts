// index.ts - the utilities by name.

import type { Program } from "../sys.ts";
import { basic } from "./basic.ts";
import { streams } from "./cat.ts";
import { date } from "./dates.ts";
import { fileOps } from "./fileOps.ts";
import { grepFamily } from "./grep.ts";
import { ls } from "./ls.ts";
import { processes } from "./processes.ts";
import { sort } from "./sort.ts";
import { system } from "./system.ts";
import { textTools } from "./textTools.ts";
import { users } from "./users.ts";

export const utilities: Record<string, Program> = {
  ...basic,
  ...fileOps,
  ...grepFamily,
  ...processes,
  ...streams,
  ...system,
  ...textTools,
  ...users,
  date,
  ls,
  sort,
};
