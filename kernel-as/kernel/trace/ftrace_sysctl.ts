// ftrace_sysctl.ts - kernel.ftrace_enabled.
//
// Since 7.3 it is always 1 and cannot be cleared. ftrace.switch=1 on the
// command line brings back what it did until 7.2: it turned every callback
// off, unless a livepatch was there.
// Mirrors ftrace_enable_sysctl() of Linux kernel/trace/ftrace.c.

import { Errno, Limits } from "../../abi";
import { register_kern_sysctl } from "../../fs/proc/proc_sysctl";
import { kstrto_value, kstrtoint } from "../../lib/kstrtox";
import { snprintf } from "../../lib/vsprintf";
import { cmdline_number, saved_command_line } from "../cmdline";
import { pr_warn } from "../printk/printk";
import { unwind_current } from "../sched/core";
import { CtlTable, ctl_init } from "../sysctl";
import { calls_followed } from "./call_stack";
import { fgraph_drop_all } from "./fgraph";
import { ftrace_enabled, ftrace_set_enabled } from "./ftrace";

const ctl = memory.data(offsetof<CtlTable>(), 4);
let warned: bool = false;

function ftrace_enabled_get(_ctl: CtlTable, buf: usize): i32 {
  const v = ftrace_enabled ? 1 : 0;
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%d\n", v);
}

/** Whether the value still does something. */
function is_switch(): bool {
  return cmdline_number(saved_command_line, "ftrace.switch", 0) != 0;
}

/** While ftrace is off, calls begin and end unseen. */
function ftrace_switch(on: bool): i32 {
  if (on == ftrace_enabled) return 0;
  const err = ftrace_set_enabled(on);
  if (err != 0) return err;
  if (!on) fgraph_drop_all();
  else if (calls_followed) unwind_current();
  return 0;
}

function ftrace_enabled_set(_ctl: CtlTable, text: usize): i32 {
  if (kstrtoint(text, 0) != 0) return -Errno.EINVAL;
  const on = kstrto_value != 0;
  if (on || is_switch()) return ftrace_switch(on);
  if (!warned) {
    warned = true;
    pr_warn(
      "The ftrace_enabled file is deprecated and no longer disables ftrace\n",
    );
  }
  return -Errno.EOPNOTSUPP;
}

export function ftrace_sysctl_init(): void {
  const table = changetype<CtlTable>(ctl);
  register_kern_sysctl(
    ctl_init(
      table,
      "ftrace_enabled",
      0o644,
      ftrace_enabled_get,
      ftrace_enabled_set,
    ),
  );
}
