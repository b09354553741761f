// index.ts - the utilities by name.

import type { Program } from "../sys.ts";
import { awk } from "./awk/main.ts";
import { basic } from "./basic.ts";
import { calendars } from "./cal.ts";
import { streams } from "./cat.ts";
import { copying } from "./copy.ts";
import { date } from "./dates.ts";
import { ddProgram } from "./dd.ts";
import { df } from "./df.ts";
import { comparing } from "./diff.ts";
import { digests } from "./digest.ts";
import { du } from "./du.ts";
import { dumps } from "./dump.ts";
import { expr } from "./expr.ts";
import { fileOps } from "./fileOps.ts";
import { find } from "./find.ts";
import { findmnt } from "./findmnt.ts";
import { grepFamily } from "./grep.ts";
import { hd, hexdump } from "./hexdump.ts";
import { inspect } from "./inspect.ts";
import { less, more } from "./less/main.ts";
import { linkCalls } from "./linkCalls.ts";
import { load } from "./load.ts";
import { joining } from "./join.ts";
import { logging } from "./logger.ts";
import { lscpu } from "./lscpu.ts";
import { lsof } from "./lsof.ts";
import { ls } from "./ls.ts";
import { aproposProgram, man, whatis } from "./man/main.ts";
import { nano } from "./nano/main.ts";
import { numbers } from "./numbers.ts";
import { ordering } from "./order.ts";
import { kexec } from "./kexec.ts";
import { ping } from "./ping/main.ts";
import { power } from "./power.ts";
import { mkfifo, mknod } from "./nodes.ts";
import { processes } from "./processes.ts";
import { runners } from "./runners.ts";
import { sed } from "./sed.ts";
import { sessionPrograms } from "./sessions.ts";
import { shuf } from "./shuf.ts";
import { sort } from "./sort.ts";
import { splitting } from "./split.ts";
import { system } from "./system.ts";
import { tabs } from "./tabs.ts";
import { textTools } from "./textTools.ts";
import { top } from "./top.ts";
import { users } from "./users.ts";
import { vi, view, vim } from "./vi/main.ts";
import { vmstat } from "./vmstat.ts";
import { xargs } from "./xargs.ts";
import { xxd } from "./xxd.ts";

export const utilities: Record<string, Program> = {
  ...basic,
  ...calendars,
  ...comparing,
  ...copying,
  ...ddProgram,
  ...digests,
  ...dumps,
  ...fileOps,
  ...grepFamily,
  ...inspect,
  ...linkCalls,
  ...load,
  ...joining,
  ...logging,
  ...numbers,
  ...ordering,
  ...power,
  ...processes,
  ...runners,
  ...sessionPrograms,
  ...splitting,
  ...streams,
  ...system,
  ...tabs,
  ...textTools,
  ...users,
  apropos: aproposProgram,
  awk,
  date,
  df,
  du,
  expr,
  find,
  findmnt,
  hd,
  hexdump,
  less,
  kexec,
  ls,
  lscpu,
  lsof,
  man,
  mkfifo,
  mknod,
  more,
  nano,
  ping,
  sed,
  shuf,
  sort,
  top,
  vi,
  view,
  vim,
  vmstat,
  whatis,
  xargs,
  xxd,
};
